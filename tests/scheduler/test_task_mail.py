"""New tasks as mails to ISCM_ALERT_TO, over a real mail server: each told once, one mail a day."""

import asyncio
import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial

import pytest
from sqlalchemy import select

from models import Database, OperatorMail, RecipientKind, Subscriber, Task, TaskKind
from newsletter.tasks import end_task, open_task, set_told
from newsletter.transport import Limits, Relay, Transport
from scheduler.letters import SendingHeldUp
from scheduler.operator_mail import AFTER_REFUSAL, DAY, HELD_FOR
from scheduler.task_mail import GATHERED_FOR, MOST_IN_ONE, mail_tasks
from scheduler.work import Work
from tests.letters import NOW, add_readers
from tests.scheduler.conftest import WorkOf
from tests.unruly import DROP, Step, Unruly, unruly_server

OPERATOR = "operator@example.org"
MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Return the time it stands at."""
        return self.now


class Killed(BaseException):
    """The process ends here, with nothing more written."""


def opened(database: Database, clock: Clock, *readers: int, kind: TaskKind = TaskKind.NEW_ADDRESS) -> None:
    """Let letters to these readers have come back."""
    with database.writing() as session:
        for number in readers:
            address = f"reader{number}@example.org"
            reader = session.scalars(select(Subscriber).where(Subscriber.address == address)).one()
            detail = f"550 5.1.1 <{address}> no such user"
            open_task(session, kind, reader, address=address, issue="2017", detail=detail, now=clock.now)


def told(database: Database) -> list[int]:
    """The tasks that a mail has told of, by number."""
    with database.reading() as session:
        return list(session.scalars(select(Task.id).where(Task.told_at.is_not(None)).order_by(Task.id)))


def mails(server: Unruly) -> list[EmailMessage]:
    """What the server took."""
    return [email.message_from_bytes(content, policy=email.policy.default) for _, content in server.kept]


def said(mail: EmailMessage) -> str:
    """What a mail says, with plain line ends."""
    return str(mail.get_content()).replace("\r\n", "\n")


Making = Callable[..., Work]


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock()


@pytest.fixture
def telling(work_of: WorkOf, clock: Clock) -> Making:
    """Give the maker of a work, with three readers, whose tasks are told to the operator."""

    def make(database: Database, server: Unruly, *, owner: str = "one", readers: int = 3) -> Work:
        with database.writing() as session:
            if session.scalars(select(Subscriber).limit(1)).first() is None:
                add_readers(session, readers)
        return replace(work_of(database, now=clock, smtp=server.url, owner=owner), alert_to=OPERATOR)

    return make


def test_mail_says_who_why_what_to_do_and_how_to_close_it(
    sqlite_database: Database, telling: Making, clock: Clock
) -> None:
    """An editor can work from the mail alone; what the server said is without addresses."""
    with unruly_server() as server:
        work = telling(sqlite_database, server)
        with sqlite_database.writing() as session:
            reader = session.scalars(select(Subscriber).order_by(Subscriber.id).limit(1)).one()
            reader.name, reader.post, reader.kind = "Ana Sow", "Focal point", RecipientKind.CIRCULATION
        opened(sqlite_database, clock, 1)
        opened(sqlite_database, clock, 2, kind=TaskKind.UNPROVED_COMPLAINT)
        clock.now += GATHERED_FOR
        assert mail_tasks(work, clock.now) == "2 told"
    (mail,) = mails(server)
    assert (mail["To"], mail["Subject"]) == (OPERATOR, "2 tasks about readers of the letter")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert said(mail) == (
        "This came out of letters and mails that came back. Only a person can do it:\n\n"
        "Task 1, since 2026-12-14 08:00 UTC\n"
        "  Ask the mission for the new address of Ana Sow, Focal point (reader1@example.org): issue 2017 "
        "came back because the address does not exist (“550 5.1.1 <***> no such user”). A second letter that "
        "comes back takes it off the list.\n"
        "  Then: iscm subscribers hand-over reader1@example.org NEW-ADDRESS\n"
        '  When it is done: iscm tasks done 1 --remark "WHAT CAME OF IT"\n\n'
        "Task 2, since 2026-12-14 08:00 UTC\n"
        "  Ask reader2@example.org whether they still want the letter: a complaint names them, but nothing "
        "proves that it is about issue 2017, so nothing was changed (“550 5.1.1 <***> no such user”).\n"
        "  If not: iscm subscribers leave reader2@example.org\n"
        '  When it is done: iscm tasks done 2 --remark "WHAT CAME OF IT"\n\n'
        "A task is told of once, in one mail a day at most. All that are open: iscm tasks list\n\n"
        "https://iscm.example.org\n"
    )


def test_new_tasks_are_gathered_and_told_once_a_day(
    database: Database, telling: Making, clock: Clock
) -> None:
    """For an hour they are gathered; what comes after the mail waits for the next day's, told ones do not."""
    with unruly_server() as server:
        work = telling(database, server)
        assert mail_tasks(work, clock.now) is None
        opened(database, clock, 1)
        clock.now += GATHERED_FOR - MINUTE
        opened(database, clock, 2)
        assert mail_tasks(work, clock.now) is None
        clock.now += MINUTE
        assert mail_tasks(work, clock.now) == "2 told"
        opened(database, clock, 1, 3)
        clock.now += DAY - MINUTE
        assert mail_tasks(work, clock.now) is None
        clock.now += MINUTE
        assert mail_tasks(work, clock.now) == "1 told"
        clock.now += 10 * DAY
        assert mail_tasks(work, clock.now) is None
    assert [mail["Subject"] for mail in mails(server)] == [
        "2 tasks about readers of the letter",
        "1 task about a reader of the letter",
    ]
    assert "reader3@example.org" in said(mails(server)[1])
    assert "reader1@example.org" not in said(mails(server)[1])


def test_what_is_done_or_moot_is_not_told(sqlite_database: Database, telling: Making, clock: Clock) -> None:
    """An editor who was quicker, and a reader who has another address by now, need no mail."""
    with unruly_server() as server:
        work = telling(sqlite_database, server)
        opened(sqlite_database, clock, 1, 2)
        with sqlite_database.writing() as session:
            end_task(session, 1, editor="Ines", remark=None, now=clock.now)
            session.scalars(select(Subscriber).where(Subscriber.id == 2)).one().address = "new@example.org"
        clock.now += GATHERED_FOR
        assert mail_tasks(work, clock.now) is None
    assert (server.kept, told(sqlite_database)) == ([], [])


def test_very_many_tasks_are_told_over_several_days(
    sqlite_database: Database, telling: Making, clock: Clock
) -> None:
    """A mail stays readable; the rest waits for the next one, which the first says."""
    with unruly_server() as server:
        work = telling(sqlite_database, server, readers=MOST_IN_ONE + 1)
        opened(sqlite_database, clock, *range(1, MOST_IN_ONE + 2))
        clock.now += GATHERED_FOR
        assert mail_tasks(work, clock.now) == f"{MOST_IN_ONE} told"
        assert "1 more waits for the next mail." in said(mails(server)[0])
        clock.now += DAY
        assert mail_tasks(work, clock.now) == "1 told"


def gone_at(step: Step, at: Step, _who: str, _nth: int) -> str | None:
    """Vanish at a step."""
    return DROP if at is step else None


def test_tasks_wait_while_the_mail_server_is_away(
    sqlite_database: Database, telling: Making, clock: Clock
) -> None:
    """Gone before the letter itself: nothing arrived, nothing is told; once it is back, one mail leaves."""
    for step in (Step.GREETING, Step.MAIL, Step.DATA):
        with unruly_server(partial(gone_at, step)) as server:
            work = telling(sqlite_database, server)
            opened(sqlite_database, clock, 1)
            clock.now += GATHERED_FOR
            with pytest.raises(SendingHeldUp):
                mail_tasks(work, clock.now)
            assert (told(sqlite_database), server.kept) == ([], [])
    with unruly_server() as server:
        assert mail_tasks(telling(sqlite_database, server), clock.now) == "1 told"
        assert len(server.kept) == 1


@pytest.mark.parametrize("step", [Step.RCPT, Step.DOT])
def test_refused_mail_is_tried_again_after_an_hour(
    sqlite_database: Database, telling: Making, clock: Clock, step: Step
) -> None:
    """Also one that is refused, or put off by greylisting, after all of it was written."""
    with unruly_server(lambda at, _who, _nth: "451 4.7.1 later" if at is step else None) as server:
        work = telling(sqlite_database, server)
        opened(sqlite_database, clock, 1)
        clock.now += GATHERED_FOR
        assert mail_tasks(work, clock.now) == "the mail of 1 tasks did not leave"
        assert told(sqlite_database) == []
        clock.now += AFTER_REFUSAL - MINUTE
        assert mail_tasks(work, clock.now) is None
        server.behaviour = lambda _at, _who, _nth: None
        clock.now += MINUTE
        assert mail_tasks(work, clock.now) == "1 told"
        assert (told(sqlite_database), len(server.kept)) == ([1], 1)


def test_lost_after_its_last_byte_it_counts_as_told(
    sqlite_database: Database, telling: Making, clock: Clock
) -> None:
    """The server has the mail, and nobody heard so: a second one would be the same again."""
    with unruly_server(lambda at, _who, _nth: DROP if at is Step.DOT else None) as server:
        work = telling(sqlite_database, server)
        opened(sqlite_database, clock, 1)
        clock.now += GATHERED_FOR
        assert mail_tasks(work, clock.now) == "1 told"
        server.behaviour = lambda _at, _who, _nth: None
        clock.now += 2 * DAY
        assert mail_tasks(work, clock.now) is None
        assert told(sqlite_database) == [1]


@pytest.mark.parametrize("is_on_the_wire", [False, True])
def test_killed_process_neither_loses_nor_repeats(
    database: Database,
    telling: Making,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_on_the_wire: bool,
) -> None:
    """Dead before the first byte, another process tells three minutes later; dead after it, nobody does."""

    def die(*_words: object) -> None:
        raise Killed

    with unruly_server() as server:
        work = telling(database, server)
        opened(database, clock, 1)
        clock.now += GATHERED_FOR
        with monkeypatch.context() as patch:
            patch.setattr("scheduler.task_mail.set_told", set_told if is_on_the_wire else die)
            if is_on_the_wire:
                patch.setattr("scheduler.operator_mail._note", die)
            with pytest.raises(Killed):
                mail_tasks(work, clock.now)
        other = telling(database, server, owner="two")
        clock.now += HELD_FOR - timedelta(seconds=1)
        assert mail_tasks(other, clock.now) is None
        clock.now += timedelta(seconds=1)
        assert mail_tasks(other, clock.now) == (None if is_on_the_wire else "1 told")
        clock.now += 2 * DAY
        assert mail_tasks(other, clock.now) is None
    assert (len(server.kept), told(database)) == (1, [1])


@dataclass(frozen=True)
class Slow:
    """A way to the mail server that takes so long that something happens meanwhile."""

    way: Relay
    meanwhile: Callable[[], object]

    @property
    def connections(self) -> int:
        """As many as the way has."""
        return self.way.connections

    @property
    def limits(self) -> Limits:
        """The way's own."""
        return self.way.limits

    def turned_us_away(self, said: str) -> None:
        """Tell the way."""
        self.way.turned_us_away(said)

    async def connect(self) -> Transport:
        """Let it happen, then connect."""
        await asyncio.to_thread(self.meanwhile)
        return await self.way.connect()


def test_turn_that_was_taken_away_sends_nothing(database: Database, telling: Making, clock: Clock) -> None:
    """A process that slept through its turn finds that another has told, and its own mail does not leave."""
    heard: list[str | None] = []
    with unruly_server() as server:
        work, other = telling(database, server), telling(database, server, owner="two")

        def other_tells() -> None:
            clock.now += HELD_FOR
            heard.append(mail_tasks(other, clock.now))

        opened(database, clock, 1)
        clock.now += GATHERED_FOR
        late = mail_tasks(replace(work, relay=Slow(work.relay, other_tells)), clock.now)
    assert (heard, late) == (["1 told"], "the mail of 1 tasks did not leave")
    assert (len(server.kept), told(database)) == (1, [1])


def test_nobody_to_tell_keeps_tasks_for_who_is_named_later(
    sqlite_database: Database, telling: Making, clock: Clock
) -> None:
    """Without ISCM_ALERT_TO nothing is mailed or noted; once it is set, all that are open are told."""
    with unruly_server() as server:
        work = telling(sqlite_database, server)
        opened(sqlite_database, clock, 1, 2)
        clock.now += 10 * DAY
        assert mail_tasks(replace(work, alert_to=""), clock.now) is None
        assert mail_tasks(work, clock.now) == "2 told"
    with sqlite_database.reading() as session:
        assert [one.accepted for one in session.scalars(select(OperatorMail))] == [True]
