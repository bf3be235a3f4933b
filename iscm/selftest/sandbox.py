"""The sandbox: an issue that may be sent, its readers, and where its journals are. Nothing of the user's."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import (
    Approval,
    Database,
    Edition,
    Issue,
    IssueRevision,
    IssueState,
    Subscriber,
    SubscriberState,
)
from models.issue import InDoubtPolicy
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

CODE: Final = "2017"
LANGUAGES: Final = ("en", "fr")

_KEYS: Final = Keys("the sandbox keeps no secret, and nothing outside it knows this key")
_HEAD: Final = Letterhead(
    sender="Selftest <selftest@sandbox.invalid>", reply_to=None, base_url="http://127.0.0.1"
)
_PADDING: Final = 4000
_PORTION: Final = 10_000


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where a sending is tried: a database's address and a folder, both to be thrown away afterwards."""

    database_url: str
    folder: Path

    @property
    def journals(self) -> Path:
        """The folder of journals."""
        return self.folder / "journals"

    def office(self, database: Database) -> PostOffice:
        """Return what a sending in the sandbox works with."""
        return PostOffice(
            database=database,
            keys=_KEYS,
            letterhead=_HEAD,
            bounce_domain="bounces.sandbox.invalid",
            journals=self.journals,
            clock=lambda: datetime.now(UTC),
        )


def furnish(session: Session, *, readers: int, policy: InDoubtPolicy) -> list[str]:
    """Add an approved issue in two languages and its readers to an empty database; return their addresses."""
    now = datetime.now(UTC)
    issue = Issue(code=CODE, year=int(CODE), state=IssueState.APPROVED, in_doubt=policy, created_at=now)
    session.add(issue)
    session.flush()
    revision = IssueRevision(issue_id=issue.id, number=1, tree={}, options={}, hash="0" * 64, compiled_at=now)
    session.add(revision)
    session.flush()
    approval = Approval(
        issue_id=issue.id, revision_id=revision.id, editor="selftest", hash="0" * 64, at=now, audience=readers
    )
    session.add(approval)
    session.flush()
    session.add_all(_edition(approval.id, language) for language in LANGUAGES)
    addresses = [f"reader{number}@sandbox.invalid" for number in range(1, readers + 1)]
    for start in range(0, readers, _PORTION):
        session.execute(
            insert(Subscriber), [_reader(one, now=now) for one in addresses[start : start + _PORTION]]
        )
    return addresses


def _reader(address: str, *, now: datetime) -> dict[str, Any]:
    return {
        "address": address,
        "address_key": address_key(address),
        "language": LANGUAGES[len(address) % len(LANGUAGES)],
        "state": SubscriberState.CONFIRMED,
        "created_at": now,
    }


def _edition(approval: int, language: str) -> Edition:
    links = f"{_HEAD.base_url}/u/{UNSUBSCRIBE_SLOT} {_HEAD.base_url}/p/{PREFERENCES_SLOT}"
    content = Content(
        issue=CODE,
        language=language,
        subject=f"Selftest ({language})",
        html=f"<p>{'é' * (_PADDING // 6)}</p><p>{links}</p>",
        text=f"Selftest\n{links}\n",
    )
    edition = Edition(
        approval_id=approval,
        language=language,
        subject=content.subject,
        html=content.html,
        text=content.text,
        web="<p>Selftest</p>",
        message=encode_edition(content, _HEAD),
    )
    edition.hash = edition_hash(edition)
    return edition
