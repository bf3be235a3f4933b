"""The issues of Highlights that were sent, as a feed of entries."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calendar_feed.entry_feed import MOST_ENTRIES, Entry, EntryFeed, identity_of, steady_time
from calendar_feed.updates_feed import Reader
from models.issue import Approval, Edition, Issue
from templates.languages import ENGLISH, catalogue

IssuesMark = tuple[int, datetime | None, int | None]


def issues_mark(session: Session) -> IssuesMark:
    """Return what is another one as soon as the feed may be: an issue was approved, or began to be sent."""
    begun = select(func.count(Issue.started_at)).scalar_subquery()
    last = select(func.max(Issue.started_at)).scalar_subquery()
    approved = select(func.max(Approval.id)).scalar_subquery()
    number, moment, newest = session.execute(select(begun, last, approved)).one()
    return number, moment, newest


def read_issues_feed(session: Session, *, reader: Reader) -> EntryFeed:
    """Return the feed of the issues whose sending has begun, the newest first, in the reader's language."""
    _ = catalogue(reader.language).gettext
    entries = _entries(session, reader)
    return EntryFeed(
        identity=identity_of("highlights", reader.language),
        title=_("ISCM Highlights"),
        subtitle=_("One letter a year: who met, where, and what was adopted."),
        page=reader.address("/highlights"),
        about=reader.address("/highlights"),
        language=reader.language,
        updated=steady_time(entry.published for entry in entries),
        entries=entries,
    )


def _entries(session: Session, reader: Reader) -> tuple[Entry, ...]:
    """Return an entry for each issue; in English where it has no edition in the reader's language."""
    rows = session.execute(
        select(Issue.code, Issue.year, Issue.started_at, Issue.corrects, Edition.language, Edition.subject)
        .join(Approval, Approval.issue_id == Issue.id)
        .join(Edition, Edition.approval_id == Approval.id)
        .where(Issue.started_at.is_not(None), Approval.withdrawn_at.is_(None))
        .where(Edition.language.in_([reader.language, ENGLISH]))
        .order_by(Issue.started_at.desc(), Issue.id.desc(), (Edition.language == reader.language).desc())
    )
    entries: dict[str, Entry] = {}
    for code, year, started_at, corrects, language, subject in rows:
        if started_at and code not in entries and len(entries) < MOST_ENTRIES:
            _ = catalogue(language).gettext
            about = _("The year %(year)s of the inter-State consultation mechanisms on migration.")
            corrected = _("A correction of Highlights %(code)s")
            entries[code] = Entry(
                identity=identity_of("issue", code),
                title=subject,
                url=Reader(language, reader.base_url).address(f"/highlights/{code}"),
                published=started_at,
                updated=started_at,
                language=language,
                text=corrected % {"code": corrects} if corrects else about % {"year": year},
            )
    return tuple(entries.values())
