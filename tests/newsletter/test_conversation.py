"""Handing over one letter: what a server does at each step, and what is known about the letter afterwards."""

import asyncio
from collections import Counter
from functools import partial

import pytest

from newsletter.conversation import Timeouts
from newsletter.relay import SmtpRelay
from newsletter.transport import Fate, Outcome, Parcel, RelayFaultError
from tests.unruly import DROP, SILENCE, Behaviour, Step, Unruly, behave, unruly_server

LETTER = b"Subject: x\r\n\r\nbody\r\n"
PATIENT = Timeouts(connect=10, command=10, body=10)
IMPATIENT = Timeouts(connect=10, command=1.0, body=1.0)
QUICK = Timeouts(connect=0.2)


def parcel(recipient: str = "amina@example.org") -> Parcel:
    """Return a small letter."""
    return Parcel(sender="b.1.aa@bounces.example", recipient=recipient, envelope_id="d1", letter=LETTER)


def at(step: Step, answer: str, *, times: int = 1) -> Behaviour:
    """Misbehave at one step, as often as said, and behave otherwise."""

    def do(now: Step, _recipient: str, nth: int) -> str | None:
        return answer if now is step and nth <= times else None

    return do


def hand_over(server: Unruly, *parcels: Parcel) -> tuple[list[Outcome], list[str], bool]:
    """Hand letters over one connection; return how each ended, who reached the wire, and if it is usable."""

    async def converse() -> tuple[list[Outcome], list[str], bool]:
        wire: list[str] = []
        conversation = await relay(server).connect()
        ended = [
            await conversation.deliver(one, on_wire=partial(wire.append, one.recipient)) for one in parcels
        ]
        usable = conversation.is_usable
        await conversation.close()
        return ended, wire, usable

    return asyncio.run(converse())


def chain(
    server: Unruly, *parcels: Parcel, timeouts: Timeouts = PATIENT
) -> tuple[list[Outcome], list[str], bool]:
    """Hand letters over one connection as a lane does, each announced behind the one before it."""

    async def converse() -> tuple[list[Outcome], list[str], bool]:
        wire: list[str] = []
        ended: list[Outcome] = []
        conversation = await relay(server, timeouts).connect()
        for one, following in zip(parcels, [*parcels[1:], None], strict=False):
            outcome = await conversation.offer(one)
            if outcome is None:
                outcome = await conversation.hand_over(
                    one, on_wire=partial(wire.append, one.recipient), following=following
                )
            ended.append(outcome)
            # What went with the first letter is asked for in any case: its replies may be here already.
            if not conversation.is_usable and one is not parcels[0]:
                break
        usable = conversation.is_usable
        await conversation.close()
        return ended, wire, usable

    return asyncio.run(converse())


def relay(server: Unruly, timeouts: Timeouts = PATIENT) -> SmtpRelay:
    """Return the relay that is this server, with so much patience."""
    return SmtpRelay(host="127.0.0.1", port=server.port, timeouts=timeouts)


def test_letter_is_accepted_as_it_was_given() -> None:
    """The server gets the envelope and the very bytes; the connection carries the next letter too."""
    with unruly_server() as server:
        ended, wire, usable = hand_over(server, parcel(), parcel("b@example.org"))
    assert ended == [Outcome(Fate.ACCEPTED, 250, "2.0.0 queued")] * 2
    assert wire == ["amina@example.org", "b@example.org"]
    assert usable
    assert server.kept == [("amina@example.org", LETTER), ("b@example.org", LETTER)]
    assert [envelope.mail_from for envelope in server.envelopes] == ["b.1.aa@bounces.example"] * 2
    assert server.connections == 1


@pytest.mark.parametrize(
    ("step", "answer", "outcome", "on_wire", "usable"),
    [
        (Step.MAIL, "451 4.3.0 busy", Outcome(Fate.RELAY_FAULT, 451, "4.3.0 busy"), False, False),
        (Step.MAIL, "550 5.7.1 who", Outcome(Fate.RELAY_FAULT, 550, "5.7.1 who"), False, False),
        (Step.MAIL, DROP, Outcome(Fate.LOST, None, "The connection was lost (after MAIL)"), False, False),
        (Step.RCPT, "450 4.2.0 no", Outcome(Fate.DEFERRED, 450, "4.2.0 no"), False, True),
        (
            Step.RCPT,
            "451 try again in 7 minutes",
            Outcome(Fate.DEFERRED, 451, "try again in 7 minutes", 420.0),
            False,
            True,
        ),
        (Step.RCPT, "421 4.3.2 bye", Outcome(Fate.DEFERRED, 421, "4.3.2 bye"), False, False),
        (Step.RCPT, "452 4.5.3 full", Outcome(Fate.DEFERRED, 452, "4.5.3 full"), False, True),
        (Step.RCPT, "550 5.1.1 none", Outcome(Fate.REJECTED, 550, "5.1.1 none"), False, True),
        (Step.RCPT, DROP, Outcome(Fate.LOST, None, "The connection was lost (after RCPT)"), False, False),
        (
            Step.RCPT,
            SILENCE,
            Outcome(Fate.LOST, None, "The mail server did not answer in time (after RCPT)"),
            False,
            False,
        ),
        (
            Step.RCPT,
            "nonsense",
            Outcome(Fate.LOST, None, "The mail server's reply could not be understood (after RCPT)"),
            False,
            False,
        ),
        (Step.DATA, "451 4.3.0 no", Outcome(Fate.DEFERRED, 451, "4.3.0 no"), False, True),
        (Step.DATA, "554 5.5.1 no", Outcome(Fate.REJECTED, 554, "5.5.1 no"), False, True),
        (Step.DATA, DROP, Outcome(Fate.LOST, None, "The connection was lost (after DATA)"), False, False),
        (
            Step.BODY,
            DROP,
            Outcome(Fate.IN_DOUBT, None, "The connection was lost (after the letter was under way)"),
            True,
            False,
        ),
        (Step.DOT, "452 4.3.1 full", Outcome(Fate.DEFERRED, 452, "4.3.1 full"), True, True),
        (Step.DOT, "421 4.3.2 bye", Outcome(Fate.DEFERRED, 421, "4.3.2 bye"), True, False),
        (Step.DOT, "550 5.7.1 spam", Outcome(Fate.REJECTED, 550, "5.7.1 spam"), True, True),
        (
            Step.DOT,
            DROP,
            Outcome(Fate.IN_DOUBT, None, "The connection was lost (after the letter was under way)"),
            True,
            False,
        ),
        (
            Step.KEPT,
            DROP,
            Outcome(Fate.IN_DOUBT, None, "The connection was lost (after the letter was under way)"),
            True,
            False,
        ),
        (
            Step.KEPT,
            SILENCE,
            Outcome(
                Fate.IN_DOUBT, None, "The mail server did not answer in time (after the letter was under way)"
            ),
            True,
            False,
        ),
        (Step.KEPT, "354 what", Outcome(Fate.IN_DOUBT, 354, "what"), True, False),
    ],
)
@pytest.mark.parametrize("pipelining", [False, True])
def test_letter_when_the_server_misbehaves(
    step: Step, answer: str, outcome: Outcome, *, on_wire: bool, usable: bool, pipelining: bool
) -> None:
    """What is known after each misbehaviour, step by step and chained; the letters around it are each taken.

    The fate, whether anything can have arrived, and what follows on the same connection.
    """
    to_one = at(step, answer)

    def misbehave(now: Step, recipient: str, nth: int) -> str | None:
        if now is Step.MAIL:
            return to_one(now, "", 1) if nth == 2 else None
        return to_one(now, recipient, nth) if recipient == "amina@example.org" else None

    letters = [parcel("before@example.org"), parcel(), parcel("after@example.org")]
    with unruly_server(misbehave, pipelining=pipelining) as server:
        timeouts = IMPATIENT if answer is SILENCE else PATIENT
        ended, wire, is_usable = chain(server, *letters, timeouts=timeouts)
        server.behaviour = behave
        rest, _, _ = chain(server, *letters[len(ended) :])
    taken = Outcome(Fate.ACCEPTED, 250, "2.0.0 queued")
    assert [*ended, *rest] == [taken, outcome, taken]
    assert ("amina@example.org" in wire) == on_wire
    assert is_usable == usable
    copies = Counter(recipient for recipient, _ in server.kept)
    is_kept = step is Step.KEPT
    assert copies == Counter(["before@example.org", "after@example.org", *["amina@example.org"] * is_kept])


@pytest.mark.parametrize("step", [Step.RCPT, Step.DATA, Step.DOT])
def test_letter_after_a_refusal_is_not_poisoned(step: Step) -> None:
    """A refused reader leaves nothing behind in the next one's envelope."""
    refuse_one = at(step, "550 no", times=9)
    with unruly_server(
        lambda now, who, nth: refuse_one(now, who, nth) if who != "b@example.org" else None
    ) as server:
        ended, _, _ = hand_over(server, parcel(), parcel("b@example.org"))
    assert [outcome.fate for outcome in ended] == [Fate.REJECTED, Fate.ACCEPTED]
    assert [envelope.rcpt_tos for envelope in server.envelopes] == [["b@example.org"]]


def test_letter_is_not_begun_when_the_journal_refuses() -> None:
    """When the letter cannot be journalled, not a byte of it is written, and the connection is given up."""

    async def converse(server: Unruly) -> bool:
        conversation = await relay(server).connect()

        def refuse() -> None:
            raise RuntimeError("full")

        with pytest.raises(RuntimeError, match="full"):
            await conversation.deliver(parcel(), on_wire=refuse)
        return conversation.is_usable

    with unruly_server() as server:
        assert asyncio.run(converse(server)) is False
    assert server.kept == []


@pytest.mark.parametrize(("offered", "fate"), [(True, Fate.ACCEPTED), (False, Fate.REJECTED)])
def test_address_in_another_alphabet(*, offered: bool, fate: Fate) -> None:
    """Such a reader gets a letter where the server offers SMTPUTF8; elsewhere only they go without."""
    with unruly_server(smtputf8=offered) as server:
        ended, _, usable = hand_over(server, parcel("用户@example.org"))
    assert ended[0].fate is fate
    assert usable
    assert [recipient for recipient, _ in server.kept] == ["用户@example.org"] * offered


@pytest.mark.parametrize("answer", ["554 5.3.2 not today", "421 4.3.2 try again in 30 seconds", DROP])
def test_connection_refused_by_greeting(answer: str) -> None:
    """A server that does not want to talk is the relay's fault, in its own words."""
    with unruly_server(at(Step.GREETING, answer)) as server, pytest.raises(RelayFaultError) as fault:
        hand_over(server, parcel())
    assert str(fault.value).startswith(f"The mail server 127.0.0.1:{server.port} ")
    assert fault.value.wait == (30 if "30" in answer else None)


def test_connection_to_a_closed_port() -> None:
    """A server that is not there is named, with the reason."""
    with unruly_server() as server:
        pass
    with pytest.raises(
        RelayFaultError, match=rf"^The mail server 127.0.0.1:{server.port} cannot be used: .+"
    ):
        hand_over(server, parcel())


def test_server_that_never_greets() -> None:
    """A server that takes the connection and says nothing is told of in words, not in a class's name."""
    with unruly_server(at(Step.GREETING, SILENCE)) as server, pytest.raises(RelayFaultError) as fault:
        asyncio.run(SmtpRelay(host="127.0.0.1", port=server.port, timeouts=QUICK).connect())
    assert str(fault.value) == f"The mail server 127.0.0.1:{server.port} cannot be used: it does not answer"
