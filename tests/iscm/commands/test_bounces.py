"""`iscm bounces` and `iscm tasks`: what is printed, what is refused, and with which exit code."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iscm.commands import command
from models import Database, Refusal
from newsletter.keys import Keys
from tests.newsletter.bounces import corpus
from tests.newsletter.bounces.corpus import Letter
from tests.newsletter.bounces.test_reading import back_to, letter_of, sent

KEY = "a key of these tests, forty characters long"


@pytest.fixture
def letter(bare_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Letter:
    """A letter that was sent, in the database of the current folder."""
    monkeypatch.setenv("ISCM_SECRET_KEY", KEY)
    monkeypatch.setenv("ISCM_EDITOR_NAME", "Ines")
    run("database", "upgrade")
    database = Database(f"sqlite:///{bare_folder}/data/iscm.db")
    sent(database, "2016", "2017")
    found = letter_of(database)
    database.close()
    back = back_to(found.number, found.message_id, keys=Keys(KEY))
    return Letter(found.number, found.to, found.message_id, back)


def run(*words: str, mail: bytes | None = None) -> Result:
    """Run a command; what a person is refused with is an exception here."""
    return CliRunner().invoke(command, words, input=mail, catch_exceptions=False)


def test_mail_from_a_pipe(letter: Letter) -> None:
    """One mail of standard input, told as a table with its numbers; 0 also where it is ignored."""
    done = run("bounces", "read", "-", mail=corpus.gmail(letter))
    assert done.exit_code == 0
    assert done.stdout.splitlines()[1].split("\t") == [
        "-",
        "counted",
        "bounced hard",
        "2017",
        "reader1@example.org",
        "5.1.1",
        "task 1",
    ]
    assert done.stderr == "read: 1, counted: 1, ignored: 0, known already: 0, not read: 0\n"
    again = run("bounces", "read", mail=corpus.gmail(letter))
    assert again.stderr == "read: 1, counted: 0, ignored: 0, known already: 1, not read: 0\n"
    forged = corpus.gmail(letter).replace(b"b.", b"b.9")
    other = run("bounces", "read", "--json", mail=forged)
    assert (other.exit_code, json.loads(other.stdout)["ignored_by"]) == (0, {"forged": 1})


def test_mails_of_a_maildir_as_json(letter: Letter, bare_folder: Path) -> None:
    """Every mail and every number; 1 where a mail stays unread."""
    folder = bare_folder / "returned"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "new" / "1").write_bytes(corpus.arf_yahoo(letter))
    (folder / "new" / "2").write_bytes(b"To: x@example.org\n\nHello")
    done = run("bounces", "read", "--maildir", str(folder), "--json")
    told = json.loads(done.stdout)
    mails = told.pop("mails")
    assert (done.exit_code, told) == (
        0,
        {
            "read": 2,
            "counted": 1,
            "ignored": 1,
            "ignored_by": {"not_a_report": 1},
            "duplicates": 0,
            "unread": 0,
        },
    )
    assert mails[0] == {
        "mail": "1",
        "did": "counted",
        "what": "complained",
        "why": None,
        "issue": "2017",
        "address": "reader1@example.org",
        "status": None,
        "said": "taken off the list for good",
    }
    (folder / "new" / "3").mkdir()
    assert run("bounces", "read", "--maildir", str(folder)).exit_code == 1


def test_pipe_without_a_database_keeps_the_mail(bare_folder: Path) -> None:
    """Exit code 75 lets the mail server try again later; a file is refused as ever."""
    piped = run("bounces", "read", "-", mail=b"To: a@b.c\n\nx")
    assert (piped.exit_code, "iscm database upgrade" in piped.stderr) == (75, True)
    (bare_folder / "mail").write_bytes(b"x")
    with pytest.raises(Refusal, match="iscm database upgrade"):
        run("bounces", "read", "mail")


def test_wrong_use(letter: Letter, bare_folder: Path) -> None:
    """Two sources at once, nothing to read again, a folder for a file."""
    assert run("bounces", "read", "-", "--maildir", ".", mail=b"").exit_code == 2
    assert run("bounces", "read", "--again", mail=b"").exit_code == 2
    with pytest.raises(Refusal, match=r"is a folder\. To read a Maildir: iscm bounces read --maildir"):
        run("bounces", "read", str(bare_folder))
    with pytest.raises(Refusal, match="is no Maildir"):
        run("bounces", "read", "--maildir", str(bare_folder))


def test_tasks_are_listed_and_done_by_somebody(letter: Letter) -> None:
    """What to do stands in a sentence; done, it says who and when, and leaves the list."""
    run("bounces", "read", "-", mail=corpus.postfix(letter))
    [task] = json.loads(run("tasks", "list", "--json").stdout)
    assert (task["id"], task["kind"], task["address"], task["done_by"]) == (
        1,
        "new_address",
        "reader1@example.org",
        None,
    )
    assert task["told_at"] is None
    assert task["sentence"].startswith(
        "Ask the mission for the new address of reader1@example.org: issue 2017"
    )
    assert run("tasks", "done", "1", "--remark", "moved").output == "1: done.\n"
    assert run("tasks", "list").output.splitlines()[1:] == []
    [task] = json.loads(run("tasks", "list", "--json").stdout)
    assert (task["done_by"], task["remark"], task["done_at"] is not None) == ("Ines", "moved", True)
    with pytest.raises(Refusal, match=r"^Task 1 was done already, by Ines\.$"):
        run("tasks", "done", "1")
    with pytest.raises(Refusal, match=r"^There is no task 7\. See: iscm tasks list$"):
        run("tasks", "done", "7")
