"""/metrics: every number there is, to the operator alone."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select
from starlette.testclient import TestClient

from calendar_feed.publication import publish
from models import (
    Alarm,
    Database,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    IssueState,
    JobStanding,
    Subscriber,
    SubscriberState,
    Task,
    TaskKind,
    Worker,
)
from tests.letters import add_issue
from tests.web.operator_view import operator
from tests.web.visitor import BASE_URL, NOW, statements

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def samples(client: TestClient) -> dict[str, float]:
    """What /metrics says, by name and labels."""
    answer = client.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "text/plain; version=1.0.0; charset=utf-8",
    )
    assert answer.headers["cache-control"] == "no-store"
    return {
        sample.name + "".join(f" {key}={value}" for key, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def names(client: TestClient) -> Iterator[str]:
    """The name of each metric, as docs have it."""
    for line in client.get("/metrics").text.splitlines():
        if found := re.match(r"# TYPE (\S+)", line):
            yield found[1]


def letters_under_way(database: Database) -> None:
    """An issue that is being sent: three letters taken, one refused, two waiting."""
    letters = []
    states = [DeliveryState.ACCEPTED] * 3 + [DeliveryState.REJECTED] + [DeliveryState.PENDING] * 2
    with database.writing() as session:
        issue = add_issue(session, state=IssueState.SENDING)
        for number, state in enumerate(states):
            address = f"r{number}@example.org"
            letters.append(
                Delivery(
                    issue_id=issue.id,
                    address=address,
                    address_key=address,
                    language="en",
                    message_id=f"{number}@x",
                    state=state,
                )
            )
        session.add_all(letters)
        session.flush()
        for letter in letters[:4]:
            event = DeliveryEvent(
                delivery_id=letter.id, at=NOW - timedelta(seconds=2), event=letter.state.value
            )
            session.add(event)


def test_every_metric_is_told_of_in_the_docs_and_none_is_made_up(registry: Database, tmp_path: Path) -> None:
    """docs/metrics.md and a scrape name the same metrics, on both databases."""
    (tmp_path / "iscm-2026-11-23.tar.gz").write_bytes(b"x")
    with registry.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL)
    client = operator(registry, backups=tmp_path)
    client.get("/")
    documented = set(re.findall(r"^\| `(iscm_[a-z_]+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(names(client)) == documented


def test_numbers_are_those_of_the_record(database: Database, tmp_path: Path) -> None:
    """Letters by state, readers, jobs, work processes, alarms and the backup are told as they stand."""
    letters_under_way(database)
    backup = tmp_path / "iscm-2026-11-23.tar.gz"
    backup.write_bytes(b"x")
    os.utime(backup, (NOW.timestamp() - 7200, NOW.timestamp() - 7200))
    with database.writing() as session:
        session.add(
            Subscriber(
                address="ana@example.org",
                address_key="ana@example.org",
                language="en",
                state=SubscriberState.CONFIRMED,
                created_at=NOW,
            )
        )
        session.flush()
        reader = session.scalars(select(Subscriber.id)).one()
        for age in (3, 9, 27):
            at = NOW - timedelta(days=age)
            task = Task(
                kind=TaskKind.NEW_ADDRESS, subscriber_id=reader, address="ana@example.org", seen_at=NOW
            )
            task.opened_at, task.done_at = at, NOW if age == 27 else None
            session.add(task)
        session.add(JobStanding(job="publish feeds", succeeded_at=NOW, failures=0))
        session.add(JobStanding(job="back up", failing_since=NOW, failures=3, reason="no room"))
        session.add(Worker(owner="a", started_at=NOW, seen_at=NOW, memory=1000, cpu=2.5))
        session.add(Worker(owner="b", started_at=NOW, seen_at=NOW, memory=500, cpu=1.0))
        session.add(
            Worker(owner="gone", started_at=NOW, seen_at=NOW - timedelta(minutes=5), memory=9, cpu=9.0)
        )
        session.add(Alarm(key="disk", sentence="full", raised_at=NOW, seen_at=NOW))
        session.add(Alarm(key="feeds", sentence="bad", raised_at=NOW, seen_at=NOW, over_at=NOW))
    found = samples(operator(database, backups=tmp_path))
    expected = {
        "iscm_database_up": 1,
        "iscm_deliveries issue=2017 state=accepted": 3,
        "iscm_deliveries issue=2017 state=rejected": 1,
        "iscm_deliveries issue=2017 state=pending": 2,
        "iscm_deliveries issue=2017 state=in_doubt": 0,
        "iscm_sending_letters_per_second issue=2017": 2,
        "iscm_sending_last_outcome_timestamp_seconds issue=2017 outcome=accepted": NOW.timestamp() - 2,
        "iscm_sending_last_outcome_timestamp_seconds issue=2017 outcome=deferred": 0,
        "iscm_sending_resumes_timestamp_seconds issue=2017": 0,
        "iscm_issue_due_timestamp_seconds issue=2017": 0,
        "iscm_issues state=sending": 1,
        "iscm_issues state=sent": 0,
        "iscm_subscribers state=confirmed": 1,
        "iscm_subscribers state=left": 0,
        "iscm_job_success_timestamp_seconds job=publish feeds": NOW.timestamp(),
        "iscm_job_failing_since_timestamp_seconds job=publish feeds": 0,
        "iscm_job_failing_since_timestamp_seconds job=back up": NOW.timestamp(),
        "iscm_job_failures job=back up": 3,
        "iscm_work_processes": 2,
        "iscm_work_resident_memory_bytes": 1500,
        "iscm_work_cpu_seconds_total": 3.5,
        "iscm_alarms_open": 1,
        "iscm_tasks_open kind=new_address": 2,
        "iscm_tasks_open kind=left_post": 0,
        "iscm_tasks_oldest_timestamp_seconds kind=new_address": NOW.timestamp() - 9 * 24 * 3600,
        "iscm_tasks_oldest_timestamp_seconds kind=left_post": 0,
        "iscm_backup_age_seconds": 7200,
    }
    assert {name: found.get(name) for name in expected} == expected
    assert "ana" not in "".join(found)


def test_requests_are_counted_by_template_and_status(
    sqlite_registry: Database,
) -> None:
    """Each answer once, under the route it took; no address of a reader becomes a label."""
    with sqlite_registry.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL)
    client = operator(sqlite_registry)
    etag = client.get("/feeds/all.ics").headers["etag"]
    client.get("/feeds/all.ics", headers={"If-None-Match": etag})
    client.get("/feeds/none.ics")
    client.get("/u/AAAAAAAAAAAAAAAAAAAAAA")
    client.get("/nothing/at/all")
    client.request("BREW", "/")
    client.post("/mechanisms")
    found = {name: value for name, value in samples(client).items() if name.startswith("iscm_http_requests")}
    assert found == {
        "iscm_http_requests_total method=GET route=/feeds/ status=200": 1,
        "iscm_http_requests_total method=GET route=/feeds/ status=304": 1,
        "iscm_http_requests_total method=GET route=/feeds/ status=404": 1,
        "iscm_http_requests_total method=GET route=/u/{token} status=200": 1,
        "iscm_http_requests_total method=GET route=none status=404": 1,
        "iscm_http_requests_total method=other route=/ status=405": 1,
        "iscm_http_requests_total method=POST route=/mechanisms status=405": 1,
    }


def test_scrape_takes_the_same_statements_whatever_the_record_holds(database: Database) -> None:
    """As many for an empty record as for one with letters; none while the numbers are fresh."""
    sent: list[int] = []
    for has_letters in (False, True):
        if has_letters:
            letters_under_way(database)
        client = operator(database)
        with statements(database) as first:
            samples(client)
        with statements(database) as again:
            samples(client)
        sent += [len([one for one in first if one.startswith("SELECT")]), len(again)]
    assert sent[0] == sent[2]
    assert (sent[1], sent[3]) == (0, 0)
    assert sent[0] <= 14


def test_database_that_is_gone_is_told_and_nothing_is_made_up(tmp_path: Path) -> None:
    """iscm_database_up 0; a number nobody knows is missing rather than nought."""
    database = Database(f"sqlite:///{tmp_path}/nowhere/iscm.db")
    found = samples(operator(database))
    assert found["iscm_database_up"] == 0
    assert "iscm_revision_lag" not in found
    database.close()


@pytest.mark.parametrize(
    ("peer", "trusted", "headers", "status"),
    [
        ("127.0.0.1", [], {}, 200),
        ("203.0.113.7", [], {}, 404),
        # A proxy on this machine that nobody named would make everybody a neighbour.
        ("127.0.0.1", [], {"X-Forwarded-For": "203.0.113.7"}, 404),
        ("127.0.0.1", [], {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", [], {"Forwarded": "for=127.0.0.1"}, 404),
        ("127.0.0.1", [], {"X-Real-IP": "127.0.0.1"}, 404),
        ("203.0.113.7", [], {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", ["127.0.0.1/32"], {"X-Forwarded-For": "203.0.113.7"}, 404),
        ("127.0.0.1", ["127.0.0.1/32"], {"X-Forwarded-For": "127.0.0.2, 203.0.113.7"}, 404),
        ("127.0.0.1", ["127.0.0.1/32"], {"X-Forwarded-For": "127.0.0.2"}, 200),
        ("127.0.0.1", ["127.0.0.1/32"], {"X-Forwarded-For": "nonsense"}, 404),
        ("127.0.0.1", ["127.0.0.1/32"], {}, 200),
    ],
)
def test_only_the_named_networks_see_it(
    sqlite_database: Database, peer: str, trusted: list[str], headers: dict[str, str], status: int
) -> None:
    """Nobody gets in by a header of their own; for all others it is a page that does not exist."""
    client = operator(sqlite_database, peer=peer, trusted=trusted)
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("iscm_database_up" in answer.text) == (status == 200)


def test_answers_are_as_they_would_be_to_anybody_for_an_unknown_page(sqlite_database: Database) -> None:
    """A stranger cannot tell /metrics from what is not there."""
    client = operator(sqlite_database, peer="203.0.113.7")
    hidden, nothing = client.get("/metrics"), client.get("/nothing")
    assert (hidden.status_code, hidden.text.replace("/metrics", "/nothing")) == (404, nothing.text)
