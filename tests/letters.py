"""An approved issue and its readers, made directly: for tests of what happens after compiling."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import (
    Approval,
    Database,
    Delivery,
    DeliveryState,
    Edition,
    Issue,
    IssueRevision,
    IssueState,
    Subscriber,
    SubscriberState,
)
from newsletter.addressing import address_key
from newsletter.editions import edition_hash
from newsletter.keys import Keys
from newsletter.message import (
    PREFERENCES_SLOT,
    UNSUBSCRIBE_SLOT,
    Content,
    Letterhead,
    encode_edition,
)
from newsletter.office import PostOffice

NOW = datetime(2026, 12, 14, 8, 0, tzinfo=UTC)
KEYS = Keys("a key of the tests, forty characters long")
HEAD = Letterhead(
    sender="ISCM Highlights <highlights@iscm.example>", reply_to=None, base_url="http://127.0.0.1:8000"
)
CODE = "2017"


def office_of(database: Database, folder: Path, *, clock: Callable[[], datetime] = lambda: NOW) -> PostOffice:
    """Return a post office on the test's own folder."""
    return PostOffice(
        database=database,
        keys=KEYS,
        letterhead=HEAD,
        bounce_domain="bounces.example",
        journals=folder / "journal",
        clock=clock,
    )


def add_issue(
    session: Session,
    *,
    code: str = CODE,
    languages: Sequence[str] = ("en",),
    state: IssueState = IssueState.APPROVED,
    padding: int = 0,
    head: Letterhead = HEAD,
) -> Issue:
    """Add an approved issue with one edition for each language, its letters `padding` bytes longer."""
    issue = Issue(code=code, year=int(code[:4]), state=state, created_at=NOW)
    session.add(issue)
    session.flush()
    revision = IssueRevision(issue_id=issue.id, number=1, tree={}, options={}, hash="0" * 64, compiled_at=NOW)
    session.add(revision)
    session.flush()
    approval = Approval(
        issue_id=issue.id, revision_id=revision.id, editor="editor", hash="0" * 64, at=NOW, audience=0
    )
    session.add(approval)
    session.flush()
    for language in languages:
        session.add(_edition(approval, code=code, language=language, padding=padding, head=head))
    session.flush()
    return issue


def add_readers(
    session: Session,
    number: int,
    *,
    state: SubscriberState = SubscriberState.CONFIRMED,
    language: str = "en",
    name: str = "reader",
) -> list[str]:
    """Add subscribers named reader1@example.org and so on; return their addresses."""
    addresses = [f"{name}{count}@example.org" for count in range(1, number + 1)]
    session.execute(
        insert(Subscriber),
        [
            {
                "address": address,
                "address_key": address_key(address),
                "language": language,
                "state": state,
                "created_at": NOW,
            }
            for address in addresses
        ],
    )
    return addresses


def ready_to_send(database: Database, readers: int, *, padding: int = 0) -> list[str]:
    """Add an approved issue and confirmed readers; return their addresses."""
    with database.writing() as session:
        add_issue(session, padding=padding)
        return add_readers(session, readers)


def states(database: Database) -> dict[str, DeliveryState]:
    """Return the state of each delivery by its address."""
    with database.reading() as session:
        return {row.address: row.state for row in session.query(Delivery)}


def _edition(approval: Approval, *, code: str, language: str, padding: int, head: Letterhead) -> Edition:
    links = f"{head.base_url}/u/{UNSUBSCRIBE_SLOT} {head.base_url}/p/{PREFERENCES_SLOT}"
    content = Content(
        issue=code,
        language=language,
        subject=f"ISCM Highlights {code} ({language})",
        html=f"<p>{'é' * (padding // 6)}</p><p>{links}</p>",
        text=f"Highlights\n{links}\n",
    )
    edition = Edition(
        approval_id=approval.id,
        language=language,
        subject=content.subject,
        html=content.html,
        text=content.text,
        web="<p>web</p>",
        message=encode_edition(content, head),
    )
    edition.hash = edition_hash(edition)
    return edition
