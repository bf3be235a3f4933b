"""Lists of documents, each with all that a line about it needs, in a fixed number of queries."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import exists, extract, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from models.document import Document, DocumentKind, document_mechanisms, document_themes
from models.mechanism import Mechanism
from models.meeting import Meeting, MeetingMechanism, Visibility
from models.tally import ByColumn, ByPairs, Filters
from models.vocabulary import Theme

own_day = func.coalesce(Document.day, Meeting.first_day)
"""The day of a document in a query that knows its meeting: its own, else the meeting's first."""

is_visible = or_(Document.meeting_id.is_(None), Meeting.visibility == Visibility.PUBLIC)
"""What everybody may see, in such a query: what a hidden meeting issued is hidden with it."""

_own_mechanisms = (
    select(document_mechanisms.c.document_id, Mechanism.slug)
    .select_from(document_mechanisms)
    .join(Mechanism, Mechanism.id == document_mechanisms.c.mechanism_id)
)
_its_own = document_mechanisms.alias()
_of_its_meeting = (
    select(Document.id, Mechanism.slug)
    .select_from(Document)
    .join(MeetingMechanism, MeetingMechanism.meeting_id == Document.meeting_id)
    .join(Mechanism, Mechanism.id == MeetingMechanism.mechanism_id)
    .where(
        ~exists().where(
            _its_own.c.document_id == Document.id,
            _its_own.c.mechanism_id == MeetingMechanism.mechanism_id,
        )
    )
)
_themes = (
    select(document_themes.c.document_id, Theme.slug)
    .select_from(document_themes)
    .join(Theme, Theme.id == document_themes.c.theme_id)
)

DOCUMENT_FILTERS: Final = Filters(
    key=Document.id,
    base=select(Document.id).outerjoin(Document.meeting).where(is_visible),
    by_name={
        "mechanism": ByPairs((_own_mechanisms, _of_its_meeting)),
        "kind": ByColumn(Document.kind),
        "theme": ByPairs((_themes,)),
        "language": ByColumn(Document.language),
        "year": ByColumn(extract("year", own_day)),
    },
)
"""The filters of the repository: slugs of mechanisms and themes, a kind, a language, a year."""


def list_documents(
    session: Session,
    *,
    mechanisms: Collection[str] = (),
    kinds: Collection[DocumentKind] = (),
    meeting: str | None = None,
    themes: Collection[str] = (),
    only_key: bool = False,
) -> list[Document]:
    """Return the documents by date, those without one last. mechanisms, meeting and themes are slugs."""
    to_meeting = contains_eager(Document.meeting)
    found = (
        select(Document)
        .outerjoin(Document.meeting)
        .options(
            to_meeting,
            to_meeting.selectinload(Meeting.places).joinedload(MeetingMechanism.mechanism),
            selectinload(Document.own_mechanisms),
            selectinload(Document.theme_tags),
        )
        .order_by(own_day.is_(None), own_day, Document.slug)
    )
    if mechanisms:
        of_these = (
            pairs.where(Mechanism.slug.in_(mechanisms)).with_only_columns(pairs.selected_columns[0])
            for pairs in (_own_mechanisms, _of_its_meeting)
        )
        found = found.where(or_(*(Document.id.in_(keys) for keys in of_these)))
    if kinds:
        found = found.where(Document.kind.in_(kinds))
    if meeting:
        found = found.where(Meeting.slug == meeting)
    if themes:
        found = found.where(Document.theme_tags.any(Theme.slug.in_(themes)))
    if only_key:
        found = found.where(Document.is_key)
    return list(session.scalars(found))
