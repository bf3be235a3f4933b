"""Windows: the hours in which an issue may be sent, on clocks that skip and repeat hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.wall_clock import UnreadableTime
from newsletter.windows import (
    UnreadableWindow,
    Window,
    is_open,
    moment_after,
    next_closing,
    next_opening,
    read_window,
)

ZONES = ("Europe/Zurich", "Africa/Casablanca", "Australia/Lord_Howe", "America/Santiago", "UTC")
CHANGES = (
    datetime(2027, 3, 28, 1, tzinfo=UTC),  # Zurich, forward
    datetime(2027, 10, 31, 1, tzinfo=UTC),  # Zurich, back
    datetime(2027, 4, 3, 15, tzinfo=UTC),  # Lord Howe, back by half an hour
    datetime(2027, 10, 2, 15, 30, tzinfo=UTC),  # Lord Howe, forward
    datetime(2027, 9, 5, 4, tzinfo=UTC),  # Santiago, forward at midnight
    datetime(2027, 4, 4, 3, tzinfo=UTC),  # Santiago, back at midnight
)
MINUTE = timedelta(minutes=1)

windows = st.builds(
    lambda days, start, length, zone: Window(
        days=days, start=start, end=(start + length - 1) % 1440 + 1, zone=zone
    ),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    start=st.integers(0, 1439),
    length=st.integers(1, 1440),
    zone=st.sampled_from(ZONES),
).filter(lambda window: window.start != window.end)
moments = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-3000, 3000),
)


def at(text: str, zone: str = "Europe/Zurich") -> datetime:
    """A time on the clock of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("weekdays 08-18 Europe/Zurich", "weekdays 08-18 Europe/Zurich"),
        ("Mon-Fri 08:00-18:00", "weekdays 08-18 UTC"),
        ("sat,sun 00-24 africa/lusaka", "weekends 00-24 Africa/Lusaka"),
        ("fri-mon 22:30-06:15 UTC", "mon,fri,sat,sun 22:30-06:15 UTC"),
        ("daily 22-00", "daily 22-24 UTC"),
        ("mon-sun 22-06", "daily 22-06 UTC"),
    ],
)
def test_window_is_read_and_kept_in_one_spelling(written: str, kept: str) -> None:
    """However it was written, it is shown and stored the same."""
    assert str(read_window(written, zone="UTC")) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "weekdays",
        "08-18 weekdays",
        "weekday 08-18",
        "mon- 08-18",
        "mon,,tue 08-18",
        "mo 08-18",
        "weekdays 8-18",
        "weekdays 08:-18",
        "weekdays 08-25",
        "weekdays 24-06",
        "weekdays 08:60-18",
        "weekdays 08-24:01",
        "weekdays 08-08",
        "weekdays 08–18",
        "weekdays ٠٨-١٨",
        "weekdays 08-18 Europe/Zurich please",
    ],
)
def test_window_that_is_not_plain_is_refused(written: str) -> None:
    """No guess is made of what an editor may have meant."""
    with pytest.raises(UnreadableWindow, match="Write it like “weekdays 08-18 Europe/Zurich”"):
        read_window(written, zone="UTC")


def test_window_in_a_zone_that_is_not_is_refused() -> None:
    """With what is written much like it."""
    with pytest.raises(UnreadableTime, match="Did you mean: Europe/Zurich"):
        read_window("daily 08-18 Europe/Zürich", zone="UTC")


def test_night_belongs_to_the_day_it_begins_on() -> None:
    """From Friday evening to Saturday morning, and not from Sunday to Monday."""
    nights = (read_window("weekdays 22-06 Europe/Zurich", zone="UTC"),)
    assert next_opening(nights, at("2026-12-12 07:00")) == at("2026-12-14 22:00")
    assert is_open(nights, at("2026-12-12 05:59"))
    assert not is_open(nights, at("2026-12-12 06:00"))
    assert not is_open(nights, at("2026-12-14 05:00"))
    assert next_closing(nights, at("2026-12-11 23:00")) == at("2026-12-12 06:00")


@pytest.mark.parametrize(
    ("window", "since", "opens", "closes"),
    [
        # The clock skips the beginning: it opens where the clock goes on.
        ("daily 02:30-05 Europe/Zurich", "2027-03-28 01:00", "2027-03-28T01:00", "2027-03-28T03:00"),
        # The clock skips all of it: that day there is none.
        ("sun 02:15-02:45 Europe/Zurich", "2027-03-28 01:00", "2027-04-04T00:15", "2027-04-04T00:45"),
        # The clock shows it twice: it is open twice.
        ("daily 02:15-02:45 Europe/Zurich", "2027-10-31 01:00", "2027-10-31T00:15", "2027-10-31T00:45"),
        ("daily 02-04 Europe/Zurich", "2027-10-31 01:00", "2027-10-31T00:00", "2027-10-31T03:00"),
        # Santiago has no midnight that day.
        ("sun 00-06 America/Santiago", "2027-09-05 00:00", "2027-09-05T04:00", "2027-09-05T09:00"),
    ],
)
def test_window_on_the_day_the_clock_changes(window: str, since: str, opens: str, closes: str) -> None:
    """What the clock skips is not there, and what it shows twice counts twice."""
    kept = (read_window(window, zone="UTC"),)
    found = next_opening(kept, at(since))
    assert (found, next_closing(kept, found)) == (
        datetime.fromisoformat(opens).replace(tzinfo=UTC),
        datetime.fromisoformat(closes).replace(tzinfo=UTC),
    )


def test_several_windows_are_one_where_they_meet() -> None:
    """It closes when no other is open, by whatever clock."""
    both = tuple(read_window(text, zone="UTC") for text in ("daily 08-12 UTC", "daily 13-17 Europe/Zurich"))
    assert next_closing(both, datetime(2026, 12, 14, 9, tzinfo=UTC)) == datetime(2026, 12, 14, 16, tzinfo=UTC)
    whole = (read_window("daily 00-24", zone="UTC"),)
    assert next_closing(whole, datetime(2026, 12, 14, tzinfo=UTC)) is None
    assert is_open((), datetime(2026, 12, 14, tzinfo=UTC))


def test_sending_time_is_counted_in_open_hours() -> None:
    """Twelve hours of work that begin on Friday at noon end on Monday at two."""
    office = (read_window("weekdays 08-18 Europe/Zurich", zone="UTC"),)
    friday = at("2026-12-11 12:00")
    assert moment_after(office, friday, seconds=12 * 3600) == at("2026-12-14 14:00")
    assert moment_after(office, friday, seconds=60) == at("2026-12-11 12:01")
    assert moment_after(office, friday, seconds=1e9) is None


@given(windows)
def test_written_window_reads_back(window: Window) -> None:
    """What is kept in the row is what the editor meant."""
    assert read_window(str(window), zone="Africa/Lusaka") == window


@settings(max_examples=60)
@given(st.lists(windows, min_size=1, max_size=3), moments)
def test_next_turn_is_the_first_minute_at_which_it_is_so(found: list[Window], moment: datetime) -> None:
    """Against looking at every minute: nothing opens or closes earlier, and none is missed."""
    opens = next_opening(found, moment)
    assert is_open(found, opens)
    assert opens == moment or not is_open(found, opens - MINUTE)
    closes = next_closing(found, opens)
    looked_until = moment + timedelta(days=1)
    minute = moment
    while minute < looked_until:
        if minute < opens:
            assert not is_open(found, minute)
        elif closes is None or minute < closes:
            assert is_open(found, minute)
        else:
            break
        minute += MINUTE
    assert closes is None or not is_open(found, closes)


@given(windows, moments)
def test_window_is_open_exactly_when_the_clock_at_its_place_says_so(window: Window, moment: datetime) -> None:
    """The wall decides, whatever the offset: the plain reading of "22-06 on these days"."""
    wall = moment.astimezone(ZoneInfo(window.zone)).replace(tzinfo=None)
    inside = False
    for back in (0, 1):
        midnight = (wall - timedelta(days=back)).replace(hour=0, minute=0)
        until = window.end if window.end > window.start else window.end + 1440
        begins, ends = (midnight + timedelta(minutes=minutes) for minutes in (window.start, until))
        inside |= midnight.weekday() in window.days and begins <= wall < ends
    assert window.is_open(moment) is inside
