"""The numbers of the record as metrics: feeds, letters, jobs, backups, alarms; of the work processes too.

The work processes tell of themselves through the database, so one scrape of any web process has it all.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy.exc import SQLAlchemyError

from models.backup_age import newest_backup
from models.database import Database
from models.delivery import DeliveryState
from models.issue import IssueState
from models.meeting import MeetingStatus
from models.sending_pace import OUTCOMES
from models.subscriber import SubscriberState
from models.task import TaskKind
from models.vital_signs import JobSign, SendingSign, VitalSigns, WorkerSign, read_vital_signs


def record_metrics(database: Database, *, now: float, backups: Path | None) -> Iterator[Metric]:
    """Yield every metric that is read from the database, and the age of the newest backup.

    `now` is in seconds since 1970. A database that cannot be read is told as iscm_database_up 0, and the
    numbers it would have given are missing: a number that is not known is not nought.
    """
    moment = datetime.fromtimestamp(now, UTC)
    try:
        with database.reading() as session:
            signs = read_vital_signs(session, now=moment)
    except SQLAlchemyError:
        yield _gauge("iscm_database_up", "Whether the database answers.", 0)
    else:
        yield _gauge("iscm_database_up", "Whether the database answers.", 1)
        yield from _publishing(signs)
        yield from _letters(signs)
        yield from _jobs(signs.jobs)
        yield from _workers(signs.workers)
    yield from _backups(backups, now=now)


def _publishing(signs: VitalSigns) -> Iterator[Metric]:
    published = signs.published_at.timestamp() if signs.published_at else 0
    yield _gauge(
        "iscm_published_timestamp_seconds", "When the feeds were published last; 0: never.", published
    )
    yield _gauge(
        "iscm_revision_lag", "Changes of the record that are not in the feeds yet.", signs.revision_lag
    )
    yield _gauge(
        "iscm_feed_revision",
        "The revision of the feeds; grows when any of them changes.",
        signs.feed_revision,
    )
    yield _gauge(
        "iscm_feeds_held_back", "Whether the last publishing held a calendar back.", int(bool(signs.alarm))
    )
    yield _by("iscm_meetings", "Meetings on record.", "status", MeetingStatus, signs.meetings)


def _letters(signs: VitalSigns) -> Iterator[Metric]:
    yield _by("iscm_subscribers", "Readers of the letter.", "state", SubscriberState, signs.subscribers)
    yield _by("iscm_issues", "Issues of the letter.", "state", IssueState, signs.issues)
    deliveries = GaugeMetricFamily(
        "iscm_deliveries",
        "Letters of the issues that are being sent or are paused.",
        labels=["issue", "state"],
    )
    for issue in sorted({code for code, _ in signs.deliveries}):
        for state in DeliveryState:
            deliveries.add_metric([issue, state.value], signs.deliveries.get((issue, state.value), 0))
    yield deliveries
    yield from _sendings(signs.sendings)
    yield _gauge(
        "iscm_mails_waiting",
        "Single mails, such as confirmations, that wait to be sent.",
        signs.mails_waiting,
    )
    oldest = signs.oldest_mail.timestamp() if signs.oldest_mail else 0
    yield _gauge(
        "iscm_mails_oldest_timestamp_seconds", "Since when the oldest of them waits; 0: none waits.", oldest
    )
    yield _gauge("iscm_alarms_open", "Alarms that last.", signs.alarms_open)
    yield _gauge("iscm_error_reports_open", "Readers' reports nobody has settled.", signs.error_reports_open)
    yield from _tasks(signs.tasks_open)


def _tasks(tasks: Mapping[str, tuple[int, datetime]]) -> Iterator[Metric]:
    numbers = {kind: number for kind, (number, _) in tasks.items()}
    yield _by("iscm_tasks_open", "Tasks of editors about readers.", "kind", TaskKind, numbers)
    oldest = {kind: since.timestamp() for kind, (_, since) in tasks.items()}
    meaning = "Since when the oldest of them waits; 0: none waits."
    yield _by("iscm_tasks_oldest_timestamp_seconds", meaning, "kind", TaskKind, oldest)


def _sendings(sendings: Iterable[SendingSign]) -> Iterator[Metric]:
    due = GaugeMetricFamily(
        "iscm_issue_due_timestamp_seconds", "When an issue is to begin; 0: it has begun.", labels=["issue"]
    )
    resumes = GaugeMetricFamily(
        "iscm_sending_resumes_timestamp_seconds",
        "When the next window of an issue opens that waits for it; 0: it waits for none.",
        labels=["issue"],
    )
    rate = GaugeMetricFamily(
        "iscm_sending_letters_per_second",
        "Letters of an issue that ended, a second, over the last minute.",
        labels=["issue"],
    )
    last = GaugeMetricFamily(
        "iscm_sending_last_outcome_timestamp_seconds",
        "When a letter of an issue last ended so; 0: none did lately.",
        labels=["issue", "outcome"],
    )
    for sending in sendings:
        due.add_metric([sending.code], sending.due_at.timestamp() if sending.due_at else 0)
        resumes.add_metric([sending.code], sending.resumes_at.timestamp() if sending.resumes_at else 0)
        rate.add_metric([sending.code], sending.pace.rate)
        for outcome in OUTCOMES:
            at = sending.pace.last.get(outcome.value)
            last.add_metric([sending.code, outcome.value], at.timestamp() if at else 0)
    yield from (due, resumes, rate, last)


def _jobs(jobs: Iterable[JobSign]) -> Iterator[Metric]:
    succeeded = GaugeMetricFamily(
        "iscm_job_success_timestamp_seconds", "When a job last went well, to the minute.", labels=["job"]
    )
    failing = GaugeMetricFamily(
        "iscm_job_failing_since_timestamp_seconds", "Since when a job fails; 0: it goes well.", labels=["job"]
    )
    failures = GaugeMetricFamily(
        "iscm_job_failures", "How often a job has failed since it last went well.", labels=["job"]
    )
    for job in jobs:
        succeeded.add_metric([job.job], job.succeeded_at.timestamp() if job.succeeded_at else 0)
        failing.add_metric([job.job], job.failing_since.timestamp() if job.failing_since else 0)
        failures.add_metric([job.job], job.failures)
    yield from (succeeded, failing, failures)


def _workers(workers: Iterable[WorkerSign]) -> Iterator[Metric]:
    living = list(workers)
    yield _gauge("iscm_work_processes", "Work processes seen within a minute.", len(living))
    yield _gauge(
        "iscm_work_resident_memory_bytes", "Memory of all work processes.", sum(one.memory for one in living)
    )
    seconds = CounterMetricFamily("iscm_work_cpu_seconds", "Processor time of all work processes that live.")
    seconds.add_metric([], sum(one.cpu for one in living))
    yield seconds


def _backups(folder: Path | None, *, now: float) -> Iterator[Metric]:
    made = newest_backup(folder) if folder is not None else None
    if made is not None:
        yield _gauge("iscm_backup_age_seconds", "Age of the newest backup.", max(0.0, now - made.timestamp()))


def _by(
    name: str,
    meaning: str,
    label: str,
    states: type[StrEnum],
    numbers: Mapping[str, float],
) -> Metric:
    """Make a metric with one number for each state there can be, so that none comes and goes."""
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for state in states:
        family.add_metric([state.value], numbers.get(state.value, 0))
    return family


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)
