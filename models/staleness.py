"""Every change of the record marks the meetings it is seen in, and grows the revision that processes poll."""

from typing import Any

from sqlalchemy import event, or_, select, update
from sqlalchemy.orm import Session, UOWTransaction

from models.document import Document
from models.mechanism import Mechanism, MechanismAlias
from models.meeting import Meeting, MeetingMechanism, Tombstone
from models.publication import Publication
from models.state import Participant, Participation
from models.update import Update, UpdateMechanism
from models.vocabulary import Region, Theme

_SHOWN = (
    Mechanism,
    MechanismAlias,
    Meeting,
    MeetingMechanism,
    Tombstone,
    Document,
    Participant,
    Participation,
    Update,
    UpdateMechanism,
    Region,
    Theme,
)


class RecordSession(Session):
    """The session of this house. It notices changes of records by itself, whoever makes them."""


@event.listens_for(RecordSession, "before_flush")
def _mark(session: Session, flush_context: UOWTransaction, instances: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own signature
    """Mark stale what a changed record is shown in, inside the transaction that changes it."""
    del flush_context, instances
    changed = [
        record
        for record in (*session.new, *session.dirty, *session.deleted)
        if isinstance(record, _SHOWN) and (record not in session.dirty or session.is_modified(record))
    ]
    if not changed:
        return
    with session.no_autoflush:
        for record in changed:
            _mark_meetings(session, record)
        session.execute(
            update(Publication).values(record_revision=Publication.record_revision + 1),
            execution_options={"synchronize_session": False},
        )


def _mark_meetings(session: Session, record: object) -> None:
    match record:
        case Meeting():
            record.stale = True
        case MeetingMechanism() if record.meeting_id is not None:
            _stale(session, Meeting.id == record.meeting_id)
        case Mechanism() if record.id is not None:
            of_mechanism = select(MeetingMechanism.meeting_id).where(
                MeetingMechanism.mechanism_id == record.id
            )
            _stale(session, Meeting.id.in_(of_mechanism))
        case Document():
            ids = [key for key in (record.meeting_id, record.meeting.id if record.meeting else None) if key]
            _stale(session, Meeting.id.in_(ids))
            if record.meeting is not None:
                record.meeting.stale = True
        case Participant() if record.code is not None:
            _stale(session, or_(Meeting.country == record.code, Meeting.host == record.code))
        case _:
            pass


def _stale(session: Session, which: Any) -> None:  # noqa: ANN401 - any SQL condition
    session.execute(
        update(Meeting).where(which).values(stale=True), execution_options={"synchronize_session": False}
    )
