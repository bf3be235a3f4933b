"""Where a due job is done. Here: in the thread that found it due, in this process.

The clock says when, an engine says where. An engine for many machines (a queue in PostgreSQL whose jobs join
our transactions) needs this one method and nothing of the clock.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from models import Refusal
from models.database import explain
from scheduler import occurrences
from scheduler.due import Every
from scheduler.setbacks import Setbacks
from scheduler.standings import Standings
from scheduler.work import Job, Work

_RENEW_SECONDS = occurrences.LEASE.total_seconds() / 3

log = logging.getLogger(__name__)


class Engine(Protocol):
    """Does jobs that are due."""

    def carry_out(self, job: Job, due_at: datetime) -> bool:
        """Do the job for its due time, or see to it that it is done.

        True when this due time needs no more looking at: the job is done, or somebody else has done it. Never
        raises: a failure is logged and kept, and the job comes again.
        """
        ...


class InThisProcess:
    """The engine of one machine. Each process with a clock has one; occurrences keep them apart."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._setbacks: defaultdict[str, Setbacks] = defaultdict(Setbacks)
        self._standings = Standings(work.database, now=work.now)

    def carry_out(self, job: Job, due_at: datetime) -> bool:
        """Do the job now, in the thread that asks."""
        setbacks = self._setbacks[job.name]
        if self.work.stopping.is_set() or setbacks.holds(self.work.now()):
            return False
        try:
            settled = self._polled(job, due_at) if isinstance(job.when, Every) else self._claimed(job, due_at)
        except Exception as error:  # noqa: BLE001 - whatever a job does, the clock goes on and the log says it
            self._tell(job, setbacks, error)
            self._standings.failed(job.name, reason=reason_of(error), failures=setbacks.count)
            return False
        # A job with a due time that waits for its next try has not gone well by that.
        if settled or isinstance(job.when, Every):
            self._standings.succeeded(job.name)
            if before := setbacks.over():
                log.info("%s: works again (failures: %d)", job.name, before)
        return settled

    def _polled(self, job: Job, due_at: datetime) -> bool:
        detail = job.act(self.work, due_at)
        if detail:
            log.info("%s: %s", job.name, detail)
        return False

    def _claimed(self, job: Job, due_at: datetime) -> bool:
        work = self.work
        with work.database.writing() as session:
            held = occurrences.claim(session, job=job.name, due_at=due_at, owner=work.owner, now=work.now())
            if held is None:
                return occurrences.is_done(session, job=job.name, due_at=due_at)
        try:
            with _kept(work, held):
                detail = job.act(work, due_at)
        except Exception as error:
            with work.database.writing() as session:
                occurrences.fail(session, held, now=work.now(), reason=reason_of(error))
            raise
        with work.database.writing() as session:
            occurrences.finish(session, held, now=work.now(), detail=detail)
        if detail:
            log.info("%s: %s", job.name, detail)
        return True

    def _tell(self, job: Job, setbacks: Setbacks, error: Exception) -> None:
        reason = reason_of(error)
        if setbacks.failed(reason, now=self.work.now()):
            # A defect needs its traceback; what the world did to us is told in one sentence.
            ours = explain(error) is None and not isinstance(error, Refusal | OSError)
            log.error("%s failed: %s", job.name, reason, exc_info=error if ours else None)


@contextmanager
def _kept(work: Work, held: occurrences.Claim) -> Iterator[None]:
    """Renew the claim of a job for the block, so that nobody takes over one that only takes long."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(_RENEW_SECONDS):
            # One that fails is made up for by the next; three fit into the lease.
            with suppress(SQLAlchemyError), work.database.writing() as session:
                occurrences.renew(session, held, now=work.now())

    renewing = threading.Thread(target=renew, name="claim of a job", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        over.set()
        renewing.join()


def reason_of(error: Exception) -> str:
    """Give the sentence to keep about a failure."""
    if isinstance(error, Refusal):
        return str(error)
    return explain(error) or f"{type(error).__name__}: {error}"
