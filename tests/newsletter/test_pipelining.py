"""Letters chained on one connection: to servers that announce it and lie, and under the laws of sending."""

import asyncio
import ssl
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models import Database, Delivery, Issue, IssueState, Subscriber, SubscriberState
from newsletter.conversation import Timeouts
from newsletter.course import cancel, pause
from newsletter.refusals import ENOUGH
from newsletter.relay import SmtpRelay
from newsletter.sending import Sending, send_issue
from newsletter.subscription import leave_reader
from newsletter.transport import Fate, Limits, Outcome, Parcel
from tests.letters import CODE, KEYS, NOW, add_issue, add_readers, office_of, ready_to_send
from tests.liar import Lie, lying_server
from tests.unruly import Step, unruly_server

CERTIFICATE = Path(__file__).parent / "localhost.pem"


def relay_at(port: int, *, connections: int = 1, seconds: float = 10) -> SmtpRelay:
    """Return a relay with so much patience."""
    timeouts = Timeouts(connect=5, command=seconds, body=seconds)
    return SmtpRelay(host="127.0.0.1", port=port, connections=connections, timeouts=timeouts)


def send(database: Database, folder: Path, relay: SmtpRelay) -> Sending:
    """Send the issue."""
    office = office_of(database, folder, clock=lambda: datetime.now(UTC))
    return asyncio.run(send_issue(office, CODE, relay=relay, patience=5))


@pytest.mark.parametrize("lie", [lie for lie in Lie if lie is not Lie.NEVER_READS])
def test_server_that_lies_costs_nobody_a_letter(sqlite_database: Database, tmp_path: Path, lie: Lie) -> None:
    """Whatever it announces and cannot do: each gets one letter, the refused one none, and numbers are true.

    Only a letter whose final dot was written and never answered is in doubt, and never sent by itself again.
    """
    readers = ready_to_send(sqlite_database, 7)
    with lying_server(lie) as server:
        relay = relay_at(server.port, seconds=1.5)
        counts = send(sqlite_database, tmp_path, relay).counts
    in_doubt = int(lie in {Lie.NEVER_SEES_THE_DOT, Lie.BABBLES})
    assert (counts.accepted, counts.rejected, counts.in_doubt, counts.open) == (6 - in_doubt, 1, in_doubt, 0)
    assert counts.adds_up
    assert sum(server.readers.values()) == 6 - in_doubt
    assert set(server.readers) <= set(readers)
    assert max(server.readers.values()) == 1
    is_chained = lie in {
        Lie.NONE,
        Lie.WAITS_FOR_NOBODYS_LETTER,
        Lie.TAKES_NOBODYS_LETTER,
        Lie.TWO_LETTERS_EACH,
    }
    assert relay.pipelining.is_trusted or not is_chained


def test_letter_whose_end_never_left_is_not_in_doubt() -> None:
    """A connection lost while part of a large letter still waits here: nothing can have arrived."""
    letter = b"Subject: x\r\n\r\n" + b"body\r\n" * 2_000_000
    parcel = Parcel(sender="b@iscm.example", recipient="a@example.org", envelope_id="d1", letter=letter)

    async def converse(port: int) -> Outcome:
        conversation = await relay_at(port).connect()
        try:
            return await conversation.deliver(parcel, on_wire=lambda: None)
        finally:
            await conversation.close()

    with lying_server(Lie.NEVER_READS) as server:
        outcome = asyncio.run(converse(server.port))
    assert outcome == Outcome(Fate.LOST, None, "The connection was lost (before the letter's end)")
    assert server.kept == []


@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize("step", [Step.RCPT, Step.DATA])
def test_reader_who_leaves_while_announced_gets_nothing(
    sqlite_database: Database, tmp_path: Path, step: Step, *, pipelining: bool
) -> None:
    """Even when the server already waits for the body: not a byte of it is written, and others get theirs."""
    readers = ready_to_send(sqlite_database, 6)

    def leave(now: Step, recipient: str, nth: int) -> str | None:
        if now is step and recipient == readers[3] and nth == 1:
            with sqlite_database.writing() as session:
                reader = session.scalars(select(Subscriber).where(Subscriber.address == recipient)).one()
                leave_reader(session, KEYS, reader, source="link", now=NOW)
        return None

    with unruly_server(leave, pipelining=pipelining) as server:
        counts = send(sqlite_database, tmp_path, relay_at(server.port)).counts
    assert (counts.accepted, counts.skipped, counts.in_doubt, counts.open) == (5, 1, 0, 0)
    assert server.readers == Counter(readers) - Counter([readers[3]])
    assert server.times[Step.DOT, readers[3]] == 0


def test_reader_who_moves_while_announced_gets_it_at_the_new_address(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """A letter announced for the old address is withheld, and sent to the new one in the same sending."""
    readers = ready_to_send(sqlite_database, 6)

    def move(now: Step, recipient: str, nth: int) -> str | None:
        if now is Step.RCPT and recipient == readers[3] and nth == 1:
            new = {"address": "new@example.net", "address_key": "new@example.net"}
            with sqlite_database.writing() as session:
                session.execute(update(Subscriber).where(Subscriber.address == recipient).values(new))
        return None

    with unruly_server(move, pipelining=True) as server:
        sending = send(sqlite_database, tmp_path, relay_at(server.port))
    assert sending.is_complete
    assert server.readers == Counter(["new@example.net", *readers]) - Counter([readers[3]])


@pytest.mark.parametrize("act", [pause, cancel])
def test_chained_sending_is_held_within_one_letter_a_connection(
    database: Database, tmp_path: Path, act: Callable[..., Issue]
) -> None:
    """Held or cancelled when a letter arrives: that one counts, and at most one more on each connection."""
    ready_to_send(database, 40)

    def halt(step: Step, _recipient: str, nth: int) -> str | None:
        if step is Step.DOT and nth == 1 and len(server.kept) == 10:
            with database.writing() as session:
                if session.scalars(select(Issue.state)).one() is IssueState.SENDING:
                    act(session, CODE, editor="editor", now=NOW)
        return None

    with unruly_server(pipelining=True) as server:
        server.behaviour = halt
        counts = send(database, tmp_path, relay_at(server.port, connections=2)).counts
    assert 10 <= len(server.kept) <= 12
    assert counts.accepted == len(server.kept)
    assert counts.in_doubt == 0
    assert (counts.skipped if act is cancel else counts.open) == 40 - len(server.kept)


@pytest.mark.parametrize("pipelining", [False, True])
def test_everybody_gets_one_letter_each_way(database: Database, tmp_path: Path, *, pipelining: bool) -> None:
    """Over four connections, chained or not, each reader gets one copy, and each copy is whole."""
    readers = ready_to_send(database, 60)
    with unruly_server(pipelining=pipelining) as server:
        sending = send(database, tmp_path, relay_at(server.port, connections=4))
    assert sending.is_complete
    assert server.readers == Counter(readers)
    assert len({len(letter) - len(reader) for reader, letter in server.kept}) == 1


@pytest.mark.parametrize("step", [Step.RCPT, Step.DATA, Step.DOT])
@pytest.mark.parametrize("taken", [0, 8])
def test_server_that_refuses_everybody_for_our_sake(
    sqlite_database: Database, tmp_path: Path, step: Step, taken: int
) -> None:
    """5.7.x to one after the other is no reader's fault: the sending halts, and everybody waits as before."""
    ready_to_send(sqlite_database, 30)

    def refuse(now: Step, _recipient: str, _nth: int) -> str | None:
        return "550 5.7.1 you are on a list" if now is step and len(server.kept) >= taken else None

    with unruly_server(pipelining=True) as server:
        server.behaviour = refuse
        relay = relay_at(server.port)
        sending = send(sqlite_database, tmp_path, relay)
        assert sending.counts.accepted == taken
        assert (sending.counts.rejected, sending.counts.open) == (0, 30 - taken)
        assert sending.fault == (
            "The mail server refuses every letter, whoever it is for, and says 550 5.7.1 you are on a list"
        )
        tried = sum(times for (now, _), times in server.times.items() if now is Step.RCPT)
        assert tried <= taken + ENOUGH + 1
        # The relay is left alone for a while, and says the same.
        connections = server.connections
        assert send(sqlite_database, tmp_path, relay).fault == sending.fault
        assert server.connections == connections
        server.behaviour = lambda _step, _who, _nth: None
        assert send(sqlite_database, tmp_path, relay_at(server.port)).is_complete
    assert set(server.readers.values()) == {1}


def test_reader_refused_for_our_sake_among_others_is_rejected(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """One server behind the relay that does not want us is that reader's answer, and holds up nobody."""
    readers = ready_to_send(sqlite_database, 10)

    def refuse(step: Step, recipient: str, _nth: int) -> str | None:
        return "550 5.7.1 not from you" if step is Step.DOT and recipient == readers[4] else None

    with unruly_server(refuse, pipelining=True) as server:
        sending = send(sqlite_database, tmp_path, relay_at(server.port))
    assert (sending.counts.accepted, sending.counts.rejected) == (9, 1)
    assert sending.is_complete
    assert sending.fault is None


@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize("way", ["starttls", "implicit", "auth"])
def test_letters_over_an_encrypted_line(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, *, pipelining: bool
) -> None:
    """STARTTLS, implicit TLS and a password: certificates checked, every letter encrypted, chained or not."""
    readers = ready_to_send(sqlite_database, 30)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    with unruly_server(
        tls=tls,
        password="right" if way == "auth" else None,
        pipelining=pipelining,
        is_implicit_tls=way == "implicit",
    ) as server:
        who, scheme = ("me:right@" if way == "auth" else ""), ("smtps" if way == "implicit" else "smtp")
        mode = "" if way == "implicit" else "&starttls=required"
        relay = SmtpRelay.from_url(f"{scheme}://{who}localhost:{server.port}?connections=2{mode}")
        sending = send(sqlite_database, tmp_path, relay)
    assert sending.is_complete
    assert server.readers == Counter(readers)


def test_certificate_that_cannot_be_checked_sends_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    """A server that shows a certificate nobody vouches for gets no letter by implicit TLS."""
    ready_to_send(sqlite_database, 2)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    with unruly_server(tls=tls, is_implicit_tls=True) as server:
        relay = replace(SmtpRelay.from_url(f"smtps://localhost:{server.port}"), connections=1)
        office = office_of(sqlite_database, tmp_path, clock=lambda: datetime.now(UTC))
        sending = asyncio.run(send_issue(office, CODE, relay=relay, patience=0))
    assert "certificate" in (sending.fault or "")
    assert server.kept == []


def test_domain_that_waits_its_turn_holds_up_nobody_else(sqlite_database: Database, tmp_path: Path) -> None:
    """With so many a minute to each domain, the few of another one do not queue behind the many."""
    with sqlite_database.writing() as session:
        add_issue(session)
        add_readers(session, 20)
        few = [f"few{number}@few.example" for number in range(3)]
        session.add_all(
            Subscriber(
                address=one,
                address_key=one,
                language="en",
                state=SubscriberState.CONFIRMED,
                created_at=NOW,
            )
            for one in few
        )
    with unruly_server(pipelining=True) as server:
        limits = Limits(domain_per_minute=6_000)
        relay = replace(relay_at(server.port, connections=2), limits=limits)
        begun = time.monotonic()
        sending = send(sqlite_database, tmp_path, relay)
        took = time.monotonic() - begun
    assert sending.is_complete
    assert took >= 19 * 60 / 6_000
    order = [reader for reader, _ in server.kept]
    assert order.index(few[2]) < 15


@pytest.mark.parametrize("pipelining", [False, True])
def test_reply_that_no_database_takes_is_kept_in_words(
    database: Database, tmp_path: Path, *, pipelining: bool
) -> None:
    """Control characters in a reply, and bytes that are no text, end up as something that can be stored."""
    ready_to_send(database, 3)

    def mutter(step: Step, _recipient: str, _nth: int) -> str | None:
        return "250 2.0.0 ok\x00\x07 queued" if step is Step.KEPT else None

    with unruly_server(mutter, pipelining=pipelining) as server:
        assert send(database, tmp_path, relay_at(server.port)).is_complete
    with database.reading() as session:
        assert set(session.scalars(select(Delivery.reply))) == {"2.0.0 ok queued"}
