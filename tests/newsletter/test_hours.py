"""A sending in windows: it rests when one closes, goes on when the next opens, and heeds its editor."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Database, Delivery, DeliveryState, Issue, IssueState
from newsletter.course import WindowClosed, begin_sending, cancel, find_issue, forget_windows, pause, resume
from newsletter.hours import issues_at_a_turn, keep_hours
from newsletter.progress import facts_of
from newsletter.relay import SmtpRelay
from newsletter.sending import issues_to_send, send_issue
from tests.letters import CODE, HEAD, KEYS, add_issue, add_readers, office_of
from tests.sink import running_sink

OPENS = datetime(2026, 12, 14, 7, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 14, 17, 0, tzinfo=UTC)
AGAIN = datetime(2026, 12, 15, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def in_office_hours(database: Database, *, readers: int = 3) -> None:
    """Put an approved issue on record that may be sent on weekdays from 8 to 18 in Zurich."""
    with database.writing() as session:
        issue = add_issue(session)
        issue.windows, issue.scheduled_zone = ["weekdays 08-18 Europe/Zurich"], "Europe/Zurich"
        add_readers(session, readers)


def begin(database: Database, now: datetime) -> None:
    """Begin the sending by an editor's word."""
    with database.writing() as session:
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=now, editor="cleo")


def turn(database: Database, now: datetime) -> str | None:
    """Do what the clock does at a moment."""
    with database.writing() as session:
        return keep_hours(session, CODE, now=now) if CODE in issues_at_a_turn(session, now=now) else None


def standing(database: Database) -> tuple[IssueState, datetime | None, datetime | None]:
    """The issue's state, when its window closes, and when it goes on by itself."""
    with database.reading() as session:
        issue = find_issue(session, CODE)
        return issue.state, issue.open_until, issue.resumes_at


def test_sending_rests_between_its_windows_and_goes_on_by_itself(database: Database) -> None:
    """Paused at the minute its window closes, sending again at the minute the next opens."""
    in_office_hours(database)
    begin(database, OPENS)
    assert standing(database) == (IssueState.SENDING, CLOSES, None)
    assert turn(database, CLOSES - MINUTE) is None
    assert turn(database, CLOSES) is not None
    assert standing(database) == (IssueState.PAUSED, None, AGAIN)
    with database.reading() as session:
        assert issues_to_send(session, now=CLOSES) == []
        assert find_issue(session, CODE).state_reason == (
            "its window is closed; it goes on on 15 December 2026, 08:00 Zurich time (2026-12-15 07:00 UTC)"
        )
    assert turn(database, AGAIN - MINUTE) is None
    assert turn(database, AGAIN) == "issue 2017 goes on: its window is open"
    assert standing(database) == (IssueState.SENDING, AGAIN + (CLOSES - OPENS), None)


def test_sending_does_not_begin_outside_of_its_windows(sqlite_database: Database) -> None:
    """Whoever asks is told when it opens; at any hour only by an editor's word."""
    in_office_hours(sqlite_database)
    with pytest.raises(WindowClosed, match=r"The next opens on 15 December 2026, 08:00 Zurich time"):
        begin(sqlite_database, CLOSES)
    with sqlite_database.writing() as session:
        forget_windows(session, CODE, editor="cleo", now=CLOSES)
    begin(sqlite_database, CLOSES)
    assert standing(sqlite_database) == (IssueState.SENDING, None, None)


def test_editors_pause_is_not_ended_by_a_window(sqlite_database: Database) -> None:
    """Paused by a person, it waits for a person; resumed at night it waits for the morning."""
    in_office_hours(sqlite_database)
    begin(sqlite_database, OPENS)
    turn(sqlite_database, CLOSES)
    with sqlite_database.writing() as session:
        pause(session, CODE, editor="cleo", now=CLOSES + MINUTE)
    assert standing(sqlite_database) == (IssueState.PAUSED, None, None)
    assert turn(sqlite_database, AGAIN) is None
    with sqlite_database.writing() as session:
        resume(session, CODE, editor="cleo", now=CLOSES + MINUTE)
    assert standing(sqlite_database) == (IssueState.PAUSED, None, AGAIN)
    with sqlite_database.writing() as session, pytest.raises(WindowClosed):
        resume(session, CODE, editor="cleo", now=CLOSES + MINUTE)
    with sqlite_database.writing() as session:
        cancel(session, CODE, editor="cleo", now=CLOSES + MINUTE)
    assert standing(sqlite_database) == (IssueState.CANCELLED, None, None)
    assert turn(sqlite_database, AGAIN) is None


def test_issue_that_waits_beyond_its_latest_time_expires(sqlite_database: Database) -> None:
    """Before the next window opens, and nothing is sent any more."""
    in_office_hours(sqlite_database)
    with sqlite_database.writing() as session:
        find_issue(session, CODE).not_after = CLOSES + timedelta(hours=1)
    begin(sqlite_database, OPENS)
    turn(sqlite_database, CLOSES)
    assert turn(sqlite_database, CLOSES + timedelta(hours=2)) == (
        "issue 2017 expired: not sent by 2026-12-14 18:00 UTC, its latest time"
    )


def test_letters_stop_when_the_window_closes(sqlite_database: Database, tmp_path: Path) -> None:
    """At the end of the window each connection finishes a letter at most."""
    in_office_hours(sqlite_database, readers=40)
    begin(sqlite_database, OPENS)
    with running_sink() as sink:
        moment = [OPENS]

        def clock() -> datetime:
            if len(sink.kept) >= 5:
                moment[0] = CLOSES
            return moment[0]

        office = office_of(sqlite_database, tmp_path, clock=clock)
        relay = SmtpRelay.from_url(f"{sink.url}&connections=2")
        sending = asyncio.run(send_issue(office, CODE, relay=relay))
        assert sending.counts.state is IssueState.PAUSED
        assert 5 <= len(sink.kept) <= 5 + 2 * 2
        assert (sending.counts.in_doubt, sending.counts.accepted) == (0, len(sink.kept))
        sent = len(sink.kept)
        asyncio.run(_nothing_more(office, relay))
        assert len(sink.kept) == sent
        moment[0] = AGAIN
        office = office_of(sqlite_database, tmp_path, clock=lambda: AGAIN)
        turn(sqlite_database, AGAIN)
        sending = asyncio.run(send_issue(office, CODE, relay=relay))
        assert (sending.counts.state, sending.counts.accepted) == (IssueState.SENT, 40)
        assert len(sink.kept) == 40


async def _nothing_more(office: object, relay: SmtpRelay) -> None:
    with pytest.raises(WindowClosed):
        await send_issue(office, CODE, relay=relay)  # type: ignore[arg-type]  # a PostOffice, named loosely here


def test_facts_tell_pace_hours_and_what_is_left(sqlite_database: Database) -> None:
    """The numbers of the contract stand beside the rate, the windows and the end."""
    in_office_hours(sqlite_database, readers=4)
    begin(sqlite_database, OPENS)
    with sqlite_database.reading() as session:
        facts = facts_of(session, session.scalars(select(Issue)).one(), now=OPENS + MINUTE)
        assert session.scalars(select(Delivery.state)).all() == [DeliveryState.PENDING] * 4
    expected = {
        "state": IssueState.SENDING,
        "included": 4,
        "open": 4,
        "windows": ["weekdays 08-18 Europe/Zurich"],
        "window_is_open": True,
        "closes_at": CLOSES,
        "resumes_at": None,
        "rate": 0.0,
        "ends_at": None,
    }
    assert {name: facts[name] for name in expected} == expected
    assert facts["summary"] == {"state": "waits", "to": None, "at": None, "reply": None}
