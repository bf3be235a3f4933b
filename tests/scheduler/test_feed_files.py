"""Feeds as files, by the clock: after each publishing, and an alarm when the folder cannot be written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from models import Database, Meeting
from models.alarm_course import SETTLES_IN, open_alarms
from models.change import Change, ChangeKind
from models.rendering import Feed
from scheduler.alarms import look_for_trouble
from scheduler.due import Every
from scheduler.engine import InThisProcess
from scheduler.feed_files import JOB, FeedFolder, write_feed_files
from scheduler.jobs import JOBS
from scheduler.publishing import publish_feeds
from scheduler.work import Work
from tests.scheduler.conftest import WorkOf

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=30)


def work_with_folder(database: Database, work_of: WorkOf, folder: Path | None) -> Work:
    """The work of a process that has a folder set; a dozen feeds are enough."""
    work = replace(work_of(database, now=lambda: LATER), feed_folder=FeedFolder(folder) if folder else None)
    publish_feeds(work, NOW)
    with database.writing() as session:
        session.execute(delete(Feed).where(Feed.path.not_like("type/%")))
    return work


def job_of(name: str) -> float:
    """How many seconds pass between two looks of a job."""
    (found,) = [job.when for job in JOBS if job.name == name]
    assert isinstance(found, Every)
    return found.seconds


def test_files_follow_each_publishing(registry: Database, work_of: WorkOf, tmp_path: Path) -> None:
    """Written once, not looked at again until something is published, then those that changed."""
    folder = tmp_path / "site"
    work = work_with_folder(registry, work_of, folder)
    assert write_feed_files(work, NOW) == "30 files written, 0 given another time, 0 removed"
    (folder / "feeds/type/rcp.csv").unlink()
    assert write_feed_files(work, LATER) is None
    with registry.writing() as session:
        session.execute(update(Feed).where(Feed.path == "type/irf").values(hash="x", changed_at=LATER))
    publish_feeds(work, LATER)
    with registry.writing() as session:
        meeting = session.scalars(select(Meeting).where(Meeting.slug.contains("2017")).limit(1)).one()
        meeting.city = "Elsewhere"
    assert publish_feeds(work, LATER) is not None
    assert (write_feed_files(work, LATER) or "").startswith("3")
    assert (folder / "feeds/type/rcp.csv").exists()
    assert write_feed_files(work, LATER) is None
    (folder / "feeds/type/rcp.csv").unlink()
    hour = timedelta(hours=1)
    assert write_feed_files(work, LATER + hour) == "1 files written, 0 given another time, 0 removed"
    assert job_of(JOB) <= 1


def test_nothing_is_written_where_no_folder_is_set_or_nothing_published(
    sqlite_registry: Database, work_of: WorkOf, tmp_path: Path
) -> None:
    """Neither is a failure."""
    folder = tmp_path / "site"
    unpublished = replace(work_of(sqlite_registry, now=lambda: NOW), feed_folder=FeedFolder(folder))
    assert write_feed_files(unpublished, NOW) is None
    assert write_feed_files(work_with_folder(sqlite_registry, work_of, None), NOW) is None
    assert not folder.exists()


def test_folder_that_cannot_be_written_raises_an_alarm_that_ends_with_its_cause(
    sqlite_registry: Database, work_of: WorkOf, tmp_path: Path
) -> None:
    """Within seconds, by its own name and once, with what to do; over when it can be written again."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "letter.txt").touch()
    times = [NOW]
    work = replace(work_with_folder(sqlite_registry, work_of, folder), now=lambda: times[0])
    engine = InThisProcess(work)
    (job,) = [job for job in JOBS if job.name == JOB]
    for _ in range(2):
        engine.carry_out(job, times[0])
        times[0] += timedelta(seconds=6)
    assert look_for_trouble(work, times[0]) == "begun: publish dir"
    with sqlite_registry.reading() as session:
        (alarm,) = open_alarms(session)
    assert alarm.sentence.startswith("ISCM_PUBLISH_DIR cannot be written since 2026-12-01 06:00 UTC;")
    assert "holds letter.txt and was not written by this program. Name an empty folder" in alarm.sentence
    (folder / "letter.txt").unlink()
    engine.carry_out(job, times[0])
    assert look_for_trouble(work, times[0] + SETTLES_IN) == "over: publish dir"


def test_meetings_moved_by_zone_data_raise_an_alarm_for_a_day(
    sqlite_registry: Database, work_of: WorkOf
) -> None:
    """It names them and the zone, and what to ask."""
    work = work_of(sqlite_registry, now=lambda: NOW)
    told = {"slug": "rabat-2026", "when": {"zone": "Africa/Casablanca"}}
    with sqlite_registry.writing() as session:
        session.add(Change(uid="x", kind=ChangeKind.CLOCK, at=NOW, before=told, after=told))
    assert look_for_trouble(work, NOW + timedelta(hours=1)) == "begun: zones"
    with sqlite_registry.reading() as session:
        (alarm,) = open_alarms(session)
    assert alarm.sentence == (
        "The clock of Africa/Casablanca follows another rule: the hour in UTC is another one for rabat-2026. "
        "Calendars tell it already. Ask the hosts whether the hour at the venue stands; see: "
        "iscm meetings moved-by-zones"
    )
    assert look_for_trouble(work, NOW + timedelta(hours=25)) == "over: zones"


def test_stopping_leaves_the_rest_for_the_next_time(
    sqlite_registry: Database, work_of: WorkOf, tmp_path: Path
) -> None:
    """A process that is told to end does not begin to write."""
    work = work_with_folder(sqlite_registry, work_of, tmp_path / "site")
    work.stopping.set()
    assert write_feed_files(work, NOW) is None
    work.stopping.clear()
    assert write_feed_files(work, NOW) == "30 files written, 0 given another time, 0 removed"


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """What is logged of failures meant here is nobody's concern."""
    caplog.set_level("CRITICAL")
