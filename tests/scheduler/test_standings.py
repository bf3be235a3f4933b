"""How jobs go, as other processes read it; and that a work process lives."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from models import Database, JobStanding, Refusal, Worker
from scheduler.due import Daily, Every
from scheduler.engine import InThisProcess
from scheduler.heartbeat import tell_of_life
from scheduler.work import Job, Work
from tests.scheduler.conftest import WorkOf
from tests.web.visitor import statements

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Fickle:
    """A job that fails as long as it is told to."""

    def __init__(self) -> None:
        self.fails = False

    def act(self, _work: Work, _due: datetime) -> str | None:
        """Do it, or not."""
        if self.fails:
            raise Refusal("no room for ana@example.org")
        return None


def standing(database: Database) -> tuple[datetime | None, datetime | None, int, str | None]:
    """Success, failing since, failures, reason."""
    with database.reading() as session:
        row = session.scalars(select(JobStanding)).one()
        return row.succeeded_at, row.failing_since, row.failures, row.reason


def test_turns_are_noted_at_once_and_the_rest_now_and_then(database: Database, work_of: WorkOf) -> None:
    """Success once a minute, the first failure at once, further ones twice a minute, recovery at once."""
    now = [NOW]
    engine = InThisProcess(work_of(database, now=lambda: now[0]))
    fickle = Fickle()
    job = Job("fickle", Every(0.5), fickle.act)

    def run(seconds: float) -> list[str]:
        now[0] += timedelta(seconds=seconds)
        with statements(database) as sent:
            engine.carry_out(job, now[0])
        return [one for one in sent if one.startswith(("INSERT", "UPDATE"))]

    assert len(run(0)) == 1
    assert standing(database) == (NOW, None, 0, None)
    assert run(59) == []
    assert len(run(1)) == 1
    fickle.fails = True
    assert len(run(1)) == 1
    failing = NOW + timedelta(seconds=61)
    assert standing(database) == (NOW + timedelta(seconds=60), failing, 1, "no room for ***")
    assert [run(6) for _ in range(4)] == [[]] * 4
    assert len(run(6)) == 1
    assert standing(database) == (NOW + timedelta(seconds=60), failing, 6, "no room for ***")
    fickle.fails = False
    assert len(run(6)) == 1
    assert standing(database) == (now[0], None, 0, None)


def test_daily_job_that_waits_for_its_next_try_has_not_gone_well(database: Database, work_of: WorkOf) -> None:
    """Between two tries it still fails; done, it does not."""
    now = [NOW]
    engine = InThisProcess(work_of(database, now=lambda: now[0]))
    fickle = Fickle()
    fickle.fails = True
    job = Job("nightly", Daily(time(2, 30)), fickle.act)
    due = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    assert not engine.carry_out(job, due)
    now[0] += timedelta(seconds=2)
    assert not engine.carry_out(job, due)
    assert standing(database)[1] == NOW
    fickle.fails = False
    now[0] += timedelta(seconds=10)
    assert engine.carry_out(job, due)
    assert standing(database)[:2] == (now[0], None)


def test_note_that_cannot_be_written_costs_no_job(tmp_path: Path, work_of: WorkOf) -> None:
    """A database that is gone is the job's trouble, not the note's."""
    database = Database(f"sqlite:///{tmp_path}/nowhere/iscm.db")
    engine = InThisProcess(work_of(database, now=lambda: NOW))
    fickle = Fickle()
    assert not engine.carry_out(Job("fickle", Every(1), fickle.act), NOW)
    database.close()


def test_work_process_is_seen_and_forgotten_when_it_is_gone(database: Database, work_of: WorkOf) -> None:
    """Each has a row of its own with what it takes; an hour after its last sign it is let go."""
    now = [NOW]
    one = work_of(database, now=lambda: now[0], owner="one")
    two = replace(one, owner="two")
    tell_of_life(one, NOW)
    tell_of_life(two, NOW)
    tell_of_life(two, NOW + timedelta(minutes=59))
    with database.reading() as session:
        rows = {row.owner: row for row in session.scalars(select(Worker))}
        assert {owner: row.seen_at for owner, row in rows.items()} == {
            "one": NOW,
            "two": NOW + timedelta(minutes=59),
        }
        assert all(10_000_000 < row.memory < 2_000_000_000 and row.cpu > 0 for row in rows.values())
    tell_of_life(two, NOW + timedelta(minutes=61))
    with database.reading() as session:
        assert session.scalars(select(Worker.owner)).all() == ["two"]
