"""Signing in at a server that does not want us: tried once, then left alone for longer and longer."""

import asyncio
import socket
import ssl
import time
from pathlib import Path

import pytest

from models import Database
from newsletter.relay import SmtpRelay
from newsletter.sending import send_issue
from newsletter.signing_in import FIRST_PAUSE, LONGEST_PAUSE, SigningIn
from newsletter.transport import RelayFaultError, SigningInRefused, Transport
from tests.letters import CODE, NOW, office_of, ready_to_send, states
from tests.unruly import unruly_server

CERTIFICATE = Path(__file__).parent / "localhost.pem"


@pytest.fixture
def tls(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server has whose certificate this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def test_pause_after_a_refusal_grows_and_ends_with_a_success() -> None:
    """30 seconds, 60, and so on up to ten minutes; not a moment sooner; a success begins anew."""
    now = [0.0]
    signing_in = SigningIn(clock=lambda: now[0])

    async def seconds_until_turn() -> float:
        try:
            await signing_in.wait_for_turn()
        except SigningInRefused as refusal:
            return refusal.wait or 0
        return 0

    waits = []
    for _ in range(7):
        assert asyncio.run(seconds_until_turn()) == 0
        signing_in.refused("no")
        waits.append(asyncio.run(seconds_until_turn()))
        now[0] += waits[-1] - 1
        assert asyncio.run(seconds_until_turn()) == 1
        now[0] += 1
    assert waits == [30, 60, 120, 240, 480, 600, 600]
    assert (waits[0], waits[-1]) == (FIRST_PAUSE, LONGEST_PAUSE)
    assert asyncio.run(seconds_until_turn()) == 0
    signing_in.succeeded()
    assert signing_in.refused("no") == FIRST_PAUSE


def test_one_connection_tries_and_the_others_follow_its_answer() -> None:
    """Until the server has taken the password once, nobody tries beside another; then all do."""

    async def act() -> tuple[list[str], list[str]]:
        signing_in, told = SigningIn(), []

        async def one(name: str) -> None:
            await signing_in.wait_for_turn()
            told.append(name)

        await one("first")
        others = [asyncio.create_task(one("other")) for _ in range(3)]
        await asyncio.sleep(0)
        before = list(told)
        signing_in.succeeded()
        await asyncio.gather(*others)
        return before, told

    assert asyncio.run(act()) == (["first"], ["first", "other", "other", "other"])


def test_wrong_password_is_tried_once_and_costs_nobody(
    database: Database, tmp_path: Path, tls: ssl.SSLContext
) -> None:
    """Four connections, called again as the clock calls it: one AUTH, an end within a second, all open."""
    readers = ready_to_send(database, 8)
    with unruly_server(tls=tls, password="right") as server:
        relay = SmtpRelay.from_url(f"smtp://me:wrong@localhost:{server.port}?connections=4")
        office = office_of(database, tmp_path, clock=lambda: NOW)
        begun = time.monotonic()
        for _ in range(5):
            sending = asyncio.run(send_issue(office, CODE, relay=relay))
            assert "says 535: " in str(sending.fault)
            assert (sending.counts.open, sending.counts.accepted) == (8, 0)
        assert time.monotonic() - begun < 10
        assert server.connections == 1
    assert {state.value for state in states(database).values()} == {"pending"}
    assert len(states(database)) == len(readers)


def test_right_password_is_held_up_by_nothing(
    database: Database, tmp_path: Path, tls: ssl.SSLContext
) -> None:
    """All connections are opened, and everybody has their letter."""
    readers = ready_to_send(database, 8)
    with unruly_server(tls=tls, password="right") as server:
        relay = SmtpRelay.from_url(f"smtp://me:right@localhost:{server.port}?connections=4")
        sending = asyncio.run(send_issue(office_of(database, tmp_path, clock=lambda: NOW), CODE, relay=relay))
    assert sending.is_complete
    assert set(server.readers) == set(readers)


class TurnsLaterOnesAway:
    """A relay that lets one connection in, and no other."""

    def __init__(self, inner: SmtpRelay) -> None:
        """Stand before a relay."""
        self.inner = inner
        self.connections = inner.connections
        self.limits = inner.limits
        self.asked = 0

    async def connect(self) -> Transport:
        """Connect the first that asks."""
        self.asked += 1
        if self.asked > 1:
            raise SigningInRefused("The mail server says 535: no", wait=30)
        return await self.inner.connect()

    def turned_us_away(self, said: str) -> None:
        """Pass it on."""
        self.inner.turned_us_away(said)


def test_connections_that_are_signed_in_go_on(database: Database, tmp_path: Path) -> None:
    """Where the password stops working in the middle, the open connection carries all that is left."""
    readers = ready_to_send(database, 30)
    with unruly_server() as server:
        relay = TurnsLaterOnesAway(SmtpRelay(host="127.0.0.1", port=server.port, connections=4))
        sending = asyncio.run(send_issue(office_of(database, tmp_path, clock=lambda: NOW), CODE, relay=relay))
    assert sending.is_complete
    assert sending.fault is None
    assert server.readers.total() == len(readers)


def test_try_that_ends_undecided_lets_the_next_one_try() -> None:
    """A connection that finds nobody there, or is cancelled, leaves the turn to others."""
    relay = SmtpRelay(host="127.0.0.1", port=9, username="me", password="x")
    for _ in range(2):
        with pytest.raises(RelayFaultError, match="cannot be used"):
            asyncio.run(relay.connect())

    async def cancelled() -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            mute = SmtpRelay(host="127.0.0.1", port=silent.getsockname()[1], username="me", password="x")
            connecting = asyncio.create_task(mute.connect())
            while not mute.signing_in.is_tried:  # noqa: ASYNC110 - it is told to nobody else
                await asyncio.sleep(0.01)
            connecting.cancel()
            await asyncio.wait([connecting])
            assert connecting.cancelled()
            assert not mute.signing_in.is_tried

    asyncio.run(cancelled())
