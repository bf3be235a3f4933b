"""Which meetings stand in which feed: the families of feeds, and the window that keeps a feed readable.

A meeting is entered in the feeds that its own facts name (everything, its types, mechanisms, kind, themes and
years). The feeds of a region and of a State are put together from those of mechanisms, so that a State which
joins a mechanism gets its meetings without one of them being rendered anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from calendar_feed.calendar import ZoneUse
from calendar_feed.facts import KnownRecord, MeetingFacts
from calendar_feed.keys import ALL, Family, country_key, feed_key
from calendar_feed.selfcheck import MOST_BYTES, MOST_EVENTS
from calendar_feed.spans import Span
from models.mechanism import MechanismType
from models.meeting import Kind


@dataclass(frozen=True, slots=True)
class Member:
    """A meeting in feeds: its place in their order, its size in bytes, the zone it is timed by.

    `size` is that of its longest language; `bodies` tell of each language its size, and words that change
    exactly when its bytes do.
    """

    uid: str
    order: str
    zone: str | None
    size: int
    bodies: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year its hours may lie in; one sitting may end on the next day."""
        year = int(self.order[:4])
        return year, year + (self.order[4:8] == "1231")


def _of_all(meeting: MeetingFacts, span: Span) -> Iterable[str]:
    del meeting, span
    yield ALL


def _of_types(meeting: MeetingFacts, span: Span) -> Iterable[str]:
    del span
    yield from (feed_key(Family.TYPE, mechanism.type) for mechanism in meeting.mechanisms)


def _of_mechanisms(meeting: MeetingFacts, span: Span) -> Iterable[str]:
    del span
    yield from (feed_key(Family.MECHANISM, mechanism.slug) for mechanism in meeting.mechanisms)


def _of_kind(meeting: MeetingFacts, span: Span) -> Iterable[str]:
    del span
    yield feed_key(Family.KIND, meeting.kind)


def _of_themes(meeting: MeetingFacts, span: Span) -> Iterable[str]:
    del span
    yield from (feed_key(Family.THEME, theme) for theme in meeting.themes)


def _of_years(meeting: MeetingFacts, span: Span) -> Iterable[str]:
    """A meeting over New Year's Eve stands in the archives of both years."""
    del meeting
    yield from (feed_key(Family.ARCHIVE, str(year)) for year in span.years)


OWN_FAMILIES: tuple[Callable[[MeetingFacts, Span], Iterable[str]], ...] = (
    _of_all,
    _of_types,
    _of_mechanisms,
    _of_kind,
    _of_themes,
    _of_years,
)
"""Each names the keys of the feeds of its family that a meeting's own facts put it in."""


def feeds_of(meeting: MeetingFacts, span: Span) -> list[str]:
    """Return the keys of every feed a meeting is entered in, each once, sorted."""
    return sorted({key for family in OWN_FAMILIES for key in family(meeting, span)})


def all_feeds(known: KnownRecord) -> dict[str, tuple[str, ...]]:
    """Return every feed there is by its key, with the keys whose entries it holds.

    Those without a meeting are there too: they may be subscribed.
    """
    own = [
        ALL,
        *(feed_key(Family.TYPE, kind) for kind in MechanismType),
        *sorted(feed_key(Family.MECHANISM, slug) for slug in known.mechanisms),
        *(feed_key(Family.KIND, kind) for kind in Kind),
        *(feed_key(Family.THEME, slug) for slug in known.themes),
        *(feed_key(Family.ARCHIVE, str(year)) for year in known.years),
    ]
    regions = {
        feed_key(Family.REGION, region): _mechanism_keys(
            slug for slug, one in known.memberships.items() if region in one.regions
        )
        for region in known.regions
    }
    countries = {
        country_key(code): _mechanism_keys(
            slug for slug, one in known.memberships.items() if code in one.states or one.is_open_to_all
        )
        for code in known.countries
    }
    return {key: (key,) for key in own} | regions | countries


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


def _mechanism_keys(slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(feed_key(Family.MECHANISM, slug) for slug in sorted(slugs))
