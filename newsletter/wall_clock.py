"""Times on the clock of a zone: which instant is meant.

In spring the clock skips an hour, in autumn it shows one twice.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]  # data with one constant

from models import Refusal
from models.zone import UnknownZone, known_zone

_FORMS: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


class Which(StrEnum):
    """Which of the two hours of the same name in autumn is meant."""

    FIRST = "first"
    SECOND = "second"


class ImpossibleTime(Refusal):
    """The time does not exist, exists twice, or is past."""


class UnreadableTime(ImpossibleTime):
    """The time or the zone is written so that nobody can tell which is meant: wrong use."""


def zone_release() -> str:
    """Return the release of the zone data that instants are found by, like 2026f."""
    return str(tzdata.IANA_VERSION)


def read_zone(name: str) -> str:
    """Return the zone's own spelling. Raises UnreadableTime, with those written much like it."""
    try:
        return known_zone(name)
    except UnknownZone as error:
        raise UnreadableTime(str(error)) from error


def read_wall(wall: str) -> datetime:
    """Return a time as written, without a zone: "2026-12-14 09:00". Raises UnreadableTime."""
    for form in _FORMS:
        try:
            return datetime.strptime(wall.strip(), form)  # noqa: DTZ007 - a time on a wall clock; its zone comes beside it
        except ValueError:
            continue
    raise UnreadableTime(f"“{wall}” is not a time this program reads. Write it like “2026-12-14 09:00”.")


def instant_of(wall: str, zone: str, *, which: Which | None = None) -> datetime:
    """Return the instant (UTC) of a time on the clock of an IANA zone: "2026-12-14 09:00".

    Raises UnreadableTime; or ImpossibleTime for a time that the clock skips in spring, naming the next that
    it shows, and, unless `which` says which one is meant, for one that it shows twice in autumn.
    """
    clock, naive = ZoneInfo(read_zone(zone)), read_wall(wall)
    first, second = instants_of(naive, clock)
    if first == second:
        return first
    if first > second:
        exists = transition(clock, second, first).astimezone(clock)
        raise ImpossibleTime(
            f"{naive:%H:%M} on {naive:%Y-%m-%d} does not exist in {zone}: the clocks are put forward then. "
            f"The next time that does is “{exists:%Y-%m-%d %H:%M}”."
        )
    if which is None:
        raise ImpossibleTime(
            f"{naive:%H:%M} on {naive:%Y-%m-%d} comes twice in {zone}: at {first:%H:%M} "
            f"and at {second:%H:%M} UTC. Say which with --which first or --which second."
        )
    return first if which is Which.FIRST else second


def instants_of(naive: datetime, clock: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants (UTC) of a time on a clock, by the offset before and the one after a change of it.

    They are equal but at such a change: the first is the later one for a time that the clock skips, the
    earlier one for a time that it shows twice.
    """
    first, second = (naive.replace(tzinfo=clock, fold=fold) for fold in (0, 1))
    return first.astimezone(UTC), second.astimezone(UTC)


def transition(clock: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the instant (UTC) at which the clock is changed, between two at which its offsets differ."""
    low, high = int(before.timestamp()), int(after.timestamp())
    old = before.astimezone(clock).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, clock).utcoffset() == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
