"""How the service is, in numbers that need no reading of records: for metrics, the doctor and the alarms.

A fixed number of statements, whatever the record holds, each a count along an index or over a small table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.alarm import Alarm
from models.delivery import Delivery
from models.error_report import ErrorReport
from models.issue import Issue, IssueState
from models.job_standing import JobStanding
from models.meeting import Meeting
from models.publication import Publication
from models.sending_pace import SendingPace, sending_paces
from models.subscriber import QueuedMail, Subscriber
from models.task import Task
from models.worker import Worker

LIVING: Final = timedelta(minutes=1)
"""A work process that was not seen for longer counts as gone; it tells of itself every fifteen seconds."""

RUNNING: Final = (IssueState.SENDING, IssueState.PAUSED)
"""States of issues whose letters are counted one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSign:
    """One living work process: memory in bytes, processor time in seconds."""

    owner: str
    memory: int
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSign:
    """How one job goes; all times aware, None for never."""

    job: str
    succeeded_at: datetime | None
    failing_since: datetime | None
    failures: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingSign:
    """One issue that is scheduled, being sent or paused; all times aware, None where there is none."""

    code: str
    due_at: datetime | None
    resumes_at: datetime | None
    pace: SendingPace


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSigns:
    """The numbers at one moment.

    meetings, subscribers and issues are by state; deliveries by code of issue and state, of running issues
    only. revision_lag is how many changes of the record are not published. oldest_mail is since when the
    oldest single mail waits. alarm is why the last publishing held something back. tasks_open are editors'
    open tasks by kind: how many, and since when the oldest waits.
    """

    published_at: datetime | None
    revision_lag: int
    feed_revision: int
    alarm: str | None
    meetings: Mapping[str, int]
    subscribers: Mapping[str, int]
    issues: Mapping[str, int]
    deliveries: Mapping[tuple[str, str], int]
    sendings: Sequence[SendingSign]
    mails_waiting: int
    oldest_mail: datetime | None
    jobs: Sequence[JobSign]
    alarms_open: int
    error_reports_open: int
    tasks_open: Mapping[str, tuple[int, datetime]]
    workers: Sequence[WorkerSign]


def read_vital_signs(session: Session, *, now: datetime) -> VitalSigns:
    """Return the numbers as they stand."""
    publication = session.scalars(select(Publication)).one()
    waiting = select(func.count(), func.min(QueuedMail.queued_at)).where(QueuedMail.next_at.is_not(None))
    mails, oldest = session.execute(waiting).one()
    return VitalSigns(
        published_at=publication.published_at,
        revision_lag=max(0, publication.record_revision - max(0, publication.published_revision)),
        feed_revision=publication.feed_revision,
        alarm=publication.alarm,
        meetings=_counted(session, select(Meeting.status, func.count()).group_by(Meeting.status)),
        subscribers=_counted(session, select(Subscriber.state, func.count()).group_by(Subscriber.state)),
        issues=_counted(session, select(Issue.state, func.count()).group_by(Issue.state)),
        deliveries=_deliveries(session),
        sendings=_sendings(session, now=now),
        mails_waiting=mails,
        oldest_mail=oldest,
        jobs=_jobs(session),
        alarms_open=_number(session, select(func.count()).where(Alarm.over_at.is_(None))),
        error_reports_open=_number(session, select(func.count()).where(ErrorReport.closed_at.is_(None))),
        tasks_open=_tasks(session),
        workers=_workers(session, now=now),
    )


def _counted(session: Session, query: Select[Any, int]) -> dict[str, int]:
    return {str(state): number for state, number in session.execute(query)}


def _number(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0


def _deliveries(session: Session) -> dict[tuple[str, str], int]:
    query = (
        select(Issue.code, Delivery.state, func.count())
        .join(Delivery, Delivery.issue_id == Issue.id)
        .where(Issue.state.in_(RUNNING))
        .group_by(Issue.code, Delivery.state)
    )
    return {(code, str(state)): number for code, state, number in session.execute(query)}


def _tasks(session: Session) -> dict[str, tuple[int, datetime]]:
    query = select(Task.kind, func.count(), func.min(Task.opened_at)).where(Task.done_at.is_(None))
    return {str(kind): (number, since) for kind, number, since in session.execute(query.group_by(Task.kind))}


def _sendings(session: Session, *, now: datetime) -> list[SendingSign]:
    paces = sending_paces(session, now=now)
    under_way = select(Issue).where(Issue.state.in_((IssueState.SCHEDULED, *RUNNING))).order_by(Issue.code)
    return [
        SendingSign(
            code=issue.code,
            due_at=issue.scheduled_at if issue.started_at is None else None,
            resumes_at=issue.resumes_at,
            pace=paces.get(issue.id, SendingPace(0.0, {})),
        )
        for issue in session.scalars(under_way)
    ]


def _jobs(session: Session) -> list[JobSign]:
    return [
        JobSign(
            job=row.job,
            succeeded_at=row.succeeded_at,
            failing_since=row.failing_since,
            failures=row.failures,
            reason=row.reason,
        )
        for row in session.scalars(select(JobStanding).order_by(JobStanding.job))
    ]


def _workers(session: Session, *, now: datetime) -> list[WorkerSign]:
    living = select(Worker).where(Worker.seen_at > now - LIVING).order_by(Worker.owner)
    return [WorkerSign(owner=row.owner, memory=row.memory, cpu=row.cpu) for row in session.scalars(living)]
