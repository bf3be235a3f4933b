"""Moving a meeting: which changes of date are a move, and what is remembered of it."""

from datetime import datetime

from models.meeting import Meeting, MeetingStatus
from models.when import Precision, When

_DAYS = frozenset({Precision.DAY, Precision.MOMENT})
_SETTLED = frozenset({MeetingStatus.CANCELLED, MeetingStatus.HELD})


def is_move(before: When, after: When) -> bool:
    """Say whether a reader who noted the old date has it wrong now.

    Fixing what was only known as a month, quarter or year is no move while the new days lie inside it; stating the
    end or the hours of days that stay is none either.
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


def remember_move(meeting: Meeting, to: When, *, now: datetime) -> None:
    """Keep the dates a meeting had before it is moved, and when that was done.

    Not for a cancelled or a held meeting, and not where both dates lie in the past: that corrects the record, and
    nobody is told of it.
    """
    today = now.date()
    past = meeting.when.is_over(today) and to.is_over(today)
    if meeting.status in _SETTLED or past or not is_move(meeting.when, to):
        return
    meeting.previous_when = meeting.when.as_json()
    meeting.moved_at = now
