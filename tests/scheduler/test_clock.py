"""The clock ticks, makes up for what it missed, and stops when told."""

import threading
from datetime import UTC, datetime, time, timedelta

from scheduler.clock import Clock, Ticks
from scheduler.due import Daily, Every
from scheduler.work import Job, Work

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def nothing(_work: Work, _due: datetime) -> None:
    """An act that does nothing: what is looked at here is when it is asked for."""


class Asked:
    """An engine that keeps what it was asked, and answers as told."""

    def __init__(self, answer: bool = True) -> None:  # noqa: FBT001, FBT002 - one switch, named by the parameter
        self.answer = answer
        self.jobs: list[tuple[str, datetime]] = []
        self.ticked = threading.Semaphore(0)

    def carry_out(self, job: Job, due_at: datetime) -> bool:
        """Keep the question."""
        self.jobs.append((job.name, due_at))
        self.ticked.release()
        return self.answer


def test_clock_asks_for_a_timed_job_once_until_it_is_due_again() -> None:
    """A day's job is asked for at its time and at no other tick, and again on the next day."""
    times = [NOON]
    engine = Asked()
    job = Job("day", Daily(time(0, 10)), nothing)
    clock = Clock([job], engine=engine, now=lambda: times[0])
    for _ in range(3):
        clock.tick(job)
    times[0] = NOON + timedelta(days=1)
    for _ in range(3):
        clock.tick(job)
    assert engine.jobs == [
        ("day", datetime(2026, 5, 4, 0, 10, tzinfo=UTC)),
        ("day", datetime(2026, 5, 5, 0, 10, tzinfo=UTC)),
    ]


def test_clock_asks_again_for_what_was_not_settled() -> None:
    """A job that failed, or that another process still holds, is asked for at every tick."""
    engine = Asked(answer=False)
    job = Job("day", Daily(time(0, 10)), nothing)
    clock = Clock([job], engine=engine, now=lambda: NOON)
    for _ in range(3):
        clock.tick(job)
    assert len(engine.jobs) == 3


def test_clock_ticks_each_job_by_its_own_seconds() -> None:
    """Two jobs tick side by side, the quicker one more often; after stopping neither does."""
    engine = Asked()
    clock = Clock(
        [Job("quick", Every(0.02), nothing), Job("slow", Every(30), nothing)],
        engine=engine,
        now=lambda: datetime.now(UTC),
    )
    clock.start()
    for _ in range(6):
        assert engine.ticked.acquire(timeout=10)
    assert clock.stop(within=10)
    counts = [sum(name == which for name, _ in engine.jobs) for which in ("quick", "slow")]
    assert counts == [len(engine.jobs) - 1, 1]


def test_clock_with_a_job_that_will_not_end_stops_all_the_same() -> None:
    """A job at work does not keep others from ticking, and stopping says that it had to be left behind."""
    held, let_go = threading.Semaphore(0), threading.Event()

    class Holding(Asked):
        def carry_out(self, job: Job, due_at: datetime) -> bool:
            if job.name == "long":
                held.release()
                let_go.wait(30)
                return True
            return super().carry_out(job, due_at)

    engine = Holding()
    clock = Clock(
        [Job("long", Every(0.01), nothing), Job("quick", Every(0.01), nothing)],
        engine=engine,
        now=lambda: datetime.now(UTC),
    )
    clock.start()
    assert held.acquire(timeout=10)
    for _ in range(3):
        assert engine.ticked.acquire(timeout=10)
    assert not held.acquire(blocking=False), "a job was begun twice at once"
    assert not clock.stop(within=0.05)
    let_go.set()


def test_clock_whose_system_time_is_put_back_ticks_on() -> None:
    """A system clock that is put back by a day does not silence the ticker for a day."""
    engine = Asked()
    times = [datetime.now(UTC) + timedelta(days=1)]
    clock = Clock([Job("poll", Every(3600), nothing)], engine=engine, now=lambda: times[0])
    clock.start()
    assert engine.ticked.acquire(timeout=10)
    times[0] = datetime.now(UTC)
    clock.heed()
    assert engine.ticked.acquire(timeout=10), "the next tick would have come in an hour"
    assert clock.stop(within=10)


def test_ticks_after_a_clock_put_forward_by_years_come_once() -> None:
    """The tick after a long sleep is one tick, and the next is a period after it."""
    ticks = Ticks(0.5)
    late = NOON + timedelta(days=4000)
    assert ticks.get_next_fire_time(NOON, late) == late + timedelta(seconds=0.5)
