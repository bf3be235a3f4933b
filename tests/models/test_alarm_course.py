"""An alarm's course: begun once, told once, over once; whatever comes and goes meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from models import Alarm, Database
from models.alarm_course import (
    FORGOTTEN_AFTER,
    REMINDED_AFTER,
    SETTLES_IN,
    NoSuchAlarm,
    Turns,
    close_alarm,
    mark_told,
    note_troubles,
    open_alarms,
    untold_alarms,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TICK = timedelta(seconds=5)


def look(database: Database, *keys: str, now: datetime, among: str = "") -> Turns:
    """Find these troubles, and no others of their kind."""
    with database.writing() as session:
        return note_troubles(session, {key: f"{key} at {now:%H:%M}" for key in keys}, among=among, now=now)


def untold(database: Database, *, now: datetime) -> tuple[list[str], list[str], list[str]]:
    """What is to be told: begun, lasting, over."""
    with database.reading() as session:
        found = untold_alarms(session, now=now)
        return tuple([one.key for one in some] for some in (found.begun, found.lasting, found.over))  # type: ignore[return-value]  # three of them


def tell(database: Database, *, now: datetime) -> None:
    """Tell all there is to tell."""
    begun, lasting, over = untold(database, now=now)
    with database.writing() as session:
        mark_told(session, [*begun, *lasting], over=over, now=now)


def test_trouble_begins_once_and_is_told_once(database: Database) -> None:
    """However often it is seen, it is told when it begins, and again only after a day."""
    assert look(database, "disk", now=NOW) == Turns(begun=("disk",))
    assert untold(database, now=NOW) == (["disk"], [], [])
    tell(database, now=NOW)
    now = NOW
    for _ in range(100):
        now += TICK
        assert look(database, "disk", now=now) == Turns()
        assert untold(database, now=now) == ([], [], [])
    with database.reading() as session:
        (alarm,) = open_alarms(session)
        assert (alarm.count, alarm.raised_at, alarm.seen_at, alarm.sentence) == (
            101,
            NOW,
            now,
            "disk at 12:08",
        )
    later = NOW + REMINDED_AFTER
    look(database, "disk", now=later)
    assert untold(database, now=later) == ([], ["disk"], [])
    tell(database, now=later)
    assert untold(database, now=later) == ([], [], [])


def test_trouble_is_over_when_it_has_stayed_away(database: Database) -> None:
    """Two minutes without it end the alarm; that is told once."""
    look(database, "feeds", now=NOW)
    tell(database, now=NOW)
    assert look(database, now=NOW + SETTLES_IN - TICK) == Turns()
    assert look(database, now=NOW + SETTLES_IN) == Turns(over=("feeds",))
    assert look(database, now=NOW + SETTLES_IN + TICK) == Turns()
    assert untold(database, now=NOW + SETTLES_IN) == ([], [], ["feeds"])
    tell(database, now=NOW + SETTLES_IN)
    assert untold(database, now=NOW + SETTLES_IN) == ([], [], [])


def test_trouble_that_comes_and_goes_is_one_alarm(database: Database) -> None:
    """Back within two minutes it never ended; back before its end was told, it goes on."""
    look(database, "feeds", now=NOW)
    tell(database, now=NOW)
    look(database, now=NOW + SETTLES_IN - TICK)
    assert look(database, "feeds", now=NOW + SETTLES_IN) == Turns()
    assert untold(database, now=NOW + SETTLES_IN) == ([], [], [])
    gone = NOW + 2 * SETTLES_IN
    assert look(database, now=gone) == Turns(over=("feeds",))
    assert look(database, "feeds", now=gone + TICK) == Turns()
    assert untold(database, now=gone + TICK) == ([], [], [])


def test_trouble_that_returns_after_its_end_was_told_is_a_new_alarm(database: Database) -> None:
    """It is told anew, with the time of its new beginning."""
    look(database, "disk", now=NOW)
    tell(database, now=NOW)
    over = NOW + SETTLES_IN
    look(database, now=over)
    tell(database, now=over)
    again = over + timedelta(hours=1)
    assert look(database, "disk", now=again) == Turns(begun=("disk",))
    assert untold(database, now=again) == (["disk"], [], [])
    with database.reading() as session:
        assert [(one.raised_at, one.count) for one in open_alarms(session)] == [(again, 1)]


def test_each_kind_is_looked_at_by_itself(database: Database) -> None:
    """A look at letters ends no alarm about a disk, and a name with % in it is only a name."""
    look(database, "disk", "job a%b", now=NOW)
    later = NOW + timedelta(hours=1)
    assert look(database, now=later, among="letters ") == Turns()
    assert look(database, now=later, among="job a%") == Turns(over=("job a%b",))
    assert look(database, now=later, among="job x") == Turns()


def test_alarm_put_aside_is_told_no_more_until_it_has_been_over(database: Database) -> None:
    """Closed, it lasts in silence, and ends in silence; its return is an alarm like any other."""
    look(database, "issue 2026 expired", now=NOW)
    with database.writing() as session:
        assert close_alarm(session, "issue 2026 expired", editor="Ana").closed_by == "Ana"
    days = NOW + timedelta(days=3)
    assert look(database, "issue 2026 expired", now=days) == Turns()
    assert untold(database, now=days) == ([], [], [])
    over = days + SETTLES_IN
    look(database, now=over)
    assert untold(database, now=over) == ([], [], [])
    assert look(database, "issue 2026 expired", now=over + TICK) == Turns(begun=("issue 2026 expired",))
    assert untold(database, now=over + TICK) == (["issue 2026 expired"], [], [])


@pytest.mark.parametrize("name", ["", "disk ", "nothing"])
def test_only_what_lasts_can_be_put_aside(sqlite_database: Database, name: str) -> None:
    """The refusal names the command that lists them."""
    look(sqlite_database, "disk", now=NOW)
    look(sqlite_database, now=NOW + SETTLES_IN)
    with pytest.raises(NoSuchAlarm, match="iscm alarms list"), sqlite_database.writing() as session:
        close_alarm(session, name or "disk", editor="Ana")


def test_what_was_over_long_ago_is_not_told_to_a_newcomer(sqlite_database: Database) -> None:
    """Whoever sets ISCM_ALERT_TO today is not told of last month; of this week they are."""
    ends: Sequence[tuple[str, timedelta]] = (("old", FORGOTTEN_AFTER), ("recent", timedelta(days=1)))
    with sqlite_database.writing() as session:
        for key, ago in ends:
            session.add(
                Alarm(key=key, sentence="x", raised_at=NOW - ago, seen_at=NOW - ago, over_at=NOW - ago)
            )
    assert untold(sqlite_database, now=NOW) == ([], [], ["recent"])
