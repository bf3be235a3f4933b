"""What must hold of a meeting whoever changes it: its states, its place, and what follows from a new date."""

from datetime import datetime, timedelta

from models.base import Facts
from models.meeting import MEETING_TRANSITIONS, Meeting, MeetingStatus
from models.meeting_move import what_a_move_leaves
from models.refusal import Refusal
from models.transitions import step
from models.when import Precision, When

_WITH_REASON = frozenset({MeetingStatus.POSTPONED, MeetingStatus.CANCELLED})

# Where a meeting's clock is not known, its day has begun as soon as it has begun anywhere: UTC+14.
_EARLIEST = timedelta(hours=14)


class NotYetBegun(Refusal):
    """A meeting that has not begun cannot have been held."""


class HalfAPoint(Refusal):
    """A point needs both its latitude and its longitude."""


def follow_from_dates(meeting: Meeting, facts: Facts, *, now: datetime) -> None:
    """Add to facts what a new date brings: the old one is remembered, a postponed meeting is on again."""
    if "when" not in facts or facts["when"] == meeting.when.as_json():
        return
    to = When.from_json(facts["when"])
    if meeting.status is MeetingStatus.POSTPONED and to.first is not None:
        facts.setdefault("status", MeetingStatus.CONFIRMED.value)
    for name, value in what_a_move_leaves(meeting, to, now=now).items():
        facts.setdefault(name, value)


def follow_from_status(meeting: Meeting, facts: Facts, *, now: datetime) -> None:
    """Check a new status against the table of transitions; drop the reason of a state that is left.

    Raises IllegalTransition or NotYetBegun.
    """
    if "status" not in facts or facts["status"] == meeting.status.value:
        return
    to = step(
        MEETING_TRANSITIONS,
        what=f"Meeting {meeting.slug}",
        current=meeting.status,
        to=MeetingStatus(facts["status"]),
    )
    if meeting.status in _WITH_REASON and to not in _WITH_REASON:
        facts.setdefault("reason", None)
    if to is MeetingStatus.HELD:
        require_begun(When.from_json(facts["when"]) if "when" in facts else meeting.when, now=now)


def require_begun(when: When, *, now: datetime) -> None:
    """Raise NotYetBegun unless the meeting's first day, or its first hour where that is known, has come."""
    if when.precision is Precision.MOMENT and when.start_instant is not None:
        begun = when.start_instant <= now
    else:
        begun = when.has_begun((now + _EARLIEST).date())
    if not begun:
        dated = f"begins on {when.start_text}" if when.start_text else "has no date"
        raise NotYetBegun(
            f"The meeting {dated}, so it cannot have been held yet. Change its dates first if they are wrong."
        )


def require_whole_point(facts: Facts, meeting: Meeting | None = None) -> None:
    """Raise HalfAPoint when only one of latitude and longitude would be known."""
    latitude = facts.get("latitude", meeting.latitude if meeting else None)
    longitude = facts.get("longitude", meeting.longitude if meeting else None)
    if (latitude is None) != (longitude is None):
        raise HalfAPoint("A point needs both its latitude and its longitude; give both or none.")
