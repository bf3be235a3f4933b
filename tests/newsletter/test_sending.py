"""Sending an issue to real servers that behave and misbehave: everybody once, and every number true."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models import (
    Database,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    Edition,
    InDoubtPolicy,
    Issue,
    IssueState,
    Subscriber,
    SubscriberState,
)
from newsletter.conversation import Timeouts
from newsletter.course import NotSendable, begin_sending, cancel, find_issue, pause, resume
from newsletter.deliveries import Counts
from newsletter.erasure import erase
from newsletter.journal import JournalUnwritable
from newsletter.relay import SmtpRelay
from newsletter.round import Round
from newsletter.sending import Sending, issues_to_send, send_issue
from newsletter.settling import assume_sent, in_doubt, resend
from newsletter.subscription import leave_reader
from tests.letters import CODE, KEYS, NOW, add_issue, add_readers, office_of, ready_to_send, states
from tests.unruly import DROP, SILENCE, Behaviour, Step, Unruly, behave, unruly_server


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Return the time it stands at."""
        return self.now


def send(
    database: Database,
    folder: Path,
    server: Unruly,
    *,
    connections: int = 4,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    stop: threading.Event | None = None,
    patience: float = 10.0,
    waits_for_others: bool = False,
    seconds: float = 10.0,
) -> Sending:
    """Send the issue to the server as a process would, and return how it stands."""
    relay = SmtpRelay(
        host="127.0.0.1",
        port=server.port,
        connections=connections,
        timeouts=Timeouts(connect=5, command=seconds, body=seconds),
    )
    return asyncio.run(
        send_issue(
            office_of(database, folder, clock=clock),
            CODE,
            relay=relay,
            stop=stop,
            patience=patience,
            waits_for_others=waits_for_others,
        )
    )


def numbers(counts: Counts) -> dict[str, int]:
    """Return the numbers that are not zero, after seeing that they add up."""
    assert counts.adds_up
    names = ("excluded", "included", "accepted", "rejected", "skipped", "in_doubt", "open")
    return {name: getattr(counts, name) for name in names if getattr(counts, name)}


def to(reader: str, step: Step, answer: str, *, times: int = 99) -> Behaviour:
    """Misbehave towards one reader at one step."""

    def do(now: Step, recipient: str, nth: int) -> str | None:
        return answer if now is step and recipient == reader and nth <= times else None

    return do


def leftovers(folder: Path) -> list[str]:
    """Return what a sending left in the folder of journals."""
    return [path.name for path in (folder / "journal").glob("*")]


def test_everybody_gets_one_letter(database: Database, tmp_path: Path) -> None:
    """Each confirmed reader gets exactly one copy; the numbers add up; nothing is left behind."""
    readers = ready_to_send(database, 250)
    with database.writing() as session:
        add_readers(session, 3, state=SubscriberState.PENDING, name="pending")
        add_readers(session, 2, state=SubscriberState.LEFT, name="left")
    with unruly_server() as server:
        sending = send(database, tmp_path, server)
    assert server.readers == Counter(readers)
    assert sending.counts == Counts(
        state=IssueState.SENT,
        candidates=255,
        excluded=5,
        excluded_by={"unconfirmed": 3, "left": 2},
        included=250,
        accepted=250,
        rejected=0,
        skipped=0,
        in_doubt=0,
        open=0,
    )
    assert sending.is_complete
    assert leftovers(tmp_path) == []
    assert server.connections <= 4


def test_a_sent_issue_sends_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    """Sending once more what is sent opens no connection."""
    ready_to_send(sqlite_database, 3)
    with unruly_server() as server:
        first = send(sqlite_database, tmp_path, server)
        connections = server.connections
        again = send(sqlite_database, tmp_path, server)
    assert again == first
    assert server.connections == connections
    assert len(server.kept) == 3


def test_reader_of_a_language_without_edition_gets_english(sqlite_database: Database, tmp_path: Path) -> None:
    """Each reader gets their language where there is an edition, and English elsewhere."""
    with sqlite_database.writing() as session:
        add_issue(session, languages=("en", "fr"))
        for language in ("en", "fr", "ar"):
            add_readers(session, 1, language=language, name=language)
    with unruly_server() as server:
        send(sqlite_database, tmp_path, server)
    subjects = {
        reader: next(line for line in letter.split(b"\r\n") if line.startswith(b"Subject"))
        for reader, letter in server.kept
    }
    assert subjects == {
        "en1@example.org": b"Subject: ISCM Highlights 2017 (en)",
        "fr1@example.org": b"Subject: ISCM Highlights 2017 (fr)",
        "ar1@example.org": b"Subject: ISCM Highlights 2017 (en)",
    }


@pytest.mark.parametrize(
    ("step", "answer", "state", "code", "copies"),
    [
        (Step.RCPT, "450 4.2.0 later", DeliveryState.DEFERRED, 450, 0),
        (Step.RCPT, "421 4.3.2 later", DeliveryState.DEFERRED, 421, 0),
        (Step.RCPT, "452 4.5.3 later", DeliveryState.DEFERRED, 452, 0),
        (Step.RCPT, "550 5.1.1 nobody", DeliveryState.REJECTED, 550, 0),
        (Step.RCPT, DROP, DeliveryState.DEFERRED, None, 0),
        (Step.DATA, "451 4.3.0 later", DeliveryState.DEFERRED, 451, 0),
        (Step.DATA, DROP, DeliveryState.DEFERRED, None, 0),
        (Step.BODY, DROP, DeliveryState.IN_DOUBT, None, 0),
        (Step.DOT, "452 4.3.1 full", DeliveryState.DEFERRED, 452, 0),
        (Step.DOT, "554 5.6.0 no", DeliveryState.REJECTED, 554, 0),
        (Step.DOT, DROP, DeliveryState.IN_DOUBT, None, 0),
        (Step.KEPT, DROP, DeliveryState.IN_DOUBT, None, 1),
        (Step.KEPT, SILENCE, DeliveryState.IN_DOUBT, None, 1),
    ],
)
def test_one_reader_whom_the_server_treats_badly(
    sqlite_database: Database,
    tmp_path: Path,
    *,
    step: Step,
    answer: str,
    state: DeliveryState,
    code: int | None,
    copies: int,
) -> None:
    """Whatever happens to one letter, all others arrive once, and the one is told as what it is."""
    readers = ready_to_send(sqlite_database, 12)
    with unruly_server(to("reader5@example.org", step, answer)) as server:
        sending = send(
            sqlite_database, tmp_path, server, connections=2, seconds=1.5 if answer is SILENCE else 10.0
        )
    expected = dict.fromkeys(readers, DeliveryState.ACCEPTED) | {"reader5@example.org": state}
    assert states(sqlite_database) == expected
    with sqlite_database.reading() as session:
        row = session.scalars(select(Delivery).where(Delivery.address == "reader5@example.org")).one()
    assert row.code == code
    assert server.readers == +Counter(dict.fromkeys(readers, 1) | {"reader5@example.org": copies})
    assert not sending.is_complete or state is DeliveryState.REJECTED
    assert sending.counts.adds_up
    assert leftovers(tmp_path) == []


def test_put_off_reader_is_tried_again_until_it_is_enough(database: Database, tmp_path: Path) -> None:
    """After 5 minutes, 15, 60 and so on the same bytes are offered again; after 48 hours it is over."""
    ready_to_send(database, 1)
    clock = Clock()
    waits: list[timedelta] = []
    with unruly_server(to("reader1@example.org", Step.RCPT, "450 4.2.0 later")) as server:
        while True:
            sending = send(database, tmp_path, server, clock=clock)
            if not sending.counts.open:
                break
            with database.reading() as session:
                next_at = session.scalars(select(Delivery.next_at)).one()
                assert issues_to_send(session, now=clock.now) == []
                assert issues_to_send(session, now=next_at or NOW) == [CODE]
            assert next_at is not None
            waits.append(next_at - clock.now)
            clock.now = next_at
    assert [wait.total_seconds() / 60 for wait in waits] == [5, 15, 60, 120, 240, 480, 480, 480, 480, 480]
    assert numbers(sending.counts) == {"included": 1, "rejected": 1}
    assert sending.counts.state is IssueState.SENT
    with database.reading() as session:
        events = session.scalars(select(DeliveryEvent.event).order_by(DeliveryEvent.id)).all()
    assert events == ["deferred"] * 10 + ["rejected"]


def test_wait_that_the_server_asked_for_is_kept(sqlite_database: Database, tmp_path: Path) -> None:
    """A wait of 40 minutes that the server names is honoured where it is longer than our own wait."""
    ready_to_send(sqlite_database, 1)
    clock = Clock()
    with unruly_server(to("reader1@example.org", Step.RCPT, "451 4.7.1 try again in 40 minutes")) as server:
        send(sqlite_database, tmp_path, server, clock=clock)
    with sqlite_database.reading() as session:
        assert session.scalars(select(Delivery.next_at)).one() == NOW + timedelta(minutes=40)


def test_put_off_reader_who_is_taken_later(sqlite_database: Database, tmp_path: Path) -> None:
    """Once the server takes the letter, it is accepted, with the Date of the first try."""
    ready_to_send(sqlite_database, 2)
    clock = Clock()
    with unruly_server(to("reader1@example.org", Step.RCPT, "450 4.2.0 later", times=1)) as server:
        send(sqlite_database, tmp_path, server, clock=clock)
        clock.now += timedelta(minutes=5)
        sending = send(sqlite_database, tmp_path, server, clock=clock)
    assert numbers(sending.counts) == {"included": 2, "accepted": 2}
    assert {letter.split(b"\r\n")[0] for _, letter in server.kept} == {
        b"Date: Mon, 14 Dec 2026 08:00:00 +0000"
    }


def test_unreachable_server_costs_nobody_anything(sqlite_database: Database, tmp_path: Path) -> None:
    """When no connection can be made, the sending ends with a sentence, and everybody waits as before."""
    ready_to_send(sqlite_database, 3)
    with unruly_server() as server:
        pass
    sending = send(sqlite_database, tmp_path, server, patience=0.1)
    assert numbers(sending.counts) == {"included": 3, "open": 3}
    assert sending.fault is not None
    assert sending.fault.startswith(f"The mail server 127.0.0.1:{server.port} cannot be used: ")
    assert set(states(sqlite_database).values()) == {DeliveryState.PENDING}
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("answer", ["550 5.7.1 we do not know you", "451 4.3.0 disk full", DROP])
def test_server_that_refuses_the_sender_rejects_no_reader(
    sqlite_database: Database, tmp_path: Path, answer: str
) -> None:
    """A relay that refuses us, whoever the reader is, turns nobody into a rejected reader."""
    ready_to_send(sqlite_database, 30)
    with unruly_server(lambda step, _who, _nth: answer if step is Step.MAIL else None) as server:
        sending = send(sqlite_database, tmp_path, server, patience=0.1)
    assert numbers(sending.counts) == {"included": 30, "open": 30}
    assert sending.fault is not None


@pytest.mark.parametrize(
    ("step", "answer"), [(Step.MAIL, "421 4.3.2 restarting"), (Step.MAIL, DROP), (Step.GREETING, DROP)]
)
def test_connection_lost_now_and_then(
    sqlite_database: Database, tmp_path: Path, step: Step, answer: str
) -> None:
    """A connection that is lost pauses a second and comes back; nobody is put off for it."""
    readers = ready_to_send(sqlite_database, 20)
    with unruly_server(lambda now, _who, nth: answer if now is step and nth in {1, 3} else None) as server:
        sending = send(sqlite_database, tmp_path, server, connections=2, patience=30)
    assert numbers(sending.counts) == {"included": 20, "accepted": 20}
    assert server.readers == Counter(readers)


def test_nobody_rests_when_nothing_is_left(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection lost with the last letter ends the sending: a pause is for the letter after it."""
    rests: list[float] = []

    async def rest(_round: Round, seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr(Round, "rest", rest)
    (reader,) = ready_to_send(sqlite_database, 1)
    with unruly_server(to(reader, Step.KEPT, DROP)) as server:
        sending = send(sqlite_database, tmp_path, server, connections=1)
    assert numbers(sending.counts) == {"included": 1, "in_doubt": 1}
    assert rests == []


@pytest.mark.parametrize("act", [pause, cancel])
def test_held_or_cancelled_while_it_runs(
    database: Database, tmp_path: Path, act: Callable[..., Issue]
) -> None:
    """At most one more letter per connection leaves; cancelled, everybody else is skipped."""
    readers = ready_to_send(database, 120)
    done = threading.Event()

    def halt(step: Step, _recipient: str, _nth: int) -> str | None:
        if step is Step.DOT and len(server.kept) == 20 and not done.is_set():
            done.set()
            with database.writing() as session:
                act(session, CODE, editor="editor", now=NOW)
        return None

    with unruly_server() as server:
        server.behaviour = halt
        sending = send(database, tmp_path, server)
    assert 20 <= len(server.kept) <= 20 + 4
    assert sending.counts.accepted == len(server.kept)
    rest = len(readers) - len(server.kept)
    if act is cancel:
        assert numbers(sending.counts) == {"included": 120, "accepted": len(server.kept), "skipped": rest}
        with pytest.raises(NotSendable):
            send(database, tmp_path, server)
        return
    assert numbers(sending.counts) == {"included": 120, "accepted": len(server.kept), "open": rest}
    assert set(states(database).values()) == {DeliveryState.ACCEPTED, DeliveryState.PENDING}
    with unruly_server() as other:
        with pytest.raises(NotSendable):
            send(database, tmp_path, other)
        with database.writing() as session:
            resume(session, CODE, editor="editor", now=NOW)
        sending = send(database, tmp_path, other)
    assert numbers(sending.counts) == {"included": 120, "accepted": 120}
    assert server.readers + other.readers == Counter(readers)


@pytest.mark.parametrize("way", ["leaves", "is erased"])
def test_reader_who_leaves_while_it_runs_gets_nothing(database: Database, tmp_path: Path, way: str) -> None:
    """Somebody who leaves, or is erased, in the middle of the sending is skipped, claimed already or not."""
    readers = ready_to_send(database, 40)
    gone: list[str] = []

    def go(step: Step, recipient: str, _nth: int) -> str | None:
        if step is Step.DOT and len(server.kept) == 10 and not gone:
            waiting = [one for one in readers if one != recipient and server.times[Step.RCPT, one] == 0]
            gone.append(waiting[-1])
            with database.writing() as session:
                if way == "leaves":
                    reader = session.scalars(select(Subscriber).where(Subscriber.address == gone[0])).one()
                    leave_reader(session, KEYS, reader, source="link", now=NOW)
                else:
                    erase(session, KEYS, gone[0], now=NOW)
        return None

    with unruly_server() as server:
        server.behaviour = go
        sending = send(database, tmp_path, server, connections=1)
    assert numbers(sending.counts) == {"included": 40, "accepted": 39, "skipped": 1}
    assert sending.counts.state is IssueState.SENT
    assert server.readers == Counter(readers) - Counter(gone)
    if way == "is erased":
        assert gone[0] not in states(database)


def test_stopped_in_order_leaves_nothing_in_doubt(database: Database, tmp_path: Path) -> None:
    """Told to stop, every connection finishes its letter; the rest waits, and nothing is left behind."""
    readers = ready_to_send(database, 300)
    stop = threading.Event()

    def ask(step: Step, _recipient: str, _nth: int) -> str | None:
        if step is Step.DOT and len(server.kept) == 30:
            stop.set()
        return None

    with unruly_server() as server:
        server.behaviour = ask
        sending = send(database, tmp_path, server, stop=stop)
    assert sending.counts.accepted == len(server.kept) < 300
    assert numbers(sending.counts) == {
        "included": 300,
        "accepted": len(server.kept),
        "open": 300 - len(server.kept),
    }
    assert leftovers(tmp_path) == []
    with unruly_server() as other:
        send(database, tmp_path, other)
    assert server.readers + other.readers == Counter(readers)


def test_latest_time_passes_while_it_runs(sqlite_database: Database, tmp_path: Path) -> None:
    """Past its latest time not one more letter begins; the issue is expired and says so."""
    ready_to_send(sqlite_database, 20)
    clock = Clock()
    with sqlite_database.writing() as session:
        find_issue(session, CODE).not_after = NOW + timedelta(hours=1)

    def advance(step: Step, _recipient: str, _nth: int) -> str | None:
        if step is Step.DOT and len(server.kept) == 5:
            clock.now = NOW + timedelta(hours=2)
        return None

    with unruly_server() as server:
        server.behaviour = advance
        sending = send(sqlite_database, tmp_path, server, connections=1, clock=clock)
    assert len(server.kept) == 6
    assert sending.counts.state is IssueState.EXPIRED
    assert numbers(sending.counts) == {"included": 20, "accepted": 6, "open": 14}
    with sqlite_database.reading() as session:
        assert find_issue(session, CODE).state_reason == "not sent by 2026-12-14 09:00 UTC, its latest time"


def test_in_doubt_is_held_until_somebody_says(database: Database, tmp_path: Path) -> None:
    """Held: listed, not sent again by itself; settled either way, the issue comes to its end."""
    ready_to_send(database, 4)
    drop_two = {"reader1@example.org", "reader2@example.org"}
    with unruly_server(
        lambda step, who, nth: DROP if step is Step.KEPT and who in drop_two and nth == 1 else None
    ) as server:
        send(database, tmp_path, server)
        sending = send(database, tmp_path, server)
        assert numbers(sending.counts) == {"included": 4, "accepted": 2, "in_doubt": 2}
        assert sending.counts.state is IssueState.SENDING
        with database.writing() as session:
            issue = find_issue(session, CODE)
            assert [row.address for row in in_doubt(session, issue)] == sorted(drop_two)
            assert resend(session, issue, now=NOW) == 2
        sending = send(database, tmp_path, server)
    assert numbers(sending.counts) == {"included": 4, "accepted": 4}
    assert sending.counts.state is IssueState.SENT
    copies = [letter for reader, letter in server.kept if reader == "reader1@example.org"]
    assert len(copies) == 2
    assert copies[0] == copies[1]


def test_in_doubt_assumed_sent(sqlite_database: Database, tmp_path: Path) -> None:
    """Assumed sent, a letter counts as accepted and is never sent again."""
    ready_to_send(sqlite_database, 2)
    with unruly_server(to("reader1@example.org", Step.DOT, DROP)) as server:
        send(sqlite_database, tmp_path, server)
        with sqlite_database.writing() as session:
            assert assume_sent(session, find_issue(session, CODE), now=NOW) == 1
        sending = send(sqlite_database, tmp_path, server)
    assert numbers(sending.counts) == {"included": 2, "accepted": 2}
    assert sending.counts.state is IssueState.SENT
    assert server.readers == Counter(["reader2@example.org"])


def test_in_doubt_resent_by_policy(sqlite_database: Database, tmp_path: Path) -> None:
    """Where the issue says so, a letter in doubt is sent again, the same to the byte, but not for ever."""
    ready_to_send(sqlite_database, 3)
    with sqlite_database.writing() as session:
        session.execute(update(Issue).values(in_doubt=InDoubtPolicy.RESEND))
    always = to("reader1@example.org", Step.KEPT, DROP)
    once = to("reader2@example.org", Step.KEPT, DROP, times=1)
    with unruly_server(lambda *facts: always(*facts) or once(*facts)) as server:
        sending = send(sqlite_database, tmp_path, server, connections=3, patience=30)
    assert numbers(sending.counts) == {"included": 3, "accepted": 2, "in_doubt": 1}
    assert server.readers == Counter(
        {"reader1@example.org": 5, "reader2@example.org": 2, "reader3@example.org": 1}
    )
    assert len(set(server.kept)) == 3


def test_doubts_alone_begin_a_sending_only_by_policy(sqlite_database: Database) -> None:
    """What a killed sender left in doubt waits for somebody, or is sent again where the issue says so."""
    ready_to_send(sqlite_database, 2)
    for policy, listed in ((InDoubtPolicy.HOLD, []), (InDoubtPolicy.RESEND, [CODE])):
        with sqlite_database.writing() as session:
            if find_issue(session, CODE).state is IssueState.APPROVED:
                begin_sending(session, CODE, keys=KEYS, domain="iscm.example", now=NOW)
            session.execute(update(Delivery).values(state=DeliveryState.IN_DOUBT))
            session.execute(update(Issue).values(in_doubt=policy))
        with sqlite_database.reading() as session:
            assert issues_to_send(session, now=NOW) == listed


def test_two_senders_share_the_work(database: Database, tmp_path: Path) -> None:
    """Two processes that send the same issue at once send each letter once; the waiting one sees the end."""
    readers = ready_to_send(database, 400)
    results: list[Sending] = []
    with unruly_server() as server:
        one, other = (
            threading.Thread(
                target=lambda: results.append(send(database, tmp_path, server, waits_for_others=True))
            )
            for _ in range(2)
        )
        one.start()
        other.start()
        one.join()
        other.join()
    assert server.readers == Counter(readers)
    assert [sending.is_complete for sending in results] == [True, True]


def test_journal_that_cannot_be_written_sends_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    """Without a journal not one letter is begun, and a sentence says why."""
    ready_to_send(sqlite_database, 3)
    (tmp_path / "journal").write_text("a file where the folder belongs")
    with unruly_server() as server, pytest.raises(JournalUnwritable, match="so nothing more is sent"):
        send(sqlite_database, tmp_path, server)
    assert server.kept == []
    assert set(states(sqlite_database).values()) == {DeliveryState.PENDING}


@pytest.mark.parametrize(
    "state", [IssueState.DRAFT, IssueState.PAUSED, IssueState.CANCELLED, IssueState.EXPIRED]
)
def test_issue_that_may_not_be_sent(sqlite_database: Database, tmp_path: Path, state: IssueState) -> None:
    """What is not approved, is held, cancelled or expired is refused with what to do."""
    with sqlite_database.writing() as session:
        add_issue(session, state=state)
        add_readers(session, 1)
    with unruly_server(behave) as server, pytest.raises(NotSendable, match=rf"^Issue {CODE} "):
        send(sqlite_database, tmp_path, server)
    assert server.connections == 0


def test_edition_changed_after_its_approval_is_not_sent(sqlite_database: Database, tmp_path: Path) -> None:
    """Nothing is sent that was not approved byte for byte: one byte more, and the sending is refused."""
    ready_to_send(sqlite_database, 3)
    with sqlite_database.writing() as session:
        edition = session.scalars(select(Edition)).one()
        edition.message += b"x"
    with (
        unruly_server() as server,
        pytest.raises(NotSendable, match=r"^Issue 2017 is no longer what was approved"),
    ):
        send(sqlite_database, tmp_path, server)
    assert server.connections == 0
