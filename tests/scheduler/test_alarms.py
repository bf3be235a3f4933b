"""Looking for trouble on a real record: found in time, over when it is gone."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models import (
    Database,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    Issue,
    IssueState,
    JobStanding,
    Occurrence,
    Publication,
)
from models.alarm_course import SETTLES_IN, open_alarms
from models.archive.contents import Belongings
from models.archive.nightly import Nightly
from scheduler.alarms import look_at_letters, look_for_trouble
from scheduler.work import Work
from tests.letters import add_issue
from tests.scheduler.conftest import WorkOf

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def work(database: Database, work_of: WorkOf, tmp_path: Path) -> Work:
    """A work with a data folder and nightly backups, that has run for a year."""
    belongings = Belongings(
        secret_key="k" * 40,
        dkim_key=None,
        documents=tmp_path / "documents",
        departures=tmp_path / "departures",
    )
    (tmp_path / "backups").mkdir()
    backup(tmp_path / "backups", at=NOW)
    nightly = Nightly(folder=tmp_path / "backups", belongings=belongings, program="1")
    with database.writing() as session:
        session.add(Occurrence(job="x", due_at=NOW, owner="x", started_at=NOW - timedelta(days=365)))
    return replace(work_of(database, now=lambda: NOW), data_dir=tmp_path, nightly=nightly)


def backup(folder: Path, *, at: datetime) -> None:
    """Leave a backup of that time."""
    file = folder / "iscm-2026-11-23.tar.gz"
    file.write_bytes(b"x")
    os.utime(file, (at.timestamp(), at.timestamp()))


def lasting(database: Database) -> dict[str, str]:
    """The alarms that last, with their sentences."""
    with database.reading() as session:
        return {one.key: one.sentence for one in open_alarms(session)}


def break_feeds(work: Work) -> None:
    """Let the last publishing have held something back."""
    with work.database.writing() as session:
        session.execute(update(Publication).values(alarm="gfmd-x: 02:30 does not exist"))


def mend_feeds(work: Work) -> None:
    """Let the next one be well."""
    with work.database.writing() as session:
        session.execute(update(Publication).values(alarm=None))


def expire(work: Work) -> None:
    """Let an issue miss its latest time."""
    with work.database.writing() as session:
        add_issue(session, state=IssueState.EXPIRED).state_reason = "not sent by noon"


def hold_up(work: Work) -> None:
    """Let the clock have paused an issue."""
    with work.database.writing() as session:
        add_issue(session, state=IssueState.PAUSED).state_reason = "It is not approved."


def schedule(work: Work) -> None:
    """Let an editor see to the issue."""
    with work.database.writing() as session:
        session.execute(update(Issue).values(state=IssueState.SCHEDULED, state_reason=None))


def fail(work: Work) -> None:
    """Let a job have failed for an hour, for the sake of a reader's address."""
    with work.database.writing() as session:
        session.add(
            JobStanding(
                job="back up",
                failing_since=NOW - timedelta(hours=1),
                failures=9,
                reason="no room for ana@example.org",
            )
        )


def succeed(work: Work) -> None:
    """Let it go well."""
    with work.database.writing() as session:
        session.execute(update(JobStanding).values(failing_since=None))


def lose_backup(work: Work) -> None:
    """Let the newest backup be of the day before."""
    assert work.nightly is not None
    backup(work.nightly.folder, at=NOW - timedelta(hours=30))


def back_up(work: Work) -> None:
    """Make one."""
    assert work.nightly is not None
    backup(work.nightly.folder, at=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("breaking", "mending", "key", "said"),
    [
        (break_feeds, mend_feeds, "feeds", "gfmd-x: 02:30 does not exist"),
        (expire, schedule, "issue 2017 expired", "not sent by noon."),
        (hold_up, schedule, "issue 2017 paused", "It is not approved."),
        (fail, succeed, "job back up", "no room for ***"),
        (lose_backup, back_up, "backup", "of 2026-11-22 06:00 UTC."),
    ],
)
def test_trouble_is_found_and_its_end_too(
    work: Work, breaking: Callable[[Work], None], mending: Callable[[Work], None], key: str, said: str
) -> None:
    """Broken, it is an alarm at the next look; mended, it is over two minutes later. No address is kept."""
    assert look_for_trouble(work, NOW) is None
    breaking(work)
    assert look_for_trouble(work, NOW) == f"begun: {key}"
    assert said in lasting(work.database)[key]
    assert look_for_trouble(work, NOW + timedelta(minutes=1)) is None
    mending(work)
    assert look_for_trouble(work, NOW + timedelta(minutes=1) + SETTLES_IN) == f"over: {key}"
    assert lasting(work.database) == {}


def test_disk_that_fills_up_is_found(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what the system says of the data folder's disk."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: type("Usage", (), {"free": 5_000_000}))
    assert look_for_trouble(work, NOW) == "begun: disk"
    assert "has 5 MB left" in lasting(work.database)["disk"]


def letters(database: Database, **numbers: int) -> None:
    """An issue that is being sent, with so many letters in each state."""
    with database.writing() as session:
        issue = add_issue(session, state=IssueState.SENDING)
        for state, number in numbers.items():
            session.add_all(
                Delivery(
                    issue_id=issue.id,
                    address=f"{state}{one}@example.org",
                    address_key=f"{state}{one}@example.org",
                    language="en",
                    message_id=f"{state}{one}@x",
                    state=DeliveryState(state),
                )
                for one in range(number)
            )


def test_many_refused_letters_are_found(work: Work) -> None:
    """Ten of a hundred and nine; nine of them, or letters that wait, are none."""
    letters(work.database, accepted=99, rejected=9, pending=500)
    assert look_at_letters(work, NOW) is None
    with work.database.writing() as session:
        taken = session.scalars(
            select(Delivery).where(Delivery.state == DeliveryState.ACCEPTED).limit(2)
        ).all()
        # A bounce of a letter that was taken; told twice, it is still one.
        session.add_all(DeliveryEvent(delivery_id=taken[0].id, at=NOW, event="bounced") for _ in range(2))
    assert look_at_letters(work, NOW) == "begun: letters 2017"
    assert "10 letters were refused or came back (9%)" in lasting(work.database)["letters 2017"]
    assert look_for_trouble(work, NOW + timedelta(hours=1)) is None


def test_issue_sent_long_ago_is_looked_at_no_more(work: Work) -> None:
    """Its bounces have come by then; two days after its end its alarm is over."""
    letters(work.database, accepted=10, rejected=30)
    with work.database.writing() as session:
        session.execute(update(Issue).values(state=IssueState.SENT, finished_at=NOW))
    assert look_at_letters(work, NOW + timedelta(hours=1)) == "begun: letters 2017"
    assert look_at_letters(work, NOW + timedelta(days=2, hours=1)) == "over: letters 2017"
