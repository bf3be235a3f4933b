"""/readyz and the access log, as a monitor and an operator use them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from calendar_feed.publication import publish
from models import Database, JobStanding, Publication
from tests.web.operator_view import operator
from tests.web.visitor import BASE_URL, NOW

WAIT = "Changes wait, and none has been published since 2026-11-23 12:00 UTC."


def published(database: Database) -> None:
    """Publish the feeds, as the job did just now."""
    with database.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL)
        session.add(JobStanding(job="publish feeds", succeeded_at=NOW, failures=0))


def ready(database: Database, *, now: datetime = NOW) -> tuple[int, str]:
    """What the probe says at a time."""
    answer = operator(database, clock=lambda: now).get("/readyz")
    return answer.status_code, answer.text


def test_not_ready_before_any_calendar_was_read(registry: Database) -> None:
    """A site without calendars turns its readers' programs away, so it says that it is not ready."""
    said = "No calendar has been read yet. Is the work process running? (iscm serve)\n"
    assert ready(registry) == (503, said)
    published(registry)
    assert ready(registry) == (200, "ready\n")


@pytest.mark.parametrize(
    ("after", "failing", "expected"),
    [
        (timedelta(minutes=3), None, (200, "ready\n")),
        (
            timedelta(minutes=3, seconds=1),
            None,
            (503, f"{WAIT} Is the work process running? (iscm serve)\n"),
        ),
        (
            timedelta(minutes=4),
            "The database is busy.",
            (503, f"{WAIT} The database is busy.\n"),
        ),
    ],
)
def test_not_ready_while_changes_wait_that_nobody_publishes(
    sqlite_registry: Database, after: timedelta, failing: str | None, expected: tuple[int, str]
) -> None:
    """A change may wait for three minutes; then the probe says since when, and why."""
    published(sqlite_registry)
    with sqlite_registry.writing() as session:
        session.execute(update(Publication).values(record_revision=Publication.record_revision + 1))
        if failing:
            session.execute(update(JobStanding).values(failing_since=NOW, reason=failing, failures=7))
    assert ready(sqlite_registry, now=NOW + after) == expected


def test_nothing_to_publish_is_ready_however_long_ago_that_was(sqlite_registry: Database) -> None:
    """A quiet year is no trouble."""
    published(sqlite_registry)
    assert ready(sqlite_registry, now=NOW + timedelta(days=300)) == (200, "ready\n")


def test_access_log_has_who_what_and_how_long(sqlite_database: Database) -> None:
    """One line a request, with the client that the named proxy saw, and without the query."""
    client = operator(sqlite_database, peer="10.0.0.1", trusted=["10.0.0.0/8"], writes_access_log=True)
    with capture_logs() as lines:
        client.get("/nothing?address=ana@example.org", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7"})
    (line,) = [one for one in lines if one["event"] == "request"]
    assert line.pop("milliseconds") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/nothing",
        "status": 404,
        "client": "203.0.113.7",
    }


def test_no_access_log_unless_asked_for(sqlite_database: Database) -> None:
    """By default requests leave no trace."""
    with capture_logs() as lines:
        operator(sqlite_database).get("/privacy")
    assert lines == []
