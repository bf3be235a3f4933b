"""Which meetings stand in which feed: the families of feeds, and the window that keeps a feed readable.

A new family of feeds (region, country, kind, theme) is one more function in FAMILIES.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from calendar_feed.addresses import ALL, mechanism_key, type_key
from calendar_feed.calendar import ZoneUse
from calendar_feed.facts import MechanismFacts, MeetingFacts
from calendar_feed.selfcheck import MOST_BYTES, MOST_EVENTS
from models.mechanism import MechanismType


@dataclass(frozen=True, slots=True)
class Member:
    """A meeting in feeds: its place in their order, its size in bytes, the zone it is timed by."""

    uid: str
    order: str
    feeds: frozenset[str]
    zone: str | None
    size: int

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year its hours may lie in; one sitting may end on the next day."""
        year = int(self.order[:4])
        return year, year + (self.order[4:8] == "1231")


def _of_all(meeting: MeetingFacts) -> Iterable[str]:
    del meeting
    yield ALL


def _of_types(meeting: MeetingFacts) -> Iterable[str]:
    yield from (type_key(mechanism.type) for mechanism in meeting.mechanisms)


def _of_mechanisms(meeting: MeetingFacts) -> Iterable[str]:
    yield from (mechanism_key(mechanism.slug) for mechanism in meeting.mechanisms)


FAMILIES: tuple[Callable[[MeetingFacts], Iterable[str]], ...] = (_of_all, _of_types, _of_mechanisms)
"""Each names the keys of the feeds of its family that a meeting belongs to."""


def feeds_of(meeting: MeetingFacts) -> list[str]:
    """Return the keys of every feed a meeting belongs to, each once, sorted."""
    return sorted({key for family in FAMILIES for key in family(meeting)})


def all_feeds(mechanisms: Iterable[MechanismFacts]) -> list[str]:
    """Return the keys of every feed there is, those without a meeting too: they may be subscribed."""
    types = [type_key(kind) for kind in MechanismType]
    return [ALL, *types, *sorted(mechanism_key(mechanism.slug) for mechanism in mechanisms)]


def in_window(members: Iterable[Member], *, header_size: int) -> list[Member]:
    """Return the members that fit in one feed, in the feed's order (by start, then UID).

    Google Calendar takes 1,000 events and one megabyte of an address; from there on the oldest leave. Where a
    meeting does not fit any more, no older one is shown either: a feed has no holes.
    """
    newest_first = sorted(members, key=lambda member: member.order, reverse=True)[:MOST_EVENTS]
    room, kept = MOST_BYTES - header_size, 0
    for member in newest_first:
        room -= member.size
        if room < 0:
            break
        kept += 1
    return newest_first[:kept][::-1]


def zones_in_use(members: Sequence[Member]) -> list[ZoneUse]:
    """Return each zone that timed members use, with the years of those members."""
    years: dict[str, list[int]] = {}
    for member in members:
        if member.zone:
            years.setdefault(member.zone, []).extend(member.years)
    return [ZoneUse(zone, min(found), max(found)) for zone, found in sorted(years.items())]
