"""What becomes of a job that is due."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from models import Database, Occurrence, Refusal
from scheduler.due import Daily, Every
from scheduler.engine import InThisProcess
from scheduler.work import Job, Work
from tests.scheduler.conftest import WorkOf

DUE = datetime(2026, 5, 4, 0, 10, tzinfo=UTC)


EngineOf = Callable[..., InThisProcess]


class Watch:
    """A clock that is put by hand."""

    def __init__(self) -> None:
        self.time = DUE

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.time


@pytest.fixture
def watch() -> Watch:
    """The time as the test sets it."""
    return Watch()


@pytest.fixture
def engine(work_of: WorkOf, watch: Watch) -> EngineOf:
    """Give the engine of one process."""
    return lambda database, owner="one": InThisProcess(work_of(database, now=watch, owner=owner))


def outcomes(database: Database) -> list[tuple[str, str | None, str | None]]:
    """All occurrences as owner, outcome and detail."""
    with database.reading() as session:
        return [(row.owner, row.outcome, row.detail) for row in session.scalars(select(Occurrence))]


def test_engine_does_a_timed_job_once_for_all_processes(database: Database, engine: EngineOf) -> None:
    """Two engines, one due time: the act runs once, and both know that it is settled."""
    done: list[str] = []

    def act(work: Work, _due: datetime) -> str:
        done.append(work.owner)
        return "done it"

    job = Job("day", Daily(time(0, 10)), act)
    assert engine(database, "one").carry_out(job, DUE)
    assert engine(database, "two").carry_out(job, DUE)
    assert done == ["one"]
    assert outcomes(database) == [("one", "done", "done it")]


def test_engine_keeps_the_reason_of_a_failure_and_tries_again(
    database: Database, engine: EngineOf, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """The reason stands in the occurrence and in one log line; the next try settles it and says so."""
    answers: list[Exception | str] = [Refusal("The disk is full."), "made up for"]

    def act(_work: Work, _due: datetime) -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    caplog.set_level(logging.INFO)
    job = Job("day", Daily(time(0, 10)), act)
    working = engine(database)
    assert not working.carry_out(job, DUE)
    assert outcomes(database) == [("one", "failed", "The disk is full.")]
    watch.time += timedelta(seconds=5)
    assert working.carry_out(job, DUE)
    assert outcomes(database) == [("one", "done", "made up for")]
    assert caplog.messages == [
        "day failed: The disk is full.",
        "day: made up for",
        "day: works again (failures: 1)",
    ]
    assert all(record.exc_info is None for record in caplog.records)


def test_engine_tells_a_defect_with_its_traceback_and_goes_on(
    database: Database, engine: EngineOf, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """A defect in a job never reaches the clock, and the log shows where it is."""

    def act(_work: Work, _due: datetime) -> None:
        raise ZeroDivisionError("a defect")

    assert not engine(database).carry_out(Job("poll", Every(1), act), DUE)
    assert [(record.getMessage(), record.exc_info is not None) for record in caplog.records] == [
        ("poll failed: ZeroDivisionError: a defect", True)
    ]


def test_engine_without_its_tables_fails_in_one_line(
    engine: EngineOf, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that is not there is one sentence in the log, not a traceback a tick."""
    sentence = "The database file cannot be opened. Check that its folder exists and may be written."
    working = engine(Database("sqlite:////nowhere/at/all.db"))
    job = Job("day", Daily(time(0, 10)), lambda _work, _due: "unreachable")
    for _ in range(100):
        assert not working.carry_out(job, DUE)
        watch.time += timedelta(seconds=1)
    assert [(record.getMessage(), record.exc_info) for record in caplog.records] == [
        (f"day failed: {sentence}", None)
    ]


def test_engine_that_is_stopping_begins_nothing(database: Database, engine: EngineOf) -> None:
    """After the order to stop no job is begun."""
    working = engine(database)
    working.work.stopping.set()
    assert not working.carry_out(Job("day", Daily(time(0, 10)), lambda _work, _due: "done"), DUE)
    assert outcomes(database) == []
