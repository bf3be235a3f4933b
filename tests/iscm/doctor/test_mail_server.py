"""The doctor at a real mail server: it comes in, looks round, and leaves without a mail."""

import socket
import ssl
import time
from pathlib import Path

import pytest

from iscm.doctor import asking
from iscm.doctor.mail import MailServer
from tests.unruly import Step, unruly_server

CERTIFICATE = Path(__file__).parents[2] / "newsletter" / "localhost.pem"


@pytest.fixture
def tls() -> ssl.SSLContext:
    """What a server with a certificate of its own making has."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def test_plain_server_is_met_and_left_without_a_mail() -> None:
    """Greeting, EHLO, QUIT; no MAIL, no DATA."""
    with unruly_server() as server:
        met = asking.meet_mail_server(server.url)
    assert met == MailServer(encryption=None, is_checked=False, expires=None, signed_in=False)
    assert (server.connections, server.kept, server.times[Step.MAIL, ""]) == (1, [], 0)


def test_certificate_and_signing_in_are_told(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a certificate this machine trusts, its last day is known; and the password was taken."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with unruly_server(tls=tls, password="right") as server:
        met = asking.meet_mail_server(f"smtp://me:right@localhost:{server.port}?starttls=required")
        wrong = asking.meet_mail_server(f"smtp://me:hidden@localhost:{server.port}?starttls=required")
    assert isinstance(met, MailServer)
    assert (met.is_checked, met.signed_in, str(met.encryption)[:4]) == (True, True, "TLSv")
    assert met.expires is not None
    assert isinstance(wrong, str)
    assert "says 535" in wrong
    assert "hidden" not in wrong


def test_certificate_that_is_not_trusted_is_told(tls: ssl.SSLContext) -> None:
    """Asked for, an untrusted certificate is a fault; taken as it comes, it is told as not checked."""
    with unruly_server(tls=tls) as server:
        refused = asking.meet_mail_server(f"smtp://localhost:{server.port}?starttls=required")
        met = asking.meet_mail_server(f"smtp://localhost:{server.port}")
    assert isinstance(refused, str)
    assert "certificate" in refused
    assert isinstance(met, MailServer)
    assert (met.is_checked, met.expires, str(met.encryption)[:4]) == (False, None, "TLSv")


def test_server_that_says_nothing_does_not_hold_the_doctor_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is a fault after seconds, and nobody there at once."""
    monkeypatch.setattr(asking, "SMTP_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        said = asking.meet_mail_server(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
    assert "does not answer" in str(said)
    assert time.monotonic() - begun < 5
    assert "cannot be used" in str(asking.meet_mail_server("smtp://127.0.0.1:9"))
