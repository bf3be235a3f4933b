"""Stored feeds: which of them hold other bytes now, and since when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.addresses import Site
from calendar_feed.asked import Asked
from calendar_feed.bodies import Unfit, later
from calendar_feed.calendar import FeedFacts, content_hash, frame_size, header, join, zone_part
from calendar_feed.facts import NOTHING_KNOWN, KnownRecord
from calendar_feed.headings import NAMED_ON_RECORD, feed_facts
from calendar_feed.keys import ALL, family_of, holds_everything
from calendar_feed.members import Members
from calendar_feed.outline import outline
from calendar_feed.reading import read_known, shown_bodies
from calendar_feed.selection import Member, all_feeds, in_window, zones_in_use
from calendar_feed.selfcheck import MOST_EVENTS, byte_faults, frame_faults, joint_faults
from models.rendering import Feed

_ANY_STAMP = datetime(2000, 1, 1, tzinfo=UTC)
_PLAIN = FeedFacts(
    path="/feeds/all.ics",
    name="ISCM",
    description="ISCM",
    page="https://iscm.example/",
    source="https://iscm.example/feeds/all.ics",
    color=("slategray", "#708090"),
    categories=("ISCM",),
)


@dataclass(frozen=True, slots=True)
class _Heading:
    """The header of one feed in one language, as it must be now."""

    name: str
    head: bytes
    rest: bytes


Place = tuple[str, str]
"""A stored feed: its key and its language."""


class _Rebuilding:
    """One rebuilding of feeds: what is stored, and the members of each selection, read once."""

    def __init__(self, session: Session, *, now: datetime, languages: Sequence[str]) -> None:
        self._session, self._now, self._languages = session, now, languages
        self._stored = {(row.path, row.language): row for row in session.scalars(select(Feed))}
        self._read = Members(session)
        self._members: dict[tuple[tuple[str, ...], bool], list[Member]] = {}
        self._outlines: set[bytes] = set()
        self.changed: list[Place] = []

    def is_due(self, key: str, sources: tuple[str, ...], headings: Mapping[Place, _Heading]) -> bool:
        """Say whether a feed holds other keys than before, or its header differs."""
        places = [(key, language) for language in self._languages]
        rows = [self._stored.get(place) for place in places]
        return any(
            row is None or tuple(row.sources) != sources or _differs(row, headings[place])
            for row, place in zip(rows, places, strict=True)
        )

    def rebuild(self, key: str, sources: tuple[str, ...], headings: Mapping[Place, _Heading]) -> None:
        """Bring the rows of one feed to what it holds now."""
        shown = self._members_of(key, sources)
        if not holds_everything(key):
            own = [headings[key, language] for language in self._languages]
            zones = zone_part(zones_in_use(shown), empty=not shown)
            size = max(frame_size(one.head, tail=one.rest + zones) for one in own)
            shown = in_window(shown, header_size=size)
        zones_shown = zone_part(zones_in_use(shown), empty=not shown)
        for language in self._languages:
            self._keep((key, language), sources, shown, heading=headings[key, language], zones=zones_shown)

    def check_whole(self) -> None:
        """Look once more at the bytes of the feed that holds everything. Raises Unfit."""
        for place in self.changed:
            row = self._stored[place]
            if row.path != ALL:
                continue
            bodies = shown_bodies(self._session, row)
            whole = join(row.head, changed_at=row.changed_at, tail=row.tail_of_head, bodies=bodies)
            _refuse(joint_faults(whole), place)

    def _members_of(self, key: str, sources: tuple[str, ...]) -> list[Member]:
        """Return the members of a selection in the feed's order; many States share one selection."""
        everything = holds_everything(key)
        if (sources, everything) not in self._members:
            most = None if everything else MOST_EVENTS
            self._members[sources, everything] = self._read.newest(sources, most=most)
        return self._members[sources, everything]

    def _keep(
        self,
        place: Place,
        sources: tuple[str, ...],
        shown: Sequence[Member],
        *,
        heading: _Heading,
        zones: bytes,
    ) -> None:
        """Bring one row to what it holds now; its time moves only when its bytes are others than before."""
        tail = heading.rest + zones
        bodies = [member.bodies.get(place[1], (0, "")) for member in shown]
        digest = content_hash(heading.head, tail=tail, marks=[mark for _, mark in bodies])
        row = self._stored.get(place)
        if row is None:
            row = self._stored[place] = Feed(path=place[0], language=place[1])
            self._session.add(row)
        row.sources = list(sources)
        row.shown_from = shown[0].order if shown else None
        if row.hash == digest:
            return
        if (row.head, row.tail_of_head) != (heading.head, tail):
            _refuse([*self._header_faults(heading), *_zones_faults(zones)], place)
        row.name, row.head, row.tail_of_head = heading.name, heading.head, tail
        row.hash, row.changed_at = digest, later(self._now, than=row.changed_at)
        row.events = len(shown)
        frame = join(heading.head, changed_at=row.changed_at, tail=tail, bodies=[])
        row.size = len(frame) + sum(size for size, _ in bodies)
        self.changed.append(place)

    def _header_faults(self, heading: _Heading) -> list[str]:
        """Check a header; one that differs from a checked one in words alone is not parsed again."""
        data = join(heading.head, changed_at=_ANY_STAMP, tail=heading.rest, bodies=[])
        shape = outline(data)
        if shape in self._outlines:
            return byte_faults(data)
        faults = frame_faults(data)
        if not faults:
            self._outlines.add(shape)
        return faults


def rebuild_feeds(
    session: Session,
    *,
    touched: Collection[str],
    everything: bool,
    now: datetime,
    site: Site,
    languages: Sequence[str],
) -> list[Place]:
    """Bring to the record the feeds that hold any of the `touched` keys, and those whose header differs.

    Returns the key and language of each feed with other bytes than before. Nothing is rendered. Raises Unfit
    when the bytes of a feed do not pass their check.
    """
    session.flush()
    known = read_known(session)
    feeds = all_feeds(known)
    headings = {
        (key, language): _heading(key, known=known, language=language, site=site)
        for key in feeds
        for language in languages
    }
    rebuilding = _Rebuilding(session, now=now, languages=languages)
    with session.no_autoflush:  # what is read does not hang upon the rows that are written
        for key, sources in feeds.items():
            if (
                everything
                or not set(sources).isdisjoint(touched)
                or rebuilding.is_due(key, sources, headings)
            ):
                rebuilding.rebuild(key, sources, headings)
    session.flush()
    rebuilding.check_whole()
    return rebuilding.changed


@lru_cache(maxsize=256)
def _zones_faults(zones: bytes) -> tuple[str, ...]:
    """Check the zones of a feed behind the plainest header; many feeds share them."""
    head, rest = header(_PLAIN)
    return tuple(frame_faults(join(head, changed_at=_ANY_STAMP, tail=rest + zones, bodies=[])))


def _heading(key: str, *, known: KnownRecord, language: str, site: Site) -> _Heading:
    if family_of(key)[0] in NAMED_ON_RECORD:
        return _made(feed_facts(key, known=known, language=language, site=site))
    return _lasting_heading(key, language, site)


@lru_cache(maxsize=8192)
def _lasting_heading(key: str, language: str, site: Site) -> _Heading:
    """Return the header of a feed that no change of the record can rename: most are of States."""
    return _made(feed_facts(key, known=NOTHING_KNOWN, language=language, site=site))


def _made(facts: FeedFacts) -> _Heading:
    head, rest = header(facts)
    return _Heading(facts.name, head, rest)


def _differs(row: Feed, heading: _Heading) -> bool:
    return row.head != heading.head or not row.tail_of_head.startswith(heading.rest)


def _refuse(faults: Sequence[str], place: Place) -> None:
    if faults:
        raise Unfit(f"{Asked(*place).address}: {'; '.join(faults)}")
