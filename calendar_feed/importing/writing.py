"""The change of the record that a plan says, in the caller's transaction: all of it, or nothing."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from calendar_feed.importing.plan import Outcome, Plan, PlannedMeeting
from models.foreign_uid import remember_uid
from models.known import Known
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting


def write_plan(
    session: Session,
    plan: Plan,
    *,
    known: Known,
    editor: str,
    now: datetime,
    advance: Callable[[int], None] = lambda _done: None,
) -> None:
    """Write what a plan of this transaction says; refused entries are passed over.

    Each change leaves its revision with the editor's name, the file's name being the source of the meeting.
    Raises a Refusal where the record does not take a change; the caller's transaction then ends with nothing.
    """
    for planned in plan.meetings:
        _write(session, planned, known=known, editor=editor, now=now)
        advance(1)
    session.flush()


def _write(session: Session, planned: PlannedMeeting, *, known: Known, editor: str, now: datetime) -> None:
    if planned.outcome is Outcome.NEW:
        meeting = add_meeting(
            session, planned.written, editor=editor, now=now, known=known, uid=planned.uid, slug=planned.slug
        )
        planned.slug, planned.uid = meeting.slug, meeting.uid
    elif planned.outcome is Outcome.CHANGED:
        change_meeting(session, str(planned.slug), planned.written, editor=editor, now=now, known=known)
    if planned.remembered and planned.outcome is not Outcome.REFUSED:
        remember_uid(session, planned.remembered, meeting_uid=known.meeting(str(planned.slug)).uid)
