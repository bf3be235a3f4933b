"""Moving a meeting: which changes of date are a move, and what is remembered of it."""

from datetime import datetime

from models.base import Facts
from models.meeting import Meeting, MeetingStatus
from models.when import Precision, When

_DAYS = frozenset({Precision.DAY, Precision.MOMENT})
_SETTLED = frozenset({MeetingStatus.CANCELLED, MeetingStatus.HELD})


def is_move(before: When, after: When) -> bool:
    """Say whether a reader who noted the old date has it wrong now.

    Fixing what was only known as a month, quarter or year is no move while the new days lie inside it;
    stating the end or the hours of days that stay is none either.
    """
    if before.first is None or before == after:
        return False
    if before.precision not in _DAYS:
        return not _lies_inside(after, before)
    if after.precision not in _DAYS:
        return True
    return after.first != before.first or (before.last is not None and after.last != before.last)


def _lies_inside(inner: When, outer: When) -> bool:
    if inner.first is None or inner.closing_day is None or outer.first is None or outer.closing_day is None:
        return False
    return outer.first <= inner.first and inner.closing_day <= outer.closing_day


def what_a_move_leaves(meeting: Meeting, to: When, *, now: datetime) -> Facts:
    """Return the fields that keep the dates a meeting has before it is moved, and when that was done.

    Nothing for a cancelled or a held meeting, and nothing where both dates lie in the past: that corrects the
    record, and nobody is told of it. A postponed meeting is moved by whatever dates it gets.
    """
    today = now.date()
    past = meeting.when.is_over(today) and to.is_over(today)
    postponed = meeting.status is MeetingStatus.POSTPONED and meeting.when.first is not None
    if meeting.status in _SETTLED or past or not (postponed or is_move(meeting.when, to)):
        return {}
    return {"previous_when": meeting.when.as_json(), "moved_at": now.isoformat()}
