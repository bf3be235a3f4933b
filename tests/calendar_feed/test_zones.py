"""VTIMEZONE: every zone of the IANA database, read back by others, shows the hours that zoneinfo knows."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # it ships no types
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calendar_feed.zones import empty_feed_zone, vtimezone
from models.zone import UnknownZone
from tests.calendar_feed.libical import parsed

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
TRAPS = (
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Cairo",
    "America/Caracas",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Etc/GMT+5",
    "Etc/UTC",
    "Europe/Brussels",
    "Europe/Dublin",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Pacific/Apia",
    "Pacific/Fiji",
)
HOUR = timedelta(hours=1)


def _lines(data: bytes) -> list[str]:
    return data.decode().split("\r\n")[:-1]


def _offsets(data: bytes, *, until: int) -> list[tuple[datetime, timedelta]]:
    """Expand a VTIMEZONE by dateutil: each onset in UTC and the offset from there on, in order."""
    found = []
    for block in re.findall(r"BEGIN:(?:STANDARD|DAYLIGHT)\r\n(.*?)END:", data.decode(), re.DOTALL):
        fields = dict(line.split(":", 1) for line in block.strip().split("\r\n"))
        start = datetime.fromisoformat(fields["DTSTART"])
        before, after = (_delta(fields[f"TZOFFSET{side}"]) for side in ("FROM", "TO"))
        onsets = [start]
        if rule := fields.get("RRULE"):
            onsets = rrulestr(rule, dtstart=start).between(start, start.replace(year=until + 1), inc=True)
            assert onsets[0] == start, "DTSTART must be the first date of its own rule"
        found += [((onset - before).replace(tzinfo=UTC), after) for onset in onsets]
    return sorted(found)


def _delta(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    hours, minutes, seconds = int(text[1:3]), int(text[3:5]), int(text[5:] or 0)
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _is_twofold(wall: datetime) -> bool:
    """Say whether the clock shows this hour twice; RFC 5545 means the first one, libical takes the second."""
    return wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()


def _offset_at(table: list[tuple[datetime, timedelta]], instant: datetime) -> timedelta:
    return next(offset for onset, offset in reversed(table) if onset <= instant)


@cache
def _year_changes(zone: str, year: int) -> tuple[datetime, ...]:
    """The instants around which a zone's clock is changed in a year, found by asking zoneinfo's offsets."""
    clock, instant, found = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC), []
    last = instant.astimezone(clock).utcoffset()
    while instant.year == year:
        instant += 6 * HOUR
        if (now := instant.astimezone(clock).utcoffset()) != last:
            found.append(instant)
            last = now
    return tuple(found)


def _instants(zone: str, first: int, last: int) -> Iterator[datetime]:
    """Instants to compare: all around each change of the clock, and mid-month of every month."""
    for year in range(first, last + 1):
        for near in _year_changes(zone, year):
            yield from (near + step * HOUR for step in range(-8, 3))
        yield from (datetime(year, month, 15, 12, tzinfo=UTC) for month in range(1, 13))


def _compare(zone: str, first: int, last: int) -> None:
    clock = ZoneInfo(zone)
    table = _offsets(vtimezone(zone, first_year=first, last_year=last), until=last)
    wrong = {
        instant: (_offset_at(table, instant), clock.utcoffset(instant.astimezone(clock)))
        for instant in _instants(zone, first, last)
        if first <= instant.astimezone(clock).year <= last
        and _offset_at(table, instant) != instant.astimezone(clock).utcoffset()
    }
    assert wrong == {}


@pytest.mark.parametrize("zone", TRAPS)
def test_a_difficult_zone_shows_the_hours_of_zoneinfo_through_all_its_changes(zone: str) -> None:
    """Every change of the clock from 1997 to 2045, hour by hour around it."""
    _compare(zone, 1997, 2045)


@pytest.mark.soak
@pytest.mark.parametrize("zone", ZONES)
def test_every_zone_shows_the_hours_of_zoneinfo(zone: str) -> None:
    """All zones of the database, through half a century at once and in single years."""
    for first, last in ((1997, 2045), (2011, 2012), (2026, 2026)):
        _compare(zone, first, last)


@settings(max_examples=60)
@example("Pacific/Kosrae", 1997, 1)
@example("America/Managua", 1997, 0)
@example("Europe/Riga", 1997, 8)
@example("Pacific/Norfolk", 2014, 6)
@given(st.sampled_from(ZONES), st.integers(1997, 2060), st.integers(0, 4))
def test_any_zone_shows_the_hours_of_zoneinfo_in_any_years(zone: str, first: int, more: int) -> None:
    """Any zone, any span of years: the expansion by another program agrees with zoneinfo."""
    _compare(zone, first, first + more)


@pytest.mark.parametrize("zone", TRAPS)
def test_icalendar_reads_the_hours_of_zoneinfo_from_it(zone: str) -> None:
    """A calendar library that takes our VTIMEZONE at its word shows the same hours."""
    data = vtimezone(zone, first_year=2014, last_year=2029)
    component = icalendar.Timezone.from_ical(data)
    assert isinstance(component, icalendar.Timezone)
    read = component.to_tz(lookup_tzid=False)
    clock = ZoneInfo(zone)
    walls = [
        wall
        for instant in _instants(zone, 2014, 2029)
        if 2014 <= (wall := instant.astimezone(clock)).year <= 2029 and wall.fold == 0
    ]
    wrong = [wall for wall in walls if read.utcoffset(wall.replace(tzinfo=None)) != wall.utcoffset()]
    assert wrong == []


@pytest.mark.parametrize("zone", TRAPS)
def test_libical_reads_the_hours_of_zoneinfo_from_it(zone: str) -> None:
    """GNOME and KDE's parser, given our VTIMEZONE under a name it does not know, finds the same instants."""
    own = vtimezone(zone, first_year=2018, last_year=2029).replace(zone.encode(), b"Our/Clock")
    clock = ZoneInfo(zone)
    walls = {
        f"{number}": instant.astimezone(clock)
        for number, instant in enumerate(_instants(zone, 2018, 2029))
        if 2018 <= instant.astimezone(clock).year <= 2029 and not _is_twofold(instant.astimezone(clock))
    }
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:x\r\n"
        f"DTSTART;TZID=Our/Clock:{wall:%Y%m%dT%H%M%S}\r\nEND:VEVENT\r\n"
        for uid, wall in walls.items()
    )
    data = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + own + events.encode() + b"END:VCALENDAR\r\n"
    with parsed(data) as calendar:
        assert calendar.errors == 0
        assert calendar.is_allowed
        assert calendar.starts() == {uid: wall.astimezone(UTC) for uid, wall in walls.items()}


def test_brussels_is_written_with_two_yearly_rules() -> None:
    """The sample of calendar.md, section 4, to the letter."""
    assert _lines(vtimezone("Europe/Brussels", first_year=2026, last_year=2027)) == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Brussels",
        "X-LIC-LOCATION:Europe/Brussels",
        "BEGIN:STANDARD",
        "DTSTART:20251026T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:20260329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
    ]


def test_a_fixed_clock_is_one_standard_block() -> None:
    """Kathmandu, and the zone of an empty feed."""
    assert _lines(vtimezone("Asia/Kathmandu", first_year=2027, last_year=2028))[3:-1] == [
        "BEGIN:STANDARD",
        "DTSTART:20270101T000000",
        "TZNAME:+0545",
        "TZOFFSETFROM:+0545",
        "TZOFFSETTO:+0545",
        "END:STANDARD",
    ]
    assert _lines(empty_feed_zone())[:3] == ["BEGIN:VTIMEZONE", "TZID:Etc/UTC", "X-LIC-LOCATION:Etc/UTC"]


def test_a_clock_without_a_yearly_rule_has_one_block_for_each_change() -> None:
    """Morocco's Ramadan: each change stands by itself with DTSTART only, up to the year it left UTC+1."""
    lines = _lines(vtimezone("Africa/Casablanca", first_year=2025, last_year=2027))
    assert [line for line in lines if line.startswith(("BEGIN:S", "BEGIN:D", "DTSTART", "TZOFFSETTO"))] == [
        *("BEGIN:DAYLIGHT", "DTSTART:20240414T020000", "TZOFFSETTO:+0100"),
        *("BEGIN:STANDARD", "DTSTART:20250223T030000", "TZOFFSETTO:+0000"),
        *("BEGIN:DAYLIGHT", "DTSTART:20250406T020000", "TZOFFSETTO:+0100"),
        *("BEGIN:STANDARD", "DTSTART:20260215T030000", "TZOFFSETTO:+0000"),
        *("BEGIN:DAYLIGHT", "DTSTART:20260322T020000", "TZOFFSETTO:+0100"),
        *("BEGIN:STANDARD", "DTSTART:20260920T020000", "TZOFFSETTO:+0000"),
    ]


def test_dublin_calls_its_summer_daylight_time() -> None:
    """In the IANA database Dublin's winter is the exception; clients take DAYLIGHT to be the time ahead."""
    lines = _lines(vtimezone("Europe/Dublin", first_year=2027, last_year=2027))
    assert [line for line in lines if line.startswith(("BEGIN:S", "BEGIN:D", "TZNAME", "TZOFFSETTO"))] == [
        *("BEGIN:STANDARD", "TZNAME:GMT", "TZOFFSETTO:+0000"),
        *("BEGIN:DAYLIGHT", "TZNAME:IST", "TZOFFSETTO:+0100"),
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_no_zone_is_written_in_a_way_some_client_misreads(zone: str) -> None:
    """No RDATE, no COMMENT, no EXDATE, no seconds in offsets, nothing from before the feed's years."""
    lines = _lines(vtimezone(zone, first_year=2014, last_year=2030))
    names = {line.split(":")[0] for line in lines}
    assert names <= {
        *(
            "BEGIN",
            "END",
            "TZID",
            "X-LIC-LOCATION",
            "DTSTART",
            "RRULE",
            "TZNAME",
            "TZOFFSETFROM",
            "TZOFFSETTO",
        )
    }
    starts = [line.removeprefix("DTSTART:") for line in lines if line.startswith("DTSTART")]
    assert starts == sorted(starts)
    assert min(starts) >= "2013"
    rules = [line for line in lines if line.startswith("RRULE")]
    form = re.compile(r"RRULE:FREQ=YEARLY;BYMONTH=\d+;BYDAY=-?\d(SU|MO|TU|WE|TH|FR|SA)")
    assert all(form.fullmatch(rule) for rule in rules)
    assert all(len(line.split(":")[1]) == 5 for line in lines if line.startswith("TZOFFSET"))


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "../../etc/passwd", "/etc/localtime", "Europe", "UTC\n"]
)
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    """Only names of the database are read, and nothing outside its folder."""
    with pytest.raises(UnknownZone):
        vtimezone(name, first_year=2027, last_year=2027)
