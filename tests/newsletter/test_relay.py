"""The relay: read from its address, connected to with or without TLS, never less safe than asked."""

import asyncio
import socket
import ssl
from pathlib import Path

import pytest

from newsletter.relay import BadRelay, SmtpRelay, StartTls
from newsletter.transport import Fate, Outcome, Parcel, RelayFaultError
from tests.unruly import unruly_server

CERTIFICATE = Path(__file__).parent / "localhost.pem"
PARCEL = Parcel(sender="a@iscm.example", recipient="b@example.org", envelope_id="d1", letter=b"x: y\r\n\r\n")


@pytest.fixture
def tls() -> ssl.SSLContext:
    """What a server with a certificate of its own making has."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def hand_over(url: str) -> Outcome:
    """Connect by an address and hand one letter over."""

    async def act() -> Outcome:
        transport = await SmtpRelay.from_url(url).connect()
        outcome = await transport.deliver(PARCEL, on_wire=lambda: None)
        await transport.close()
        return outcome

    return asyncio.run(act())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://mail.example.org",
            SmtpRelay(host="mail.example.org", port=25),
        ),
        (
            "smtp://127.0.0.1:2525?starttls=never&connections=9",
            SmtpRelay(host="127.0.0.1", port=2525, starttls=StartTls.NEVER, connections=9),
        ),
        (
            "smtp://us%40er:p%2Fw@mail.example.org",
            SmtpRelay(
                host="mail.example.org",
                port=587,
                username="us@er",
                password="p/w",
                starttls=StartTls.REQUIRED,
            ),
        ),
        (
            "smtp://user:pw@localhost:25",
            SmtpRelay(host="localhost", port=25, username="user", password="pw"),
        ),
        (
            "smtp://user:pw@mail.example.org:587?starttls=auto",
            SmtpRelay(host="mail.example.org", port=587, username="user", password="pw"),
        ),
        (
            "smtps://user:pw@mail.example.org",
            SmtpRelay(
                host="mail.example.org",
                port=465,
                username="user",
                password="pw",
                is_implicit_tls=True,
                starttls=StartTls.REQUIRED,
            ),
        ),
    ],
)
def test_relay_is_read_from_its_address(url: str, expected: SmtpRelay) -> None:
    """Ports and encryption follow from the address; a password travels in the clear only when told so."""
    assert SmtpRelay.from_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:99999",
        "smtp://mail.example.org?starttls=perhaps",
        "smtp://mail.example.org?connections=0",
        "smtp://mail.example.org?connections=many",
    ],
)
def test_relay_that_cannot_be_read(url: str) -> None:
    """A wrong address is refused in one sentence that holds no password."""
    with pytest.raises(
        BadRelay, match=r"^ISCM_SMTP_URL cannot be used; write smtp://user:password@host:587\.$"
    ):
        SmtpRelay.from_url(url)


def test_relay_keeps_its_password_to_itself() -> None:
    """Neither its name nor its representation tells the password."""
    relay = SmtpRelay.from_url("smtp://user:secret-word@mail.example.org")
    assert "secret-word" not in f"{relay!r} {relay.name}"


def test_starttls_is_taken_where_it_is_offered(tls: ssl.SSLContext) -> None:
    """A relay with a certificate nobody signed gets its letters encrypted all the same."""
    with unruly_server(tls=tls) as server:
        outcome = hand_over(f"smtp://127.0.0.1:{server.port}")
    assert outcome.fate is Fate.ACCEPTED
    assert server.encrypted == [True]


def test_starttls_required_checks_the_certificate(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Required means a certificate that this machine trusts."""
    with unruly_server(tls=tls) as server:
        url = f"smtp://localhost:{server.port}?starttls=required"
        with pytest.raises(RelayFaultError, match="certificate"):
            hand_over(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert hand_over(url).fate is Fate.ACCEPTED
    assert server.encrypted == [True]


def test_starttls_required_is_not_given_up() -> None:
    """Where the server offers none, nothing is sent in the clear."""
    with unruly_server() as server, pytest.raises(RelayFaultError, match="STARTTLS"):
        hand_over(f"smtp://127.0.0.1:{server.port}?starttls=required")
    assert server.kept == []


def test_password_is_checked_by_the_server(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right password lets letters through; a wrong one is the relay's fault, told in its words."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with unruly_server(tls=tls, password="right") as server:
        assert hand_over(f"smtp://me:right@localhost:{server.port}").fate is Fate.ACCEPTED
        with pytest.raises(RelayFaultError, match=r"says 535: ") as fault:
            hand_over(f"smtp://me:wrong@localhost:{server.port}")
        assert "wrong" not in str(fault.value)
        # Without signing in the server refuses us, which says nothing about the reader.
        outcome = hand_over(f"smtp://127.0.0.1:{server.port}?starttls=never")
    assert (outcome.fate, outcome.code) == (Fate.RELAY_FAULT, 530)


def test_server_that_is_not_there_is_told_in_words() -> None:
    """What the system calls it, not what a library makes of it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(RelayFaultError) as fault:
            hand_over(f"smtp://127.0.0.1:{port}")
    said = f"The mail server 127.0.0.1:{port} cannot be used: Connection refused"
    assert str(fault.value) == said
