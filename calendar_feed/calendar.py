"""The calendar around the events: header, zones, kept bodies, footer, joined and never rendered again."""

import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from calendar_feed.content_line import content_line, fold, text_list, text_value, unfold, uri_value
from calendar_feed.event import utc_stamp
from calendar_feed.zones import empty_feed_zone, vtimezone
from templates.languages import ENGLISH

PRODUCT = "-//ISCM//Calendar feed 1.0//%s"
"""PRODID, which ends with the language of the texts."""
REFRESH = "PT6H"
"""How often a client is asked to look again; Google and Outlook take their own time."""
FOOTER = b"END:VCALENDAR\r\n"

# Names of feeds are made from this, so it may never change: clients know a calendar by X-WR-RELCALID.
FEEDS = uuid.UUID("0d6c1a52-5a3e-5d3f-9d0e-6a0c6f6b7f51")

_ANY_STAMP = datetime(2000, 1, 1, tzinfo=UTC)
_IDENTITY = re.compile(rb"X-WR-RELCALID:[^\r]*\r\n")


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What the header of a feed says.

    `path` is its address on the site; `page` (for people) and `source` (the feed itself) are whole addresses.
    `color` is a CSS3 name and the same as `#rrggbb`.
    """

    path: str
    name: str
    description: str
    page: str
    source: str
    color: tuple[str, str]
    categories: tuple[str, ...]
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class ZoneUse:
    """A zone that events of a feed are timed by, and the years they lie in."""

    zone: str
    first_year: int
    last_year: int


@lru_cache(maxsize=4096)
def header(feed: FeedFacts) -> tuple[bytes, bytes]:
    """Return the header in two parts: what stands before the calendar's own LAST-MODIFIED, and what after it.

    A UID is not written: vdirsyncer would then take the whole feed for one item.
    """
    before = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", PRODUCT % feed.language.upper()),
        ("CALSCALE", "GREGORIAN"),
        ("X-WR-RELCALID", str(uuid.uuid5(FEEDS, feed.path))),
    ]
    after = [
        ("NAME", text_value(feed.name)),
        ("X-WR-CALNAME", text_value(feed.name)),
        ("DESCRIPTION", text_value(feed.description)),
        ("X-WR-CALDESC", text_value(feed.description)),
        ("URL", uri_value(feed.page)),
        ("SOURCE;VALUE=URI", uri_value(feed.source)),
        ("REFRESH-INTERVAL;VALUE=DURATION", REFRESH),
        ("X-PUBLISHED-TTL", REFRESH),
        ("COLOR", feed.color[0]),
        ("X-APPLE-CALENDAR-COLOR", feed.color[1].upper()),
        ("CATEGORIES", text_list(feed.categories)),
    ]
    return _lines(before), _lines(after)


def renamed(head: bytes, rest: bytes, *, path: str, of: str) -> tuple[bytes, bytes]:
    """Return a header for another path of the site, in its two parts; it was written for the path `of`.

    A client that follows both takes them for two calendars: X-WR-RELCALID and SOURCE are the new path's own.
    """
    lines = []
    for line in unfold(rest).split(b"\r\n")[:-1]:
        is_source = line.startswith(b"SOURCE;")
        lines.append(fold(line.removesuffix(of.encode()) + path.encode() if is_source else line))
    identity = content_line("X-WR-RELCALID", str(uuid.uuid5(FEEDS, path)))
    return _IDENTITY.sub(identity, head), b"".join(lines)


def zone_part(uses: Iterable[ZoneUse], *, empty: bool) -> bytes:
    """Return the VTIMEZONEs in use, sorted by name; one that nothing uses where the feed is `empty`."""
    if empty:
        return empty_feed_zone()
    return b"".join(_zone(use) for use in sorted(uses, key=lambda use: use.zone))


@lru_cache(maxsize=4096)
def _zone(use: ZoneUse) -> bytes:
    return vtimezone(use.zone, first_year=use.first_year, last_year=use.last_year)


def join(head: bytes, *, changed_at: datetime, tail: bytes, bodies: Sequence[bytes]) -> bytes:
    """Return the whole calendar: `head`, LAST-MODIFIED, `tail` (rest of header, zones), bodies, footer."""
    return b"".join([head, content_line("LAST-MODIFIED", utc_stamp(changed_at)), tail, *bodies, FOOTER])


def frame_size(head: bytes, *, tail: bytes) -> int:
    """Return how many bytes a calendar has without its events."""
    return len(join(head, changed_at=_ANY_STAMP, tail=tail, bodies=[]))


def single(body: bytes, *, zones: bytes, language: str = ENGLISH) -> bytes:
    """Return the calendar of one event alone, to be taken once: it has no name and asks for no refreshing."""
    product = PRODUCT % language.upper()
    lines = [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", product), ("CALSCALE", "GREGORIAN")]
    return b"".join([_lines(lines), zones, body, FOOTER])


def content_hash(head: bytes, *, tail: bytes, marks: Iterable[str]) -> str:
    """Return a SHA-256 that changes exactly when the calendar's bytes do, its own LAST-MODIFIED left out.

    `marks` stand for the bodies, in their order: each changes exactly when its body does. So an edit of one
    meeting that stands in a thousand feeds costs no reading of all they hold.
    """
    return hashlib.sha256(b"\0".join([head, tail, *(mark.encode() for mark in marks)])).hexdigest()


def _lines(lines: Iterable[tuple[str, str]]) -> bytes:
    return b"".join(content_line(name, value) for name, value in lines)
