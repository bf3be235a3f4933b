"""How jobs go, written down for the web, the doctor and the alarms: they are other processes."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models import Database, JobStanding
from models.masking import masked

_NOTED_EVERY: Final = timedelta(minutes=1)
_FAILURE_NOTED_EVERY: Final = timedelta(seconds=30)


class Standings:
    """What this process has noted of its jobs. Never raises: a job is not worse for want of a note of it."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        """Take where notes are kept; nothing is noted yet."""
        self._database = database
        self._now = now
        self._lock = threading.Lock()
        self._noted: dict[str, tuple[bool, datetime]] = {}

    def succeeded(self, job: str) -> None:
        """Note that a job went well: at once after a failure, else once a minute."""
        now = self._now()
        if self._is_worth_it(job, well=True, now=now, every=_NOTED_EVERY):

            def write(row: JobStanding) -> None:
                row.succeeded_at, row.failing_since, row.failures, row.reason = now, None, 0, None

            self._write(job, write)

    def failed(self, job: str, *, reason: str, failures: int) -> None:
        """Note that a job failed: at once when it begins to, else twice a minute; how often and why."""
        now = self._now()
        if self._is_worth_it(job, well=False, now=now, every=_FAILURE_NOTED_EVERY):

            def write(row: JobStanding) -> None:
                row.failing_since = row.failing_since or now
                row.failed_at, row.failures, row.reason = now, failures, masked(reason)

            self._write(job, write)

    def _is_worth_it(self, job: str, *, well: bool, now: datetime, every: timedelta) -> bool:
        with self._lock:
            noted = self._noted.get(job)
            # A clock that was put back must not silence a job.
            if noted is not None and noted[0] is well and timedelta() <= now - noted[1] < every:
                return False
            self._noted[job] = (well, now)
            return True

    def _write(self, job: str, change: Callable[[JobStanding], None]) -> None:
        try:
            with self._database.writing() as session:
                change(_row(session, job))
        except SQLAlchemyError:
            with self._lock:
                self._noted.pop(job, None)


def _row(session: Session, job: str) -> JobStanding:
    row = session.get(JobStanding, job, with_for_update=True)
    if row is None:
        row = JobStanding(job=job, failures=0)
        session.add(row)
    return row
