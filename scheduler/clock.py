"""The clock: asks at short intervals whether a job is due, each job in its own thread.

APScheduler is only the ticker. What is due, and whether it is done already, is read from the database: so a
clock that was off makes up for it, and a second clock changes nothing.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from scheduler.due import Every
from scheduler.engine import Engine
from scheduler.work import Job

TICK = 1.0
"""Seconds between two looks at a job with a due time."""


class Ticks(BaseTrigger):  # type: ignore[misc]  # APScheduler carries no types
    """Fires so many seconds after it last did, however late that was.

    APScheduler's own interval counts every missed tick one by one, which takes minutes after a clock was put
    forward by months.
    """

    def __init__(self, seconds: float) -> None:
        self.period = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Give the moment of the next tick: always after now, at once for the first."""
        return now if previous_fire_time is None else now + self.period


class Clock:
    """Ticks for all jobs until it is stopped."""

    def __init__(self, jobs: Sequence[Job], *, engine: Engine, now: Callable[[], datetime]) -> None:
        self._jobs = tuple(jobs)
        self._engine = engine
        self._now = now
        self._settled: dict[str, datetime] = {}
        self._looked_at = now()
        # "Skipped: still running" is how a long job is meant to be; real trouble is told by the engine.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._ticker = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(max_workers=max(1, len(self._jobs)))},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin to tick; every job is looked at right away."""
        for job in self._jobs:
            seconds = job.when.seconds if isinstance(job.when, Every) else TICK
            self._ticker.add_job(self.tick, Ticks(seconds), args=[job], id=job.name)
        self._ticker.start()

    def tick(self, job: Job) -> None:
        """Have the job done if it is due and not yet done for that time."""
        now = self._now()
        if isinstance(job.when, Every):
            self._engine.carry_out(job, now)
            return
        due_at = job.when.latest(now)
        if due_at is None or self._settled.get(job.name) == due_at:
            return
        if self._engine.carry_out(job, due_at):
            self._settled[job.name] = due_at

    def heed(self) -> None:
        """Tick on at once where the system's clock was put back. To be called every second."""
        now = self._now()
        if now < self._looked_at - timedelta(seconds=1):
            for job in self._ticker.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
        self._looked_at = now

    def stop(self, *, within: float) -> bool:
        """Tick no more and wait `within` seconds for the jobs at work; false when one still is then."""
        self._ticker.pause()
        self._ticker.remove_all_jobs()
        # APScheduler's own waiting knows no limit, so it waits in a thread that may be left behind.
        ending = threading.Thread(target=self._ticker.shutdown, name="clock ending", daemon=True)
        ending.start()
        ending.join(within)
        return not ending.is_alive()
