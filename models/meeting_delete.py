"""Deleting a meeting that was entered by mistake; one that will not take place is cancelled instead."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.document_fields import DOCUMENT_FIELDS
from models.keeping import Keeping
from models.known import Known
from models.meeting import Meeting, Tombstone
from models.meeting_fields import MEETING_FIELDS


def delete_meeting(session: Session, slug: str, *, editor: str, now: datetime) -> Meeting:
    """Take a meeting off the record and return what it was. Its UID and slug are never given again.

    Its documents stay, without a meeting. Raises UnknownName.
    """
    keeping = Keeping(session, editor, now)
    keeping.alone()
    known = Known(session)
    meeting = known.meeting(slug)
    for document in list(meeting.documents):
        keeping.change(document, DOCUMENT_FIELDS, {"meeting": None}, known)
    keeping.delete(meeting, MEETING_FIELDS)
    session.add(Tombstone(uid=meeting.uid, slug=meeting.slug, title=meeting.title, deleted_at=now))
    session.flush()
    return meeting
