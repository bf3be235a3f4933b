"""How failures are told of and tried again."""

from datetime import UTC, datetime, timedelta

from scheduler.setbacks import LONGEST_WAIT, Setbacks

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_setbacks_of_an_hour_are_told_every_ten_minutes() -> None:
    """A database that is gone for an hour leaves six lines, not one a tick."""
    setbacks = Setbacks()
    told, tried = [], 0
    for second in range(3601):
        now = NOON + timedelta(seconds=second)
        if setbacks.holds(now):
            continue
        tried += 1
        if setbacks.failed("The database is gone.", now=now):
            told.append(second)
    assert len(told) == 6
    assert tried > 600
    assert setbacks.over() == tried


def test_setbacks_with_a_new_reason_are_told_at_once() -> None:
    """A second, different trouble is not hidden behind the first."""
    setbacks = Setbacks()
    first = setbacks.failed("The disk is full.", now=NOON)
    again = setbacks.failed("The disk is full.", now=NOON + timedelta(seconds=1))
    other = setbacks.failed("The database is read-only.", now=NOON + timedelta(seconds=2))
    assert (first, again, other) == (True, False, True)


def test_setbacks_wait_grows_to_its_limit_and_ends_with_success() -> None:
    """The waits grow from half a second to the limit; after a success there is none."""
    setbacks, now, waits = Setbacks(), NOON, []
    for _ in range(6):
        setbacks.failed("x", now=now)
        assert setbacks.again_at is not None
        waits.append((setbacks.again_at - now).total_seconds())
        now = setbacks.again_at
    assert waits == [0.5, 1, 2, 4, LONGEST_WAIT.total_seconds(), LONGEST_WAIT.total_seconds()]
    setbacks.over()
    assert not setbacks.holds(now)


def test_setbacks_when_the_clock_is_put_back_do_not_hold_for_ever() -> None:
    """A clock that is corrected by a day does not leave a job waiting for a day."""
    setbacks = Setbacks()
    setbacks.failed("x", now=NOON)
    assert setbacks.holds(NOON)
    assert not setbacks.holds(NOON - timedelta(days=1))
