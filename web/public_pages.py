"""Every public page there is, and when its own words last changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.document import Document
from models.document_list import is_visible
from models.issue import Approval, Issue
from models.mechanism import Mechanism, MechanismType
from models.meeting import Meeting, Visibility
from models.page import Page
from models.revision import Revision
from models.state import Participant
from models.update import Update
from models.vocabulary import Theme
from templates.countries import territory_names
from templates.languages import ENGLISH
from templates.states import state_codes
from web.pages.country_address import country_address

_FIXED: Final = (
    "/",
    "/mechanisms",
    *(f"/types/{kind.value}" for kind in MechanismType),
    "/countries",
    "/themes",
    "/updates",
    "/changes",
    "/clashes",
    "/documents",
    "/highlights",
    "/newsletter",
    "/subscribe",
    "/help/calendar",
    "/about",
    "/privacy",
)
_EDITED: Final = ("meeting", "update", "document")


@dataclass(frozen=True, slots=True)
class PublicPage:
    """One page; `changed` is the day its own words last changed, None where that is not known."""

    path: str
    changed: date | None = None


def read_public_pages(session: Session) -> tuple[PublicPage, ...]:
    """Return every public page, in an order that the same record always gives.

    Lists stand with their first page. Takes the same number of statements whatever the record holds.
    """
    edits = _Edits(session)
    meetings = session.execute(
        select(Meeting.slug, Meeting.first_day, Meeting.last_day, Meeting.country, Meeting.created_at)
        .where(Meeting.visibility == Visibility.PUBLIC)
        .order_by(Meeting.first_day.desc(), Meeting.slug)
    ).all()
    days = [(first, last or first) for _, first, last, _, _ in meetings if first]
    mechanisms = session.scalars(select(Mechanism.slug).order_by(Mechanism.slug))
    themes = session.scalars(select(Theme.slug).order_by(Theme.position))
    return (
        *(PublicPage(path) for path in _FIXED),
        *(PublicPage(f"/mechanisms/{slug}") for slug in mechanisms),
        *(edits.page("meeting", slug, created_at) for slug, _, _, _, created_at in meetings),
        *(PublicPage(path) for path in _months(days)),
        *(PublicPage(path) for path in _countries(session, {row.country for row in meetings})),
        *(PublicPage(f"/themes/{slug}") for slug in themes),
        *_news_and_documents(session, edits),
        *_texts(session),
        *_issues(session),
    )


class _Edits:
    """When records were last edited, by their kind and code."""

    def __init__(self, session: Session) -> None:
        newest = select(Revision.kind, Revision.code, func.max(Revision.at)).where(Revision.kind.in_(_EDITED))
        rows = session.execute(newest.group_by(Revision.kind, Revision.code))
        self._at = {(kind, code): at for kind, code, at in rows}

    def page(self, kind: str, slug: str, made: datetime | None) -> PublicPage:
        """Return the page of a record that was made at a moment (None: not known)."""
        known = [at for at in (made, self._at.get((kind, slug))) if at]
        return PublicPage(f"/{kind}s/{slug}", max(known).date() if known else None)


def _countries(session: Session, met_in: set[str | None]) -> Iterator[str]:
    """Give the pages of all States, and of the territories that take part or were met in."""
    taking_part = session.scalars(select(Participant.code).where(Participant.code.is_not(None)))
    known = state_codes() | {*taking_part, *met_in}
    for code in sorted(code for code in territory_names(ENGLISH) if code in known):
        yield country_address(code)


def _news_and_documents(session: Session, edits: _Edits) -> Iterator[PublicPage]:
    updates = select(Update.slug, Update.created_at).order_by(Update.day.desc(), Update.slug)
    for slug, created_at in session.execute(updates):
        yield edits.page("update", slug, created_at)
    visible = select(Document.slug, Document.added_at).outerjoin(Document.meeting).where(is_visible)
    for slug, added_at in session.execute(visible.order_by(Document.slug)):
        yield edits.page("document", slug, added_at)


def _texts(session: Session) -> Iterator[PublicPage]:
    query = select(Page.slug, Page.changed_at).where(Page.shown, Page.language == ENGLISH)
    for slug, changed_at in session.execute(query.order_by(Page.position, Page.slug)):
        yield PublicPage(f"/about/{slug}", changed_at.date())


def _issues(session: Session) -> Iterator[PublicPage]:
    """Give the issues that can be read: those whose sending has begun, in the words approved for it."""
    query = (
        select(Issue.code, Issue.started_at)
        .where(Issue.started_at.is_not(None), Issue.id.in_(select(Approval.issue_id)))
        .order_by(Issue.code.desc())
    )
    for code, started_at in session.execute(query):
        yield PublicPage(f"/highlights/{code}", started_at.date() if started_at else None)


def _months(days: Iterable[tuple[date, date]]) -> Iterator[str]:
    """Give the addresses of the years and months that hold meetings, newest first."""
    months: set[tuple[int, int]] = set()
    for first, last in days:
        year, month = first.year, first.month
        while (year, month) <= (last.year, last.month):
            months.add((year, month))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for year in sorted({year for year, _ in months}, reverse=True):
        yield f"/calendar/{year}"
        for month in sorted(month for of, month in months if of == year):
            yield f"/calendar/{year}/{month}"
