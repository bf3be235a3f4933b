"""Meetings of every kind there could be: any script, any clock, any hour around its changes, any state."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from calendar_feed.facts import DocumentFacts, MeetingFacts
from models.document import DocumentAct
from models.meeting import Kind, MeetingStatus, Mode
from models.when import When
from tests.calendar_feed.factory import CREATED, GFMD, KHARTOUM, MIDSA, RABAT

LANGUAGES = ("en", "fr", "es", "ar")
FIRST_YEAR, LAST_YEAR = 1973, 2099
"""Before 1973 one clock still went by seconds, and no mechanism met."""

_ZONES = sorted(available_timezones() - {"Factory", "localtime"})
_NASTY = (
    "x" * 60,
    "Ж" * 60,
    "👩🏽‍🚀👨‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "المنتدى العالمي \u200f(RCP)\u200e \u2066midsa\u2069 \u202ertl",
    "e\u0301\u0323 ｆｕｌｌ ﷽",
    "a\r\nEND:VEVENT\r\nBEGIN:VALARM\r\n",
    "\x00\x07\x1b\x7f\x85\x9f\u2028\u2029\ufeff\u200b",
    'a;b,c:d\\e"f^g\\n',
    "\t\t",
    "=1+1",
)
_CHARACTERS = st.characters(exclude_categories=["Cs"])
_TEXTS = st.one_of(
    st.text(_CHARACTERS, min_size=1, max_size=60),
    st.lists(st.sampled_from(_NASTY), min_size=1, max_size=3).map(" ".join),
    st.text(_CHARACTERS, min_size=60, max_size=60),
)
_MAYBE = st.one_of(st.none(), _TEXTS)
_LINKS = st.one_of(st.none(), _TEXTS.map("https://example.org/".__add__))


@cache
def changes_of(zone: str, year: int) -> tuple[datetime, ...]:
    """Return the instants of a year after which a clock shows another offset, found by asking zoneinfo."""
    clock = ZoneInfo(zone)

    def offset(instant: datetime) -> timedelta | None:
        return instant.astimezone(clock).utcoffset()

    found = []
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(367)]
    for before, after in pairwise(days):
        if offset(before) != offset(after):
            low, high = 0, 1440
            while high - low > 1:
                middle = (low + high) // 2
                is_old = offset(before + timedelta(minutes=middle)) == offset(before)
                low, high = (middle, high) if is_old else (low, middle)
            found.append(before + timedelta(minutes=high))
    return tuple(found)


@st.composite
def walls(draw: st.DrawFn, zone: str, year: int) -> datetime:
    """Draw what a clock shows: about its changes in half of all cases, midnight or noon in others."""
    clock = ZoneInfo(zone)
    near = [
        *changes_of(zone, year),
        datetime(year, 1, 1, 12, tzinfo=UTC),
        datetime(year, 12, 31, 12, tzinfo=UTC),
    ]
    if draw(st.booleans()):
        instant = draw(st.sampled_from(near)) + timedelta(minutes=15 * draw(st.integers(-10, 10)))
    else:
        instant = datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 525_000)))
    return instant.astimezone(clock).replace(tzinfo=None, fold=0, second=0)


@st.composite
def hours(draw: st.DrawFn) -> When:
    """Draw hours that a clock shows. One that it skips is refused before it is on record."""
    zone, year = draw(st.sampled_from(_ZONES)), draw(st.integers(FIRST_YEAR, LAST_YEAR))
    start = draw(walls(zone, year))
    length = draw(st.one_of(st.integers(1, 16).map(lambda n: 15 * n), st.integers(1, 5000)))
    end = start + timedelta(minutes=length)
    clock = ZoneInfo(zone)
    while any(
        wall.replace(tzinfo=clock).astimezone(UTC).astimezone(clock).replace(tzinfo=None, fold=0) != wall
        for wall in (start, end)
    ):
        start, end = start + timedelta(minutes=30), end + timedelta(minutes=30)
    return When.moments(start, draw(st.sampled_from([end, end, end, end, None])), zone)


@st.composite
def days(draw: st.DrawFn) -> When:
    """Draw days, or a month."""
    first = draw(st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 1)))
    if draw(st.booleans()):
        return When.month(first.year, first.month)
    last = draw(st.one_of(st.none(), st.integers(0, 40).map(lambda n: first + timedelta(days=n))))
    return When.days(first, last)


@st.composite
def a_meeting(draw: st.DrawFn) -> MeetingFacts:
    """Draw a meeting; its UID is for the caller to give."""
    when = draw(st.one_of(hours(), hours(), hours(), days()))
    in_languages: Mapping[str, str] = draw(st.dictionaries(st.sampled_from(LANGUAGES[1:]), _TEXTS))
    moved = draw(st.booleans())
    return MeetingFacts(
        uid="",
        slug="a-meeting",
        title=draw(_TEXTS),
        title_in=in_languages,
        kind=draw(st.sampled_from(Kind)),
        status=draw(st.sampled_from(MeetingStatus)),
        when=when,
        created_at=CREATED,
        mechanisms=tuple(
            draw(st.lists(st.sampled_from([GFMD, KHARTOUM, MIDSA, RABAT]), min_size=1, max_size=2))
        ),
        reason=draw(_MAYBE),
        previous_when=draw(st.one_of(hours(), days())) if moved else None,
        moved_on=date(2026, 11, 1) if moved else None,
        mode=draw(st.sampled_from([None, *Mode])),
        venue=draw(_MAYBE),
        city=draw(_MAYBE),
        country=draw(st.sampled_from([None, "ZM", "XK", "TR", "CI"])),
        latitude=draw(st.floats(-90, 90)) if moved else None,
        longitude=draw(st.floats(-180, 180)) if moved else None,
        join_link=draw(_LINKS),
        theme=draw(_MAYBE),
        sessions=tuple(draw(st.lists(_TEXTS, max_size=2))),
        local_times=draw(_MAYBE),
        interpretation=draw(_MAYBE),
        documents=tuple(
            DocumentFacts(title, draw(st.sampled_from([None, *DocumentAct])), draw(_LINKS))
            for title in draw(st.lists(_TEXTS, max_size=1))
        ),
    )
