"""Mails to the operator, over a real mail server: told once, together, and never a flood."""

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from models import Alarm, Database, ErrorReport, OperatorMail, OperatorMailKind
from models.alarm_course import SETTLES_IN, note_troubles
from scheduler.alarm_mail import GAP, MOST_A_DAY, mail_alarms
from scheduler.error_report_mail import mail_error_reports
from scheduler.letters import SendingHeldUp
from scheduler.operator_mail import AFTER_REFUSAL, HELD_FOR, take_turn
from scheduler.work import Work
from tests.scheduler.conftest import WorkOf
from tests.unruly import DROP, Step, Unruly, unruly_server

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OPERATOR = "operator@example.org"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Return the time it stands at."""
        return self.now


def looked(work: Work, clock: Clock, *keys: str) -> None:
    """Let these troubles be found now, and no others."""
    with work.database.writing() as session:
        note_troubles(session, {key: f"{key} needs you." for key in keys}, among="", now=clock.now)


def said(mail: EmailMessage) -> str:
    """What a mail says, with plain line ends."""
    return str(mail.get_content()).replace("\r\n", "\n")


def mails(server: Unruly) -> list[EmailMessage]:
    """What the server took."""
    return [email.message_from_bytes(content, policy=email.policy.default) for _, content in server.kept]


@pytest.fixture
def clock() -> Clock:
    """A clock at noon."""
    return Clock()


@pytest.fixture
def alarming(work_of: WorkOf, clock: Clock) -> Callable[[Database, Unruly], Work]:
    """Give the maker of a work whose alarms go to the operator."""

    def make(database: Database, server: Unruly) -> Work:
        work = work_of(database, now=clock, smtp=server.url)
        return replace(work, alert_to=f"Duty <{OPERATOR}>", reports_to=OPERATOR)

    return make


Making = Callable[[Database, Unruly], Work]


def test_alarm_is_mailed_when_it_begins_and_when_it_is_over(
    database: Database, alarming: Making, clock: Clock
) -> None:
    """One mail at each end, none between, with the sentence and the times."""
    with unruly_server() as server:
        work = alarming(database, server)
        assert mail_alarms(work, clock.now) is None
        looked(work, clock, "disk")
        assert mail_alarms(work, clock.now) == "1 told"
        for _ in range(20):
            clock.now += timedelta(minutes=10)
            looked(work, clock, "disk")
            assert mail_alarms(work, clock.now) is None
        clock.now += SETTLES_IN
        looked(work, clock)
        assert mail_alarms(work, clock.now) == "1 told"
        assert mail_alarms(work, clock.now) is None
    first, last = mails(server)
    assert (first["To"], first["Subject"]) == (f"Duty <{OPERATOR}>", "ISCM alarm: disk")
    assert (first["Auto-Submitted"], first.get_content_type()) == ("auto-generated", "text/plain")
    assert said(first).startswith(
        "This needs a person:\n\n* disk\n  disk needs you.\n  Since 2026-11-23 12:00 UTC.\n"
    )
    assert last["Subject"] == "ISCM alarm is over: disk"
    assert "  From 2026-11-23 12:00 UTC to 2026-11-23 15:22 UTC.\n" in said(last)
    assert server.readers == {OPERATOR: 2}


def test_alarms_that_begin_together_stand_in_one_mail(
    database: Database, alarming: Making, clock: Clock
) -> None:
    """Forty at once are one mail; those of the next five minutes are the second."""
    with unruly_server() as server:
        work = alarming(database, server)
        names = [f"job {number:02}" for number in range(40)]
        looked(work, clock, *names)
        mail_alarms(work, clock.now)
        for number in range(40, 50):
            clock.now += timedelta(seconds=20)
            names.append(f"job {number:02}")
            looked(work, clock, *names)
            assert mail_alarms(work, clock.now) is None
        clock.now = NOW + GAP
        looked(work, clock, *names)
        assert mail_alarms(work, clock.now) == "10 told"
    first, second = mails(server)
    assert (first["Subject"], said(first).count("* job")) == (
        "ISCM alarm: job 00, job 01, job 02 …",
        40,
    )
    assert said(second).count("* job") == 10


def test_no_more_than_twenty_mails_leave_in_a_day(
    sqlite_database: Database, alarming: Making, clock: Clock
) -> None:
    """A new trouble every six minutes, all day and night: 20 mails in any 24 hours, the 20th says so."""
    sent: list[datetime] = []
    with unruly_server() as server:
        work = alarming(sqlite_database, server)
        names: list[str] = []
        for number in range(300):
            clock.now = NOW + number * timedelta(minutes=6)
            names.append(f"job {number}")
            looked(work, clock, *names)
            if mail_alarms(work, clock.now):
                sent.append(clock.now)
    a_day = timedelta(hours=24)
    assert {len([one for one in sent if at <= one < at + a_day]) for at in sent[:10]} == {MOST_A_DAY}
    assert all(len([one for one in sent if at <= one < at + a_day]) <= MOST_A_DAY for at in sent)
    last = mails(server)[MOST_A_DAY - 1]
    assert "This is the last mail of this kind for today" in said(last)
    assert sum("the last mail" in said(mail) for mail in mails(server)[: MOST_A_DAY - 1]) == 0


def test_alarm_that_lasts_is_told_once_a_day(database: Database, alarming: Making, clock: Clock) -> None:
    """Three days of trouble are three mails after the first."""
    with unruly_server() as server:
        work = alarming(database, server)
        for _ in range(3 * 24 + 1):
            looked(work, clock, "feeds")
            mail_alarms(work, clock.now)
            clock.now += timedelta(hours=1)
    assert [said(mail).splitlines()[0] for mail in mails(server)] == [
        "This needs a person:",
        *["This still lasts:"] * 3,
    ]


def test_alarm_waits_while_the_mail_server_is_the_trouble(
    database: Database, alarming: Making, clock: Clock
) -> None:
    """It is kept and counted against no day; back again, the server gets one mail with all there was."""
    with unruly_server(lambda _step, _recipient, _nth: DROP) as server:
        work = alarming(database, server)
        looked(work, clock, "feeds")
        for _ in range(30):
            clock.now += timedelta(minutes=1)
            looked(work, clock, "feeds")
            with pytest.raises(SendingHeldUp, match="The mail server"):
                mail_alarms(work, clock.now)
        looked(work, clock, "disk")
        server.behaviour = lambda _step, _recipient, _nth: None
        clock.now += SETTLES_IN
        looked(work, clock, "disk")
        assert mail_alarms(work, clock.now) == "2 told"
    (mail,) = mails(server)
    assert "* disk" in said(mail).split("This is over:")[0]
    assert "* feeds" in said(mail).split("This is over:")[1]
    with database.reading() as session:
        assert [(one.kind, one.accepted) for one in session.scalars(select(OperatorMail))] == [
            (OperatorMailKind.ALARMS, True)
        ]


def test_refused_mail_is_not_tried_again_at_once(database: Database, alarming: Making, clock: Clock) -> None:
    """A server that does not want the operator's address is asked once an hour; the alarm stays untold."""
    refuse = {Step.RCPT: "550 5.1.1 nobody here"}
    with unruly_server(lambda step, _recipient, _nth: refuse.get(step)) as server:
        work = alarming(database, server)
        looked(work, clock, "disk")
        assert mail_alarms(work, clock.now) == "the mail server refused the mail of 1 alarms"
        clock.now += AFTER_REFUSAL - timedelta(seconds=1)
        assert mail_alarms(work, clock.now) is None
        server.behaviour = lambda _step, _recipient, _nth: None
        clock.now += timedelta(seconds=1)
        looked(work, clock, "disk")
        assert mail_alarms(work, clock.now) == "1 told"
    assert len(server.kept) == 1


def test_two_work_processes_send_one_mail(database: Database) -> None:
    """Who takes the turn first sends; the other finds it taken, until it is clear that the first is dead."""

    def turn(owner: str, now: datetime) -> bool:
        with database.writing() as session:
            taken = take_turn(
                session, kind=OperatorMailKind.ALARMS, owner=owner, most=20, gap=timedelta(), now=now
            )
            return taken is not None

    assert turn("one", NOW)
    assert not turn("two", NOW)
    assert not turn("two", NOW + HELD_FOR - timedelta(seconds=1))
    assert turn("two", NOW + HELD_FOR)


def test_without_an_address_alarms_are_kept_and_nothing_is_mailed(
    sqlite_database: Database, work_of: WorkOf, clock: Clock
) -> None:
    """They are in the table and in the log."""
    with unruly_server() as server:
        work = work_of(sqlite_database, now=clock, smtp=server.url)
        looked(work, clock, "disk")
        assert mail_alarms(work, clock.now) is None
        assert server.connections == 0
    with sqlite_database.reading() as session:
        assert session.scalars(select(Alarm.key)).all() == ["disk"]


def report(database: Database, words: str, *, at: datetime, reply_to: str | None = None) -> None:
    """Let a reader report an error."""
    with database.writing() as session:
        session.add(ErrorReport(page="/meetings/x", words=words, reply_to=reply_to, reported_at=at))


def test_reports_of_readers_are_gathered_for_an_hour(
    database: Database, alarming: Making, clock: Clock
) -> None:
    """The first leaves at once, all of the next hour in one mail; each once, as it was written."""
    with unruly_server() as server:
        work = alarming(database, server)
        assert mail_error_reports(work, clock.now) is None
        report(database, "The date is wrong.\n<b>It is 3 June.</b>", at=clock.now, reply_to="ana@example.org")
        assert mail_error_reports(work, clock.now) == "1 told"
        for minute in range(1, 60):
            clock.now = NOW + timedelta(minutes=minute)
            report(database, f"Error {minute:02}", at=clock.now)
            assert mail_error_reports(work, clock.now) is None
        clock.now = NOW + timedelta(hours=1)
        assert mail_error_reports(work, clock.now) == "50 told"
        clock.now += timedelta(hours=1)
        assert mail_error_reports(work, clock.now) == "9 told"
        assert mail_error_reports(work, clock.now + timedelta(hours=5)) is None
    first, second, third = mails(server)
    assert first["Subject"] == "A reader reports an error"
    assert said(first) == (
        "On https://iscm.example.org/meetings/x, reported 2026-11-23 12:00 UTC:\n\n"
        "    The date is wrong.\n    <b>It is 3 June.</b>\n\nAnswer to: ana@example.org\n\n"
        "https://iscm.example.org\n"
    )
    assert second["Subject"] == "Readers report 50 errors"
    assert "9 more have come." in said(second)
    assert said(third).count("    Error ") == 9
