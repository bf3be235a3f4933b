"""Lists of documents, each with all that a line about it needs, in a fixed number of queries."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from models.document import Document, DocumentKind
from models.mechanism import Mechanism
from models.meeting import Meeting, MeetingMechanism


def list_documents(
    session: Session,
    *,
    mechanisms: Collection[str] = (),
    kinds: Collection[DocumentKind] = (),
    meeting: str | None = None,
) -> list[Document]:
    """Return the documents by date, those without one last. mechanisms and meeting are slugs."""
    day = func.coalesce(Document.day, Meeting.first_day)
    to_meeting = contains_eager(Document.meeting)
    found = (
        select(Document)
        .outerjoin(Document.meeting)
        .options(to_meeting, to_meeting.selectinload(Meeting.places).joinedload(MeetingMechanism.mechanism))
        .order_by(day.is_(None), day, Document.slug)
    )
    if mechanisms:
        ids = select(Mechanism.id).where(Mechanism.slug.in_(mechanisms))
        found = found.where(Meeting.places.any(MeetingMechanism.mechanism_id.in_(ids)))
    if kinds:
        found = found.where(Document.kind.in_(kinds))
    if meeting:
        found = found.where(Meeting.slug == meeting)
    return list(session.scalars(found))
