"""When an event is: zones by all their names, ends that include or exclude, hours that nobody can place."""

from datetime import date

import pytest

from calendar_feed.importing.entries import read_entries
from calendar_feed.importing.told import Entry
from calendar_feed.importing.zone_names import meant_zone
from models.when import When
from models.zone import UnknownZone
from tests.calendar_feed.importing.real_files import calendar

TODAY = date(2026, 11, 23)
LUSAKA = "TZID=Africa/Lusaka"
EVENT = "UID:{uid}\nSUMMARY:Meeting\n{lines}"


def _read(*lines: str, header: str = "", zone: str | None = None) -> list[Entry]:
    events = (EVENT.format(uid=number, lines=one) for number, one in enumerate(lines))
    return read_entries(calendar(*events, header=header), name="x.ics", today=TODAY, zone=zone)[0]


def _when(lines: str, *, header: str = "", zone: str | None = None) -> When | None:
    (entry,) = _read(lines, header=header, zone=zone)
    assert entry.refusal is None
    assert entry.told is not None
    return entry.told.when


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Brussels", "Europe/Brussels"),
        ("europe/brussels", "Europe/Brussels"),
        ("/freeassociation.sourceforge.net/Europe/Brussels", "Europe/Brussels"),
        ("/mozilla.org/20050126_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Romance Standard Time", "Europe/Paris"),
        ("E. Africa Standard Time", "Africa/Nairobi"),
        ("India Standard Time", "Asia/Kolkata"),
        ("FLE Standard Time", "Europe/Kyiv"),
        ("(UTC+03:00) Nairobi", "Africa/Nairobi"),
        ("(UTC+10:00) Canberra, Melbourne, Sydney", "Australia/Melbourne"),
        ("(UTC-03:00) City of Buenos Aires, Montevideo", "America/Montevideo"),
        ("(UTC) Coordinated Universal Time", "UTC"),
        ("UTC", "UTC"),
    ],
)
def test_zone_is_known_by_each_of_its_names(name: str, zone: str) -> None:
    """IANA's names, behind a library's path too, Windows' names, and the line Outlook shows."""
    assert meant_zone(name, defined={}) == zone


def test_zone_of_no_known_name_is_taken_from_its_definition_or_refused() -> None:
    """X-LIC-LOCATION says which place a home-made name means; without it the sentence says what to write."""
    assert (
        meant_zone("Customized Time Zone", defined={"Customized Time Zone": "Africa/Lusaka"})
        == "Africa/Lusaka"
    )
    with pytest.raises(UnknownZone, match=r"“Customized Time Zone” is neither .* like Europe/Zurich"):
        meant_zone("Customized Time Zone", defined={"Customized Time Zone": None})


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        ("DTSTART;VALUE=DATE:20270608\nDTEND;VALUE=DATE:20270611", "2027-06-08", "2027-06-10"),
        ("DTSTART;VALUE=DATE:20270608\nDTEND;VALUE=DATE:20270609", "2027-06-08", "2027-06-08"),
        ("DTSTART;VALUE=DATE:20270608\nDTEND;VALUE=DATE:20270608", "2027-06-08", "2027-06-08"),
        ("DTSTART;VALUE=DATE:20270608", "2027-06-08", "2027-06-08"),
        ("DTSTART:20270608\nDURATION:P3D", "2027-06-08", "2027-06-10"),
        (f"DTSTART;{LUSAKA}:20270608T000000\nDTEND;{LUSAKA}:20270611T000000", "2027-06-08", "2027-06-10"),
        (f"DTSTART;{LUSAKA}:20270608T000000\nDTEND;{LUSAKA}:20270610T235900", "2027-06-08", "2027-06-10"),
    ],
)  # fmt: skip
def test_days_are_those_that_are_meant(lines: str, start: str, end: str) -> None:
    """DTEND is the day after, unless it is the day itself; midnight to midnight is whole days."""
    assert _when(lines) == When.parse(start, end)


def test_days_written_in_utc_begin_at_the_calendars_own_midnight() -> None:
    """Exchange writes whole days as UTC; on the calendar's clock they begin at midnight."""
    lines = "DTSTART:20270607T220000Z\nDTEND:20270609T220000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"
    assert _when(lines, header="X-WR-TIMEZONE:Europe/Brussels\n") == When.parse("2027-06-08", "2027-06-09")


def test_ends_that_include_the_last_day_are_repaired_only_where_the_file_shows_it() -> None:
    """Two one-day events that end on their day show the habit; one alone does not, nor beside a right one."""
    same = "DTSTART;VALUE=DATE:20270301\nDTEND;VALUE=DATE:20270301"
    right = "DTSTART;VALUE=DATE:20270301\nDTEND;VALUE=DATE:20270302"
    longer = "DTSTART;VALUE=DATE:20270608\nDTEND;VALUE=DATE:20270610"

    def last(*lines: str) -> date | None:
        told = _read(*lines, longer)[-1].told
        assert told is not None
        assert told.when is not None
        return told.when.last

    assert last(same, same) == date(2027, 6, 10)
    assert last(same) == date(2027, 6, 9)
    assert last(same, same, right) == date(2027, 6, 9)


def test_hours_without_a_zone_take_the_files_or_the_editors_and_are_refused_without_either() -> None:
    """A floating hour is on X-WR-TIMEZONE's clock, or on that of --zone, or on nobody's."""
    lines = "DTSTART:20270608T090000\nDTEND:20270608T170000"
    meant = When.parse("2027-06-08 09:00", "2027-06-08 17:00", "Africa/Lusaka")
    assert _when(lines, header="X-WR-TIMEZONE:South Africa Standard Time\n") == When.parse(
        "2027-06-08 09:00", "2027-06-08 17:00", "Africa/Johannesburg"
    )
    assert _when(lines, zone="Africa/Lusaka") == meant
    (entry,) = _read(lines)
    assert entry.refusal == (
        "DTSTART in line 7 has an hour but no zone, and the file names none (X-WR-TIMEZONE). "
        "Say with --zone which clock is meant."
    )


def test_moment_stays_the_same_on_whatever_clock_it_is_shown() -> None:
    """The second of two equal hours in autumn has no name on the wall: it is kept in UTC."""
    when = _when("DTSTART:20271031T013000Z\nDTEND:20271031T033000Z", header="X-WR-TIMEZONE:Europe/Brussels\n")
    assert when == When.parse("2027-10-31 01:30", "2027-10-31 03:30", "UTC")


def test_zone_outside_the_country_warns() -> None:
    """Brussels' clock for a meeting in Lusaka is taken as it stands, and told."""
    (entry,) = _read(
        "LOCATION:Lusaka\\, Zambia\nDTSTART;TZID=Europe/Brussels:20270608T090000\n"
        "DTEND;TZID=Europe/Brussels:20270608T170000"
    )
    assert entry.warnings == [
        "The hours are on the clock of Europe/Brussels, which is not in the country of the meeting (ZM)."
    ]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("DTSTART:tomorrow", "DTSTART “tomorrow” in line 7 is not a date."),
        ("DTSTART;VALUE=DATE:20270230", "DTSTART “20270230” in line 7 is not a date."),
        ("DTSTART;VALUE=DATE:99990101", "DTSTART “99990101” in line 7 is not a date."),
        ("X-ISCM-SLUG:x", "The event has no DTSTART, so nobody knows when it is."),
        (
            "DTSTART;VALUE=DATE:20270608\nDTEND:20270609T090000Z",
            "DTSTART in line 7 and DTEND in line 8 must both be days, or both hours.",
        ),
        ("DTSTART;VALUE=DATE:20270608\nDTEND;VALUE=DATE:20270601", "DTEND in line 8 lies before DTSTART."),
        (
            "DTSTART;VALUE=DATE:20270608\nDURATION:forever",
            "DURATION “forever” in line 8 is not a length of time.",
        ),
        (
            "DTSTART;TZID=Europe/Brussels:20270328T023000",
            (
                "02:30 on 2027-03-28 does not exist in Europe/Brussels: the clocks are put forward then. "
                "Give an hour before or after."
            ),
        ),
    ],
)
def test_event_at_no_possible_time_is_refused_with_its_line(lines: str, reason: str) -> None:
    """The sentence says which line, and what is wrong with it."""
    assert [entry.refusal for entry in _read(lines)] == [reason]
