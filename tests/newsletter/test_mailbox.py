"""The local mailbox: real SMTP, one whole file for each mail, found by other processes."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTP, SMTPDataError

import pytest

from newsletter.mailbox import Mailbox, mailbox_folder, reachable_mailbox
from newsletter.relay import SmtpRelay

ROOT = Path(__file__).parents[2]


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    """A running mailbox that other processes find."""
    running = Mailbox(tmp_path)
    running.start()
    running.publish()
    yield running
    running.withdraw()
    running.stop()


def port_of(url: str) -> int:
    """Return the port of a mailbox's address."""
    return SmtpRelay.from_url(url).port


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: x\r\n\r\nbody\r\n",
        b"\r\n",
        b".\r\n..\r\n.a\r\n",
        b"ends with a dot.\r\n.\r\n",
        b"Subject: large\r\n\r\n" + b"a line of text.\r\n" * 60_000,
        "Subject: é\r\n\r\nünï\r\n".encode(),
    ],
)
def test_mail_is_kept_as_it_was_sent(mailbox: Mailbox, tmp_path: Path, content: bytes) -> None:
    """What arrives is in the file to the byte, below the lines of its envelope; dots are unstuffed."""
    with SMTP("127.0.0.1", mailbox.port) as client:
        client.sendmail("b.1.a@bounces.example", ["a@example.org", "b@example.org"], content)
    (file,) = mailbox_folder(tmp_path).glob("*.eml")
    assert file.read_bytes() == (
        b"Return-Path: <b.1.a@bounces.example>\r\n"
        b"X-Envelope-To: <a@example.org>\r\n"
        b"X-Envelope-To: <b@example.org>\r\n" + content
    )
    assert [path.name for path in mailbox_folder(tmp_path).iterdir()] == [file.name]


def test_mails_are_named_in_the_order_they_came(mailbox: Mailbox, tmp_path: Path) -> None:
    """Names sort by arrival."""
    with SMTP("127.0.0.1", mailbox.port) as client:
        for number in range(5):
            client.sendmail("a@example.org", ["b@example.org"], f"Subject: {number}\r\n\r\n")
    names = sorted(mailbox_folder(tmp_path).glob("*.eml"))
    assert [file.read_text().split("Subject: ")[1][0] for file in names] == list("01234")


def test_mail_that_cannot_be_kept_is_the_senders_to_retry(mailbox: Mailbox, tmp_path: Path) -> None:
    """When the file cannot be written the server says "not now", and no half mail is left."""
    folder = mailbox_folder(tmp_path)
    folder.rename(tmp_path / "away")
    with SMTP("127.0.0.1", mailbox.port) as client, pytest.raises(SMTPDataError) as refused:
        client.sendmail("a@example.org", ["b@example.org"], "Subject: x\r\n\r\n")
    assert refused.value.smtp_code == 452
    assert list((tmp_path / "away").iterdir()) == []


def test_another_process_finds_the_running_mailbox(mailbox: Mailbox, tmp_path: Path) -> None:
    """A command uses the mailbox of the service that runs on its folder."""
    program = (
        "import sys, pathlib\n"
        "from newsletter.mailbox import reachable_mailbox\n"
        "with reachable_mailbox(pathlib.Path(sys.argv[1])) as url: print(url)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == mailbox.url


def test_mailbox_is_started_where_none_runs(tmp_path: Path) -> None:
    """Without a service the command runs one for itself, and closes it."""
    with reachable_mailbox(tmp_path) as url, SMTP("127.0.0.1", port_of(url)) as client:
        client.sendmail("a@example.org", ["b@example.org"], "Subject: x\r\n\r\n")
    assert len(list(mailbox_folder(tmp_path).glob("*.eml"))) == 1
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port_of(url)), timeout=1)


def test_port_that_another_program_has_by_now_is_not_believed(tmp_path: Path) -> None:
    """A port left behind by a killed service, or the mailbox of another folder, is not used."""
    elsewhere = Mailbox(tmp_path / "other")
    elsewhere.start()
    try:
        (tmp_path / "mailbox.json").write_text(f'{{"port": {elsewhere.port}, "pid": 1}}')
        with reachable_mailbox(tmp_path) as url:
            assert url != elsewhere.url
    finally:
        elsewhere.stop()


def test_withdrawn_port_is_only_ones_own(mailbox: Mailbox, tmp_path: Path) -> None:
    """A mailbox that stops does not take away the port of its successor."""
    successor = Mailbox(tmp_path)
    successor.start()
    successor.publish()
    mailbox.withdraw()
    try:
        with reachable_mailbox(tmp_path) as url:
            assert url == successor.url
    finally:
        successor.stop()
