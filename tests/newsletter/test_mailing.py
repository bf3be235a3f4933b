"""Single mails: queued with what caused them, sent once, kept back when their reader has left."""

import asyncio
import email
import email.policy
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Database, QueuedMail, Subscriber, SubscriberState
from newsletter.conversation import Timeouts
from newsletter.mailing import send_queued_mail
from newsletter.relay import SmtpRelay
from newsletter.subscription import Confirming, confirm, leave_reader, sign_up
from newsletter.transport import RelayFaultError
from tests.letters import KEYS, NOW, office_of
from tests.unruly import DROP, Step, Unruly, unruly_server

AMINA = "amina@example.org"


def ask(database: Database, address: str = AMINA) -> None:
    """Sign up as the form does."""
    with database.writing() as session:
        sign_up(session, KEYS, address=address, language="en", source="form", now=NOW)


def send(database: Database, folder: Path, server: Unruly, *, now: datetime = NOW) -> int:
    """Send what is due."""
    relay = SmtpRelay(host="127.0.0.1", port=server.port, timeouts=Timeouts(connect=10, command=10, body=10))
    return asyncio.run(send_queued_mail(office_of(database, folder, clock=lambda: now), relay=relay))


def queued(database: Database) -> list[tuple[datetime | None, datetime | None, int]]:
    """Return when each mail was sent, when it is tried next, and how often it was."""
    with database.reading() as session:
        rows = session.execute(select(QueuedMail.sent_at, QueuedMail.next_at, QueuedMail.attempts))
        return [(sent, following, attempts) for sent, following, attempts in rows]


def test_confirmation_mail_confirms(database: Database, tmp_path: Path) -> None:
    """The mail arrives once, in two equal parts, and its link confirms the subscription."""
    ask(database)
    with unruly_server() as server:
        assert send(database, tmp_path, server) == 1
        assert send(database, tmp_path, server) == 0
    ((recipient, content),) = server.kept
    mail = email.message_from_bytes(content, policy=email.policy.default)
    text, html = (part.get_content() for part in mail.iter_parts())
    links = [re.findall(r"http://127\.0\.0\.1:8000/c/([A-Za-z0-9_-]{22})", part) for part in (text, html)]
    assert recipient == mail["To"] == AMINA
    assert mail["Subject"] == "Please confirm: ISCM Highlights"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in mail
    assert set(links[0]) == set(links[1])
    assert "The link works until 21 December 2026." in text
    with database.writing() as session:
        assert confirm(session, KEYS, links[0][0], source="page", now=NOW).standing is Confirming.VALID
    assert queued(database) == [(NOW, None, 1)]


def test_mail_whose_reader_has_left_is_not_sent(sqlite_database: Database, tmp_path: Path) -> None:
    """Between queueing and sending a person may leave, or be erased: then nothing is sent."""
    for address in (AMINA, "erased@example.org"):
        ask(sqlite_database, address)
    with sqlite_database.writing() as session:
        for reader in session.scalars(select(Subscriber).order_by(Subscriber.id)).all():
            if reader.address == AMINA:
                leave_reader(session, KEYS, reader, source="link", now=NOW)
                assert reader.state is SubscriberState.LEFT
            else:
                session.delete(reader)
    with unruly_server() as server:
        assert send(sqlite_database, tmp_path, server) == 0
        assert server.connections == 0
    assert [following for _, following, _ in queued(sqlite_database)] == [None, None]


@pytest.mark.parametrize(
    ("step", "answer", "expected"),
    [
        (Step.RCPT, "450 later", (None, NOW + timedelta(minutes=5), 1)),
        (Step.RCPT, "550 nobody", (None, None, 1)),
        (Step.MAIL, "451 busy", (None, NOW + timedelta(seconds=15), 0)),
        (Step.RCPT, DROP, (None, NOW + timedelta(seconds=15), 0)),
        (Step.KEPT, DROP, (NOW, None, 1)),
    ],
)
def test_mail_the_server_does_not_take(
    sqlite_database: Database,
    tmp_path: Path,
    *,
    step: Step,
    answer: str,
    expected: tuple[datetime | None, datetime | None, int],
) -> None:
    """Put off, it comes again; rejected, it does not; in doubt, it counts as sent: one can ask again."""
    ask(sqlite_database)
    with unruly_server(lambda now, _who, _nth: answer if now is step else None) as server:
        assert send(sqlite_database, tmp_path, server) == 0
    assert queued(sqlite_database) == [expected]


def test_mails_wait_for_an_unreachable_server(sqlite_database: Database, tmp_path: Path) -> None:
    """Without a server the mail stays, and the reason is said."""
    ask(sqlite_database)
    with unruly_server() as server:
        pass
    with pytest.raises(RelayFaultError, match="cannot be used"):
        send(sqlite_database, tmp_path, server)
    assert queued(sqlite_database) == [(None, NOW + timedelta(seconds=15), 0)]
    with unruly_server() as server:
        assert send(sqlite_database, tmp_path, server, now=NOW + timedelta(seconds=15)) == 1
