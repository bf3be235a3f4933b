"""The jobs themselves, on a real record."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models import Database, Issue, IssueState, Meeting, Publication, Subscriber, SubscriberState
from scheduler.due import Every
from scheduler.jobs import JOBS, advance_day, draft_the_year, forget_unconfirmed
from scheduler.letters import SendingHeldUp, send_single_mails
from scheduler.publishing import AnotherPublishes, publish_feeds
from tests.scheduler.conftest import WorkOf

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


def test_jobs_are_named_once_and_briefly() -> None:
    """Names are what occurrences are unique by, and fit their column."""
    names = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 60


def test_jobs_whose_promise_is_seconds_are_looked_at_often_enough() -> None:
    """A change is served in two seconds, an issue starts in three, a confirmation leaves in one."""
    seconds = {job.name: job.when.seconds for job in JOBS if isinstance(job.when, Every)}
    assert seconds["publish feeds"] <= 0.5
    assert seconds["start due issues"] <= 1.0
    assert seconds["send single mails"] <= 0.5


def test_publishing_is_done_once_and_again_after_a_change(registry: Database, work_of: WorkOf) -> None:
    """What was published is not published again; one edit publishes one meeting."""
    work = work_of(registry, now=lambda: NOW)
    assert publish_feeds(work, NOW) == "159 meetings looked at, 158 changed, 0 gone"
    assert publish_feeds(work, NOW) is None
    with registry.writing() as session:
        meeting = session.scalars(select(Meeting).where(Meeting.slug.contains("2017")).limit(1)).one()
        meeting.city = "Elsewhere"
    assert publish_feeds(work, NOW + timedelta(seconds=5)) == "1 meetings looked at, 1 changed, 0 gone"


def test_publishers_of_two_kinds_do_not_undo_each_other(registry: Database, work_of: WorkOf) -> None:
    """Of two processes with different settings the one started last publishes; the other one waits."""
    times = [NOW]
    first = work_of(registry, now=lambda: times[0])
    publish_feeds(first, NOW)
    times[0] += timedelta(minutes=1)
    second = replace(work_of(registry, now=lambda: times[0]), base_url="https://new.example.org")
    assert publish_feeds(second, NOW + timedelta(minutes=1)) is not None
    with pytest.raises(AnotherPublishes):
        publish_feeds(first, NOW + timedelta(minutes=2))
    assert publish_feeds(second, NOW + timedelta(minutes=2)) is None
    assert publish_feeds(first, NOW + timedelta(minutes=62)) is not None


def test_day_moves_on_once(database: Database, work_of: WorkOf) -> None:
    """The as-of day becomes the due day, and never goes back."""
    work = work_of(database, now=lambda: NOW)
    due = datetime(2026, 12, 1, 0, 10, tzinfo=UTC)
    assert advance_day(work, due) == "the as-of day is 2026-12-01"
    assert advance_day(work, due) is None
    assert advance_day(work, due - timedelta(days=1)) is None
    with database.reading() as session:
        assert session.scalars(select(Publication.as_of_day)).one() == date(2026, 12, 1)


def test_draft_of_the_year_is_made_and_nothing_more(registry: Database, work_of: WorkOf) -> None:
    """On 1 December there is a draft of that year; nothing is approved, nothing sent."""
    work = work_of(registry, now=lambda: NOW)
    assert draft_the_year(work, NOW) == "issue 2026 is ready to be edited"
    with registry.reading() as session:
        assert [(issue.code, issue.state) for issue in session.scalars(select(Issue))] == [
            ("2026", IssueState.DRAFT)
        ]


def test_those_who_never_confirm_are_forgotten_after_seven_days(database: Database, work_of: WorkOf) -> None:
    """An address nobody confirmed is deleted; one asked yesterday stays, and so does a reader."""
    waiting = {"old@example.org": 8, "new@example.org": 1}
    with database.writing() as session:
        for address, days in waiting.items():
            session.add(reader(address, SubscriberState.PENDING, NOW - timedelta(days=days)))
        session.add(reader("reader@example.org", SubscriberState.CONFIRMED, NOW - timedelta(days=900)))
    assert forget_unconfirmed(work_of(database, now=lambda: NOW), NOW) == "1 did not confirm in time"
    with database.reading() as session:
        assert set(session.scalars(select(Subscriber.address))) == {"new@example.org", "reader@example.org"}


def test_confirmations_wait_while_the_mail_server_is_away(database: Database, work_of: WorkOf) -> None:
    """A mail server that does not answer is one sentence, and the mail stays queued."""
    from newsletter.subscription import sign_up

    work = work_of(database, now=lambda: NOW)
    assert send_single_mails(work, NOW) is None
    with database.writing() as session:
        sign_up(session, work.office.keys, address="ada@example.org", language="en", source="test", now=NOW)
    with pytest.raises(SendingHeldUp, match=r"127\.0\.0\.1:9 cannot be used: Connect"):
        send_single_mails(work, NOW)


def reader(address: str, state: SubscriberState, since: datetime) -> Subscriber:
    """A subscriber."""
    return Subscriber(address=address, address_key=address, language="en", state=state, created_at=since)
