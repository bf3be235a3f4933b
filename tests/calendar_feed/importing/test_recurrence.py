"""Series: the same dates as another reader of RRULE finds, and no rule that keeps anybody busy."""

import datetime as dt
from datetime import date, datetime, timedelta
from itertools import takewhile
from unittest.mock import patch

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # it has none
from hypothesis import given, settings
from hypothesis import strategies as st

from calendar_feed.importing.entries import read_entries
from calendar_feed.importing.properties import UnreadableEvent
from calendar_feed.importing.recurrence import days_of, read_rule
from calendar_feed.importing.source_file import UnreadableFile
from tests.calendar_feed.importing.real_files import calendar

TODAY = date(2026, 11, 23)
HORIZON = date(2030, 12, 31)
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules as calendar programs write them, and stranger ones."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    if draw(st.booleans()):
        months = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True))
        parts.append("BYMONTH=" + ",".join(map(str, months)))
    weekdays = draw(st.lists(st.sampled_from(WEEKDAYS), max_size=3, unique=True))
    if weekdays:
        # dateutil reads "MO,1TU" as both at once, RFC 5545 as either; they are not mixed here.
        numbered = frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans())
        places = ["1", "2", "-1"] if numbered else [""]
        parts.append("BYDAY=" + ",".join(draw(st.sampled_from(places)) + day for day in weekdays))
    elif frequency in {"DAILY", "MONTHLY"} and draw(st.booleans()):
        days = draw(st.lists(st.sampled_from([1, 15, 29, 31, -1]), min_size=1, max_size=2, unique=True))
        parts.append("BYMONTHDAY=" + ",".join(map(str, days)))
    if frequency == "MONTHLY" and len(parts) > 3 and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from([1, 2, -1]))}")
    return ";".join(parts)


@settings(max_examples=80)
@given(rules(), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_dates_are_those_of_another_reader(text: str, start: date) -> None:
    """Whatever the rule, dateutil gives the same days up to the horizon; the first is always among ours.

    dateutil leaves out a beginning that its own rule does not hold; RFC 5545 counts it as the first.
    """
    begun = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - days alone
    unbounded = ";".join(part for part in text.split(";") if not part.startswith("COUNT"))
    with patch.object(dt, "MAXYEAR", HORIZON.year):  # or it looks for 30 February until the year 9999
        theirs = takewhile(
            lambda day: day <= HORIZON, (at.date() for at in rrulestr(unbounded, dtstart=begun))
        )
        later = [day for day in theirs if day > start]
    rule = read_rule(text, line=1)
    expected = [start, *later][: rule.count]
    assert list(days_of(rule, start=start, horizon=HORIZON, line=1)) == expected


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", ["2027-05-17", "2028-05-15"]),
        ("FREQ=YEARLY;BYYEARDAY=100,-1", ["2027-04-10", "2027-12-31", "2028-04-09", "2028-12-31"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", []),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;UNTIL=20270228", ["2027-01-29", "2027-02-26"]),
    ],
)  # fmt: skip
def test_rare_rules_give_the_days_that_the_rfc_means(text: str, days: list[str]) -> None:
    """Weeks and days of the year count as RFC 5545 says; a day that never comes ends at the horizon."""
    start = date(2027, 1, 1)
    found = list(days_of(read_rule(text, line=1), start=start, horizon=date(2028, 12, 31), line=1))
    assert [day.isoformat() for day in found] == ["2027-01-01", *days]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FREQ=SECONDLY", "The event of line 4 repeats by the hour; no meeting does."),
        ("FREQ=DAILY;BYHOUR=1,2,3", "The event of line 4 repeats by the hour; no meeting does."),
        ("FREQ=DAILY;INTERVAL=0", "RRULE “FREQ=DAILY;INTERVAL=0” in line 4 is not a rule that can be read."),
        ("FREQ=MONTHLY;BYDAY=XX", "RRULE “FREQ=MONTHLY;BYDAY=XX” in line 4 is not a rule that can be read."),
        ("nonsense", "RRULE “nonsense” in line 4 is not a rule that can be read."),
    ],
)
def test_rule_that_is_none_or_repeats_by_the_hour_is_refused(text: str, reason: str) -> None:
    """The sentence names the line."""
    with pytest.raises(UnreadableEvent) as refused:
        read_rule(text, line=4)
    assert str(refused.value) == reason


def test_series_is_written_out_within_two_years_and_says_that_it_goes_on() -> None:
    """A yearly series without an end gives the dates of four years, the first of which says that."""
    event = "UID:a\nSUMMARY:Yearly\nDTSTART;VALUE=DATE:20200610\nRRULE:FREQ=YEARLY"
    entries, _ = read_entries(calendar(event), name="x.ics", today=TODAY)
    assert [entry.uid for entry in entries] == ["a_20250610", "a_20260610", "a_20270610", "a_20280610"]
    assert entries[0].warnings == ["The series goes on; only its dates within two years of today were taken."]


def test_series_of_too_many_dates_is_refused() -> None:
    """A daily event is no series of meetings."""
    event = "UID:a\nSUMMARY:Daily\nDTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY"
    (entry,), _ = read_entries(calendar(event), name="x.ics", today=TODAY)
    assert entry.refusal == (
        "The event of line 4 repeats more than 200 times within two years of today; "
        "that is no series of meetings."
    )


def test_until_in_utc_is_compared_with_the_hour_of_the_meeting() -> None:
    """New York's last evening lies on the next day in UTC, and no meeting follows from that."""
    zone = "America/New_York"
    event = (
        f"UID:a\nSUMMARY:S\nDTSTART;TZID={zone}:20270607T090000\nDURATION:PT1H\n"
        "RRULE:FREQ=DAILY;UNTIL=20270609T035959Z"
    )
    entries, _ = read_entries(calendar(event), name="x.ics", today=TODAY)
    assert [entry.uid for entry in entries] == ["a_20270607", "a_20270608"]


def test_rules_of_a_whole_file_are_bounded() -> None:
    """Thousands of harmless rules that run over decades are refused together."""
    event = "UID:{}\nSUMMARY:S\nDTSTART;VALUE=DATE:19900101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    with pytest.raises(UnreadableFile, match="repeat over more days than any calendar of meetings"):
        read_entries(calendar(*(event.format(number) for number in range(200))), name="x.ics", today=TODAY)


def test_date_taken_out_is_marked_and_a_moved_series_keeps_its_uids() -> None:
    """EXDATE marks its date; an hour's shift of the whole series changes no UID."""
    event = (
        "UID:a\nSUMMARY:S\nDTSTART;TZID=Africa/Lusaka:20270104T{0}\nDURATION:PT1H\n"
        "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Africa/Lusaka:20270111T{0}"
    )
    for clock in ("090000", "100000"):
        entries, _ = read_entries(calendar(event.format(clock)), name="x.ics", today=TODAY)
        days = [date(2027, 1, 4) + timedelta(weeks=number) for number in range(3)]
        assert [(entry.uid, entry.is_gone) for entry in entries] == [
            (f"a_{day:%Y%m%d}", day.day == 11) for day in days
        ]
