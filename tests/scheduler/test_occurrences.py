"""A job at a due time is done by one process."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models import Database, Occurrence
from scheduler import occurrences
from scheduler.occurrences import LEASE, Claim

DUE = datetime(2026, 5, 4, 0, 10, tzinfo=UTC)
NOW = DUE + timedelta(seconds=1)


def take(database: Database, owner: str, now: datetime = NOW, due_at: datetime = DUE) -> Claim | None:
    """Claim the job "day" as owner."""
    with database.writing() as session:
        return occurrences.claim(session, job="day", due_at=due_at, owner=owner, now=now)


def taken(database: Database, owner: str, now: datetime = NOW) -> Claim:
    """Claim and expect to get it."""
    held = take(database, owner, now)
    assert held is not None
    return held


def row(database: Database) -> tuple[object, ...]:
    """The one occurrence as owner, attempts, outcome, detail and again_at."""
    with database.reading() as session:
        found = session.scalars(select(Occurrence)).one()
        return found.owner, found.attempts, found.outcome, found.detail, found.again_at


def test_occurrence_is_taken_once(database: Database) -> None:
    """The second to ask gets nothing, and the row is the first one's."""
    assert taken(database, "one").attempt == 1
    assert take(database, "two") is None
    assert row(database) == ("one", 1, None, None, NOW + LEASE)


def test_occurrence_of_another_due_time_is_another(database: Database) -> None:
    """Tomorrow's is taken anew."""
    taken(database, "one")
    assert take(database, "two", due_at=DUE + timedelta(days=1)) is not None


def test_occurrence_done_is_never_taken_again(database: Database) -> None:
    """What is done stays done, however long ago."""
    held = taken(database, "one")
    with database.writing() as session:
        assert occurrences.finish(session, held, now=NOW, detail="2 feeds changed")
        assert occurrences.is_done(session, job="day", due_at=DUE)
    assert take(database, "two", NOW + timedelta(days=400)) is None
    assert row(database) == ("one", 1, "done", "2 feeds changed", None)


def test_occurrence_of_a_dead_owner_is_taken_over_after_its_lease(database: Database) -> None:
    """A process that dies with a job delays it by the lease, and can no longer say how it ended."""
    dead = taken(database, "one")
    assert take(database, "two", NOW + LEASE - timedelta(seconds=1)) is None
    assert taken(database, "two", NOW + LEASE).attempt == 2
    with database.writing() as session:
        assert not occurrences.finish(session, dead, now=NOW + LEASE, detail="late")
        assert not occurrences.fail(session, dead, now=NOW + LEASE, reason="late")
    assert row(database) == ("two", 2, None, None, NOW + 2 * LEASE)


def test_occurrence_that_failed_keeps_its_reason_and_comes_again(database: Database) -> None:
    """A failure stands in the row with its reason, and is tried again after five seconds, then ten."""
    held = taken(database, "one")
    with database.writing() as session:
        assert occurrences.fail(session, held, now=NOW, reason="The disk is full.")
    again = NOW + timedelta(seconds=5)
    assert row(database) == ("one", 1, "failed", "The disk is full.", again)
    assert take(database, "two", again - timedelta(seconds=1)) is None
    second = taken(database, "two", again)
    with database.writing() as session:
        assert occurrences.fail(session, second, now=again, reason="Still full.")
    assert row(database) == ("two", 2, "failed", "Still full.", again + timedelta(seconds=10))


@pytest.mark.timeout(60)
def test_occurrences_taken_by_many_processes_at_once_have_one_owner_each(database: Database) -> None:
    """Three processes race for thirty due times: each has one owner and one attempt."""
    racer = """
import sys
from datetime import UTC, datetime, timedelta
from models import Database
from scheduler import occurrences
database = Database(sys.argv[1])
sys.stdin.readline()
won = 0
for day in range(30):
    with database.writing() as session:
        due = datetime(2026, 5, 4, 0, 10, tzinfo=UTC) + timedelta(days=day)
        won += occurrences.claim(session, job="day", due_at=due, owner=sys.argv[2], now=due) is not None
print(won)
"""
    url = database.url.render_as_string(hide_password=False)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", racer, url, f"racer {n}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(3)
    ]
    for process in racers:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    counts = [int(process.communicate()[0]) for process in racers]
    assert sum(counts) == 30
    with database.reading() as session:
        assert session.scalars(select(Occurrence.attempts)).all() == [1] * 30


def test_a_job_that_takes_long_is_not_taken_over_while_it_is_renewed(database: Database) -> None:
    """Its owner says every twenty seconds that it is at it; whoever lost it is told so."""
    held = taken(database, "one")
    later = NOW + LEASE - timedelta(seconds=1)
    with database.writing() as session:
        assert occurrences.renew(session, held, now=later)
    assert take(database, "two", NOW + LEASE + timedelta(seconds=1)) is None
    assert taken(database, "two", later + LEASE).attempt == 2
    with database.writing() as session:
        assert not occurrences.renew(session, held, now=later + LEASE)
