"""One job at one due time is done by one process: the first that brings in its row.

The row is unique by job and due time, so any number of clocks may run. A process that dies with a job in its
hands, or whose job fails, leaves the row to be taken over after a while; each taking over grows the row's
attempts, and only the latest owner can say how it ended.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Occurrence

LEASE = timedelta(seconds=60)
"""After how long another process takes a job for abandoned; who works on one renews it meanwhile."""

DONE, FAILED = "done", "failed"

_LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do one job for one due time, and to say how it ended. attempt counts from 1."""

    occurrence: int
    attempt: int


def claim(session: Session, *, job: str, due_at: datetime, owner: str, now: datetime) -> Claim | None:
    """Take the job at its due time; None when it is done, in other hands, or waiting after a failure."""
    found = session.scalar(select(Occurrence).where(Occurrence.job == job, Occurrence.due_at == due_at))
    if found is None:
        return _bring_in(session, job=job, due_at=due_at, owner=owner, now=now)
    if found.outcome == DONE or (found.again_at is not None and found.again_at > now):
        return None
    # The condition on attempts lets one of several takers win, on a database that locks no rows as well.
    taken = session.scalar(
        update(Occurrence)
        .where(Occurrence.id == found.id, Occurrence.attempts == found.attempts)
        .where(or_(Occurrence.outcome.is_(None), Occurrence.outcome != DONE))
        .values(
            owner=owner,
            started_at=now,
            finished_at=None,
            outcome=None,
            detail=None,
            attempts=found.attempts + 1,
            again_at=now + LEASE,
        )
        .returning(Occurrence.attempts)
        .execution_options(synchronize_session=False)
    )
    return Claim(found.id, taken) if taken else None


def _bring_in(session: Session, *, job: str, due_at: datetime, owner: str, now: datetime) -> Claim | None:
    row = Occurrence(job=job, due_at=due_at, owner=owner, started_at=now, attempts=1, again_at=now + LEASE)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return Claim(row.id, row.attempts)


def renew(session: Session, held: Claim, *, now: datetime) -> bool:
    """Say that the job is still worked on. False when somebody took it over meanwhile."""
    kept = session.scalar(
        update(Occurrence)
        .where(Occurrence.id == held.occurrence, Occurrence.attempts == held.attempt)
        .where(Occurrence.outcome.is_(None))
        .values(again_at=now + LEASE)
        .returning(Occurrence.id)
        .execution_options(synchronize_session=False)
    )
    return kept is not None


def finish(session: Session, held: Claim, *, now: datetime, detail: str | None) -> bool:
    """Record that the job was done. False, and nothing is written, when somebody took it over meanwhile."""
    return _end(session, held, now=now, outcome=DONE, detail=detail, again_at=None)


def fail(session: Session, held: Claim, *, now: datetime, reason: str) -> bool:
    """Record why the job failed and when it is tried again: after 5 seconds, doubling to 15 minutes."""
    wait = min(timedelta(seconds=5) * 2 ** min(held.attempt - 1, 10), _LONGEST_WAIT)
    return _end(session, held, now=now, outcome=FAILED, detail=reason, again_at=now + wait)


def _end(
    session: Session,
    held: Claim,
    *,
    now: datetime,
    outcome: str,
    detail: str | None,
    again_at: datetime | None,
) -> bool:
    ended = session.scalar(
        update(Occurrence)
        .where(Occurrence.id == held.occurrence, Occurrence.attempts == held.attempt)
        .values(finished_at=now, outcome=outcome, detail=detail, again_at=again_at)
        .returning(Occurrence.id)
        .execution_options(synchronize_session=False)
    )
    return ended is not None


def is_done(session: Session, *, job: str, due_at: datetime) -> bool:
    """Say whether the job was done for its due time, by whomever."""
    found = select(Occurrence.id).where(
        Occurrence.job == job, Occurrence.due_at == due_at, Occurrence.outcome == DONE
    )
    return session.scalar(found) is not None
