"""When jobs are due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.due import Daily, Yearly

ZONES = st.sampled_from(["UTC", "Europe/Zurich", "Africa/Casablanca", "Pacific/Apia", "America/New_York"])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
TEN_PAST = Daily(time(0, 10))
DRAFT = Yearly(12, 1, time(6), late=timedelta(days=60))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 5, 0, 9, 59, tzinfo=UTC), datetime(2026, 3, 4, 0, 10, tzinfo=UTC)),
        (datetime(2026, 3, 5, 0, 10, tzinfo=UTC), datetime(2026, 3, 5, 0, 10, tzinfo=UTC)),
        (datetime(2026, 3, 5, 23, 59, tzinfo=UTC), datetime(2026, 3, 5, 0, 10, tzinfo=UTC)),
        (datetime(2026, 1, 1, 0, 0, tzinfo=UTC), datetime(2025, 12, 31, 0, 10, tzinfo=UTC)),
    ],
)
def test_daily_due_is_the_last_one_that_has_come(now: datetime, due: datetime) -> None:
    """The due time is today's from its minute on, and yesterday's before it."""
    assert TEN_PAST.latest(now) == due


@given(MOMENTS, ZONES)
def test_daily_due_does_not_depend_on_the_zone_of_the_asker(now: datetime, zone: str) -> None:
    """The same instant has the same due time, in whatever zone it is written."""
    assert TEN_PAST.latest(now.astimezone(ZoneInfo(zone))) == TEN_PAST.latest(now)


@given(MOMENTS)
def test_daily_due_is_never_ahead_nor_a_day_behind(now: datetime) -> None:
    """Every moment has exactly one due time in the 24 hours up to it."""
    assert timedelta(0) <= now - TEN_PAST.latest(now) < timedelta(days=1)


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_daily_due_comes_once_in_nights_with_a_missing_or_a_double_hour(night: date) -> None:
    """A job at 02:30 or any other time comes once in a night on which Europe moves its clocks."""
    start = datetime.combine(night, time(0), ZoneInfo("Europe/Zurich")).astimezone(UTC)
    for hour in range(24):
        job = Daily(time(hour, 30))
        seen = {job.latest(start + timedelta(minutes=minute)) for minute in range(0, 24 * 60, 5)}
        assert len({due for due in seen if due >= start}) == 1


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 12, 1, 5, 59, tzinfo=UTC), None),
        (datetime(2026, 12, 1, 6, tzinfo=UTC), datetime(2026, 12, 1, 6, tzinfo=UTC)),
        (datetime(2027, 1, 20, tzinfo=UTC), datetime(2026, 12, 1, 6, tzinfo=UTC)),
        (datetime(2027, 1, 31, tzinfo=UTC), None),
        (datetime(2027, 7, 1, tzinfo=UTC), None),
    ],
)
def test_yearly_due_is_made_up_for_within_its_days_and_then_dropped(
    now: datetime, due: datetime | None
) -> None:
    """A machine that was off on 1 December does it in January; one set up in summer leaves last year's."""
    assert DRAFT.latest(now) == due
