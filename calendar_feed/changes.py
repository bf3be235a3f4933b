"""What changed for a reader of calendars: found by comparing what is told of a meeting with what was told.

Only meetings still to come are news: nobody plans anew for a correction of a past one.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from calendar_feed.facts import MeetingFacts
from models.base import Facts
from models.change import ChangeKind
from models.meeting import MeetingStatus
from models.meeting_move import is_move
from models.when import Precision, When

_EXACT = {Precision.MOMENT, Precision.DAY}


def told_facts(meeting: MeetingFacts) -> Facts:
    """Return what later tellings of a meeting are compared with; kept beside its rendering."""
    return {
        "slug": meeting.slug,
        "title": meeting.title,
        "mechanisms": [mechanism.slug for mechanism in meeting.mechanisms],
        "status": meeting.status.value,
        "when": meeting.when.as_json(),
        "instants": [
            moment.isoformat() if moment else None
            for moment in (meeting.when.start_instant, meeting.when.end_instant)
        ],
        "place": {
            "mode": meeting.mode.value if meeting.mode else None,
            "venue": meeting.venue,
            "city": meeting.city,
            "country": meeting.country,
        },
    }


def changes_between(before: Facts | None, after: Facts | None, *, as_of: date) -> Iterator[ChangeKind]:
    """Yield what changed, most important first; nothing for what is over on the day `as_of`.

    None stands for a meeting that was, or is, not told of; one that leaves because it is over is no change.
    """
    if not _is_ahead(before, as_of) and not _is_ahead(after, as_of):
        return
    if before is None:
        yield ChangeKind.NEW
        return
    if after is None:
        if before["status"] != MeetingStatus.CANCELLED.value:
            yield ChangeKind.TAKEN_BACK
        return
    status, was = after["status"], before["status"]
    if status != was and status == MeetingStatus.CANCELLED.value:
        yield ChangeKind.CANCELLED
    if status != was and status == MeetingStatus.POSTPONED.value:
        yield ChangeKind.POSTPONED
    yield from _of_dates(before, after)
    if status == MeetingStatus.CONFIRMED.value and was != status:
        yield ChangeKind.CONFIRMED
    if after["place"] != before["place"]:
        yield ChangeKind.PLACE


def is_moved_by_zone(before: Facts | None, after: Facts | None) -> bool:
    """Say whether what the clock at the venue shows is as it was told, and is another moment now.

    Newer zone data does that. What an earlier program told has no instants to compare with.
    """
    if before is None or after is None or before["when"] != after["when"]:
        return False
    return "instants" in before and bool(before["instants"] != after["instants"])


def _of_dates(before: Facts, after: Facts) -> Iterator[ChangeKind]:
    """Yield which change it is, if any, of the time of a meeting."""
    if after["when"] != before["when"]:
        yield _of_days(When.kept(before["when"]), When.kept(after["when"]))
    elif is_moved_by_zone(before, after):
        yield ChangeKind.CLOCK


def _of_days(sooner: When, later: When) -> ChangeKind:
    """Tell which change it is when a meeting's dates are others than those that were told."""
    if later.precision in _EXACT and sooner.precision not in _EXACT:
        return ChangeKind.FIXED
    exact = {sooner.precision, later.precision} <= _EXACT
    return ChangeKind.TIMES if exact and not is_move(sooner, later) else ChangeKind.MOVED


def _is_ahead(told: Facts | None, as_of: date) -> bool:
    if told is None:
        return False
    kept: dict[str, Any] = told["when"]
    closing = When.kept(kept).closing_day
    return closing is not None and closing >= as_of
