"""POSIX rules: how a zone's clock goes on for ever."""

from datetime import datetime

import pytest

from calendar_feed.posix_rule import Observance, PosixRule, Turn


def test_a_rule_with_two_turns_is_read_whole() -> None:
    """Offsets are east of Greenwich, times are those the clock shows before it is changed."""
    assert PosixRule.parse("CET-1CEST,M3.5.0,M10.5.0/3") == PosixRule(
        standard=Observance(3600, daylight=False, name="CET"),
        daylight=Observance(7200, daylight=True, name="CEST"),
        to_daylight=Turn("M3.5.0", 7200),
        to_standard=Turn("M10.5.0", 10800),
    )


def test_a_fixed_clock_has_no_turns() -> None:
    """Kathmandu's clock is never changed."""
    rule = PosixRule.parse("<+0545>-5:45")
    assert rule == PosixRule(Observance(20700, daylight=False, name="+0545"))
    assert rule.turns() == ()


@pytest.mark.parametrize(
    ("day", "seconds", "year", "onset"),
    [
        ("M3.5.0", 7200, 2027, "2027-03-28 02:00"),
        ("M10.5.0", 10800, 2026, "2026-10-25 03:00"),
        ("M3.2.0", 7200, 2027, "2027-03-14 02:00"),
        ("M2.5.0", 0, 2026, "2026-02-22 00:00"),
        ("M9.1.6", 86400, 2027, "2027-09-05 00:00"),
        ("M3.5.0", -3600, 2027, "2027-03-27 23:00"),
        ("J60", 0, 2028, "2028-03-01 00:00"),
        ("J60", 0, 2027, "2027-03-01 00:00"),
        ("59", 0, 2028, "2028-02-29 00:00"),
        ("0", 0, 2027, "2027-01-01 00:00"),
    ],
)
def test_a_turn_falls_on_its_day_each_year(day: str, seconds: int, year: int, onset: str) -> None:
    """All three forms of a day, leap years, and times outside the day."""
    assert Turn(day, seconds).onset(year) == datetime.fromisoformat(onset)


@pytest.mark.parametrize(
    ("day", "seconds", "rule"),
    [
        ("M3.5.0", 7200, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
        ("M11.1.0", 7200, "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
        ("M4.4.4", 0, "FREQ=YEARLY;BYMONTH=4;BYDAY=4TH"),
        ("M9.1.6", 86400, None),
        ("M3.5.0", -3600, None),
        ("J60", 0, None),
        ("59", 0, None),
    ],
)
def test_only_a_turn_on_a_weekday_of_a_month_has_a_plain_recurrence(
    day: str, seconds: int, rule: str | None
) -> None:
    """Where the time moves the date off the weekday, or the day is counted, no plain RRULE exists."""
    assert Turn(day, seconds).recurrence == rule


@pytest.mark.parametrize("text", ["", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "nonsense"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    """A broken footer is a defect of the file, and said so."""
    with pytest.raises(ValueError, match="not a POSIX rule"):
        PosixRule.parse(text)
