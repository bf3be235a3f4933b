"""From a letter that was really sent to the mail that comes back about it, and to the next issue."""

import asyncio
import email
import email.policy
import io
from pathlib import Path

from models import Database, SubscriberState
from newsletter.bounces.maildir import read_one
from newsletter.bounces.raw import read_raw
from newsletter.mailbox import Mailbox, mailbox_folder
from newsletter.relay import SmtpRelay
from newsletter.sending import send_issue
from tests.letters import CODE, KEYS, NOW, add_issue, add_readers, office_of
from tests.newsletter.bounces import corpus
from tests.newsletter.bounces.corpus import Letter
from tests.newsletter.bounces.test_reading import state_of


def test_letter_that_was_sent_comes_back_and_is_known(sqlite_database: Database, tmp_path: Path) -> None:
    """The envelope and the header a server was given name the letter; a complaint ends it for one reader."""
    with sqlite_database.writing() as session:
        add_issue(session)
        readers = add_readers(session, 3)
        add_issue(session, code="2018")
    mailbox = Mailbox(tmp_path)
    mailbox.start()
    try:
        _send(sqlite_database, tmp_path, CODE, mailbox)
        sent = _letters(tmp_path)
        assert sorted(sent) == readers
        said = [_read(sqlite_database, corpus.sendmail(sent[readers[0]]))]
        said += [_read(sqlite_database, corpus.arf_comcast(sent[readers[1]]))]
        assert said == [
            ("bounced hard", readers[0], "task 1"),
            ("complained", readers[1], "taken off the list for good"),
        ]
        assert state_of(sqlite_database, readers[1]) is SubscriberState.SUPPRESSED
        for file in mailbox_folder(tmp_path).glob("*.eml"):
            file.unlink()
        _send(sqlite_database, tmp_path, "2018", mailbox)
        assert sorted(_letters(tmp_path)) == [readers[0], readers[2]]
    finally:
        mailbox.stop()


def _send(database: Database, folder: Path, code: str, mailbox: Mailbox) -> None:
    done = asyncio.run(
        send_issue(office_of(database, folder), code, relay=SmtpRelay.from_url(mailbox.url), patience=5)
    )
    assert done.is_complete


def _letters(folder: Path) -> dict[str, Letter]:
    """The letters that arrived, by reader, as their server knows them."""
    found = {}
    for file in mailbox_folder(folder).glob("*.eml"):
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        back = letter["Return-Path"].strip("<>")
        found[letter["To"]] = Letter(
            int(back.split(".")[1]), letter["To"], letter["Message-ID"].strip("<>"), back
        )
    return found


def _read(database: Database, mail: bytes) -> tuple[str, str, str]:
    reading = read_one(database, KEYS, read_raw(io.BytesIO(mail)), now=NOW)
    return reading.what, reading.address, reading.said
