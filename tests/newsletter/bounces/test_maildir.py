"""A Maildir of returned mails: all are read, moved and kept; what cannot be read stays and is told of."""

import os
from pathlib import Path

import pytest

from models import Database
from newsletter.bounces.maildir import MailRead, NoMaildir, read_maildir, require_maildir
from newsletter.bounces.reading import Did
from tests.letters import CODE, KEYS, NOW
from tests.newsletter.bounces import corpus
from tests.newsletter.bounces.test_reading import letter_of, sent, tasks


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """An empty Maildir."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "returned" / name).mkdir(parents=True)
    return tmp_path / "returned"


def read(database: Database, folder: Path, *, again: bool = False) -> list[tuple[str, Did]]:
    """Read the folder; return what each mail did."""
    found = read_maildir(database, KEYS, folder, clock=lambda: NOW, again=again)
    return [(mail.name, mail.reading.did) for mail in found]


def names(folder: Path) -> dict[str, list[str]]:
    """The files of the folder."""
    return {place: sorted(path.name for path in (folder / place).iterdir()) for place in ("new", "cur")}


def test_mails_are_moved_with_flags_and_counted_once(sqlite_database: Database, maildir: Path) -> None:
    """Each is read once, a person's is flagged; those in cur only when asked, and they count once."""
    sent(sqlite_database, CODE)
    letter = letter_of(sqlite_database)
    (maildir / "new" / "1.a").write_bytes(corpus.postfix(letter))
    (maildir / "new" / "2.b").write_bytes(corpus.postfix(letter))
    (maildir / "new" / "3.c").write_bytes(b"To: b@example.org\n\nHello")
    (maildir / "new" / ".hidden").write_bytes(b"x")
    assert read(sqlite_database, maildir) == [
        ("1.a", Did.COUNTED),
        ("2.b", Did.DUPLICATE),
        ("3.c", Did.IGNORED),
    ]
    after = {"new": [".hidden"], "cur": ["1.a:2,S", "2.b:2,S", "3.c:2,FS"]}
    assert names(maildir) == after
    assert read(sqlite_database, maildir) == []
    assert read(sqlite_database, maildir, again=True) == [
        ("1.a:2,S", Did.DUPLICATE),
        ("2.b:2,S", Did.DUPLICATE),
        ("3.c:2,FS", Did.IGNORED),
    ]
    assert names(maildir) == after
    assert len(tasks(sqlite_database)) == 1


def test_what_is_no_mail_stays_and_the_others_are_read(sqlite_database: Database, maildir: Path) -> None:
    """A link, a folder, a pipe that would wait for ever: told of, left alone, in nobody's way."""
    sent(sqlite_database, CODE)
    os.mkfifo(maildir / "new" / "1.pipe")
    (maildir / "new" / "2.link").symlink_to("/etc/passwd")
    (maildir / "new" / "3.folder").mkdir()
    (maildir / "new" / "4.mail").write_bytes(corpus.qmail(letter_of(sqlite_database)))
    assert read(sqlite_database, maildir) == [
        ("1.pipe", Did.UNREAD),
        ("2.link", Did.UNREAD),
        ("3.folder", Did.UNREAD),
        ("4.mail", Did.COUNTED),
    ]
    assert names(maildir) == {"new": ["1.pipe", "2.link", "3.folder"], "cur": ["4.mail:2,S"]}


def test_mail_that_cannot_be_moved_counts_once(sqlite_database: Database, maildir: Path) -> None:
    """Where cur holds one of its name it stays in new and is told of; nothing is overwritten."""
    sent(sqlite_database, CODE)
    (maildir / "new" / "1.a").write_bytes(corpus.postfix(letter_of(sqlite_database)))
    (maildir / "cur" / "1.a:2,S").write_bytes(b"another")
    [told] = list(read_maildir(sqlite_database, KEYS, maildir, clock=lambda: NOW))
    assert isinstance(told, MailRead)
    assert told.reading.said == "task 1; but it stays in new: there is one of its name in cur"
    assert read(sqlite_database, maildir) == [("1.a", Did.UNREAD)]
    assert (maildir / "cur" / "1.a:2,S").read_bytes() == b"another"
    assert tasks(sqlite_database)[0][2] == 1


def test_folder_that_is_no_maildir_is_refused(tmp_path: Path) -> None:
    """The sentence says what a Maildir has."""
    with pytest.raises(NoMaildir, match=r"is no Maildir: it has no folder new\."):
        require_maildir(tmp_path)
