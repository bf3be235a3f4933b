"""Sending from the command line: exit codes, sentences, and the formats that outside programs read."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from iscm.commands import command
from models import Act, Database, Issue, IssueState, Refusal, Revision
from newsletter.course import begin_sending, find_issue
from newsletter.keys import Keys
from tests.letters import CODE, HEAD, NOW, add_issue, add_readers
from tests.unruly import DROP, Step, Unruly, unruly_server

ROOT = Path(__file__).parents[4]
SECRET = "a key of the tests that is long enough for anybody"
SLOW = 0.05


def run(*words: str) -> Result:
    """Run a command; what a person is refused with is an exception here."""
    return CliRunner().invoke(command, words, catch_exceptions=False)


def refused(*words: str) -> str:
    """Run a command that is refused; return its sentence."""
    with pytest.raises(Refusal) as refusal:
        run(*words)
    return str(refusal.value)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Unruly]:
    """A mail server that the settings name."""
    with unruly_server() as running:
        monkeypatch.setenv("ISCM_SMTP_URL", running.url)
        monkeypatch.setenv("ISCM_MAIL_FROM", HEAD.sender)
        monkeypatch.setenv("ISCM_SECRET_KEY", SECRET)
        yield running


@pytest.fixture
def database(bare_folder: Path, server: Unruly) -> Iterator[Database]:
    """The database of the settings, with an issue that is being sent to three readers."""
    (bare_folder / "data").mkdir()
    run("database", "upgrade")
    opened = Database(f"sqlite:///{bare_folder}/data/iscm.db")
    with opened.writing() as session:
        add_issue(session)
        add_readers(session, 3)
        begin_sending(session, CODE, keys=Keys(SECRET), domain=HEAD.domain, now=NOW)
    yield opened
    opened.close()


def test_send_to_the_end(database: Database, server: Unruly) -> None:
    """Exit 0 and the numbers; once more sends nothing and says so."""
    first, again = run("newsletter", "send", CODE), run("newsletter", "send", CODE)
    assert (first.exit_code, first.output) == (0, "Issue 2017 is sent: 3 of 3 accepted.\n")
    assert (again.exit_code, again.output) == (
        0,
        "Issue 2017 has been sent already; nothing was sent.\n",
    )
    assert len(server.kept) == 3


def test_send_by_the_policy_of_sending_again(database: Database, server: Unruly) -> None:
    """A letter lost after its body is sent once more by itself where the issue says so, and it stays said."""

    def lose_once(step: Step, recipient: str, nth: int) -> str | None:
        return DROP if (step, recipient, nth) == (Step.KEPT, "reader2@example.org", 1) else None

    server.behaviour = lose_once
    sent = run("newsletter", "send", CODE, "--in-doubt", "resend")
    assert (sent.exit_code, sent.output) == (0, "Issue 2017 is sent: 3 of 3 accepted.\n")
    assert sorted(reader for reader, _ in server.kept) == [
        "reader1@example.org",
        "reader2@example.org",
        "reader2@example.org",
        "reader3@example.org",
    ]
    assert len(set(server.kept)) == 3
    with database.reading() as session:
        changes = [row.changes for row in session.scalars(select(Revision).order_by(Revision.id))]
    assert {"in_doubt": ["hold", "resend"]} in changes


def test_send_with_something_left(database: Database, server: Unruly) -> None:
    """Exit 1 with the numbers when a letter is put off or in doubt, and what to do."""
    answers = {"reader1@example.org": (Step.RCPT, "450 later"), "reader2@example.org": (Step.KEPT, DROP)}

    def misbehave(step: Step, recipient: str, nth: int) -> str | None:
        where, answer = answers.get(recipient, (None, None))
        return answer if step is where and nth == 1 else None

    server.behaviour = misbehave
    assert refused("newsletter", "send", CODE) == (
        "Issue 2017 is sending: 1 of 3 accepted, 1 in doubt, 1 open. "
        "Settle what is in doubt with: iscm newsletter settle 2017."
    )
    listed = json.loads(run("newsletter", "settle", CODE, "--json").output)
    assert [(row["address"], row["edition"]) for row in listed] == [("reader2@example.org", "en")]
    assert run("newsletter", "settle", CODE, "--address", "reader1@example.org").exit_code == 2
    both = run("newsletter", "settle", CODE, "--resend", "--assume-sent")
    assert (both.exit_code, both.stderr.splitlines()[-1]) == (
        2,
        "Error: Choose one: --resend or --assume-sent.",
    )
    assert run("newsletter", "settle", CODE, "--assume-sent").output == "1 counted as sent.\n"
    assert refused("newsletter", "settle", CODE, "--resend") == "Nothing of issue 2017 is in doubt."


def test_status_and_ledger_as_outside_programs_read_them(database: Database, server: Unruly) -> None:
    """The JSON object begins with the keys of the contract, and the CSV has exactly its columns."""
    server.behaviour = lambda step, who, _nth: (
        "550 5.1.1 nobody" if step is Step.RCPT and who == "reader1@example.org" else None
    )
    run("newsletter", "send", CODE)
    found = json.loads(run("newsletter", "status", CODE, "--json").output)
    assert {name: found[name] for name in list(found)[:10]} == {
        "state": "sent",
        "candidates": 3,
        "excluded": 0,
        "excluded_by": {},
        "included": 3,
        "accepted": 2,
        "rejected": 1,
        "skipped": 0,
        "in_doubt": 0,
        "open": 0,
    }
    rows = list(csv.DictReader(StringIO(run("newsletter", "ledger", CODE).output)))
    columns = ["address", "edition", "message_id", "state", "code", "at"]
    assert [list(row) for row in rows] == [[*columns, "reports", "number", "chain", "anchor", "seal"]] * 3
    assert [(row["address"], row["edition"], row["state"], row["code"]) for row in rows] == [
        ("reader1@example.org", "en", "rejected", "550"),
        ("reader2@example.org", "en", "accepted", "250"),
        ("reader3@example.org", "en", "accepted", "250"),
    ]
    assert all(datetime.fromisoformat(row["at"]).utcoffset() is not None for row in rows)
    identities = {
        recipient: next(line for line in letter.split(b"\r\n") if line.startswith(b"Message-ID: "))
        for recipient, letter in server.kept
    }
    assert {row["address"]: row["message_id"] for row in rows if row["state"] == "accepted"} == {
        recipient: line.decode().removeprefix("Message-ID: ") for recipient, line in identities.items()
    }


def test_pause_resume_cancel(database: Database, server: Unruly) -> None:
    """Each says how the issue stands and leaves a revision; what cannot be done is refused."""
    assert run("newsletter", "pause", CODE).output.startswith("Issue 2017 is paused: 0 of 3 accepted, 3 open")
    assert refused("newsletter", "send", CODE) == "Issue 2017 is paused. Run: iscm newsletter resume 2017"
    assert run("newsletter", "resume", CODE).exit_code == 0
    assert "not paused" in refused("newsletter", "resume", CODE)
    assert (
        run("newsletter", "cancel", CODE).output == "Issue 2017 is cancelled: 0 of 3 accepted, 3 skipped.\n"
    )
    assert refused("newsletter", "send", CODE) == "Issue 2017 was cancelled and can never be sent."
    assert refused("newsletter", "pause", CODE) == "Issue 2017 was cancelled; there is nothing to pause."
    with database.reading() as session:
        found = session.scalars(select(Revision).where(Revision.kind == "issue").order_by(Revision.id)).all()
    assert [(one.act, one.changes["state"]) for one in found] == [
        (Act.CHANGED, ["approved", "sending"]),
        (Act.CHANGED, ["sending", "paused"]),
        (Act.CHANGED, ["paused", "sending"]),
        (Act.CHANGED, ["sending", "cancelled"]),
    ]
    assert server.kept == []


@pytest.mark.parametrize("act", ["send", "pause", "resume", "cancel", "status", "ledger", "settle"])
def test_unknown_issue(database: Database, act: str) -> None:
    """An issue that does not exist is told by its code."""
    assert refused("newsletter", act, "1999") == (
        "There is no issue 1999. List them with: iscm newsletter list"
    )


def test_test_copy_has_the_very_bytes(database: Database, server: Unruly) -> None:
    """A trial copy of an approved issue differs from a reader's only in what is the reader's own."""
    run("newsletter", "test", CODE, "--to", "editor@example.org")
    run("newsletter", "send", CODE)
    (trial, *copies) = server.kept
    assert trial[0] == "editor@example.org"
    names = (b"Date: ", b"To: ", b"Message-ID: ", b"List-Unsubscribe: ")

    def constant(letter: bytes) -> list[bytes]:
        lines = letter.split(b"\r\n")
        links = (b"/u/", b"/p/")
        return [line for line in lines if not (line.startswith(names) or any(map(line.__contains__, links)))]

    assert {tuple(constant(letter)) for _, letter in copies} == {tuple(constant(trial[1]))}
    assert json.loads(run("newsletter", "status", CODE, "--json").output)["included"] == 3


def test_test_copy_of_one_edition(database: Database, server: Unruly) -> None:
    """The one that is named; one that is not there is refused, and says which are."""
    assert refused("newsletter", "test", CODE, "--to", "e@example.org", "--edition", "fr") == (
        f"Issue {CODE} has no edition fr; it has en."
    )
    assert server.kept == []
    done = run("newsletter", "test", CODE, "--to", "e@example.org", "--edition", "en")
    assert done.stdout == "Sent to e@example.org: 1 edition.\n"
    assert len(server.kept) == 1


def test_test_copy_to_a_bad_address(database: Database, server: Unruly) -> None:
    """An address that is none is refused before anything is sent."""
    assert "is not an address" in refused("newsletter", "test", CODE, "--to", "nobody")
    assert server.connections == 0


def test_unreachable_server_is_one_sentence(
    database: Database, monkeypatch: pytest.MonkeyPatch, server: Unruly
) -> None:
    """A test copy that cannot be sent names the server and the reason."""
    monkeypatch.setenv("ISCM_SMTP_URL", "smtp://127.0.0.1:1")
    assert refused("newsletter", "test", CODE, "--to", "editor@example.org").startswith(
        "The mail server 127.0.0.1:1 cannot be used: "
    )


def test_without_a_sender_nothing_is_sent(
    database: Database, monkeypatch: pytest.MonkeyPatch, server: Unruly
) -> None:
    """A missing sender is named by its setting."""
    monkeypatch.delenv("ISCM_MAIL_FROM")
    for words in (("send", CODE), ("test", CODE, "--to", "editor@example.org")):
        assert refused("newsletter", *words).startswith("ISCM_MAIL_FROM is not set")


def test_sigterm_finishes_the_letters_in_hand(database: Database, server: Unruly, bare_folder: Path) -> None:
    """Within ten seconds the process ends with exit 1 and the numbers; nothing is in doubt, nothing lost."""
    with database.writing() as session:
        for code in ("2018",):
            add_issue(session, code=code)
        add_readers(session, 300, name="many")
        begin_sending(session, "2018", keys=Keys(SECRET), domain=HEAD.domain, now=NOW)

    def slowly(step: Step, _recipient: str, _nth: int) -> str | None:
        if step is Step.DOT:
            time.sleep(SLOW / 10)
        return None

    server.behaviour = slowly
    with subprocess.Popen(
        [sys.executable, "-m", "iscm", "newsletter", "send", "2018"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        end = time.monotonic() + 60
        while len(server.kept) < 20:
            assert time.monotonic() < end
            time.sleep(0.01)
        child.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        _, told = child.communicate(timeout=20)
        assert time.monotonic() - asked < 10
    assert child.returncode == 1
    with database.reading() as session:
        issue = session.scalars(select(Issue).where(Issue.code == "2018")).one()
        assert issue.state is IssueState.SENDING
    counts = json.loads(run("newsletter", "status", "2018", "--json").output)
    assert (counts["accepted"], counts["in_doubt"]) == (len(server.kept), 0)
    assert counts["open"] == counts["included"] - counts["accepted"]
    assert f"{counts['accepted']} of {counts['included']} accepted" in told
    assert list((bare_folder / "data" / "journals").iterdir()) == []


def test_scheduled_issue_paused_and_resumed_waits_for_its_hour(database: Database) -> None:
    """Resuming what had not begun brings it back to waiting."""
    with database.writing() as session:
        add_issue(session, code="2018", state=IssueState.SCHEDULED)
    run("newsletter", "pause", "2018")
    assert "is scheduled" in run("newsletter", "resume", "2018").output
    with database.reading() as session:
        assert find_issue(session, "2018").state is IssueState.SCHEDULED


def test_issue_past_its_latest_time_is_not_sent(database: Database, server: Unruly) -> None:
    """Too late is exit 1 with what to do; the issue is expired and nobody got anything."""
    with database.writing() as session:
        find_issue(session, CODE).not_after = NOW - timedelta(days=3650)
    assert refused("newsletter", "send", CODE) == (
        "Issue 2017 is expired: 0 of 3 accepted, 3 open. "
        "Its latest time has passed; schedule it anew with: iscm newsletter schedule 2017"
    )
    assert server.kept == []


def test_following_an_issue_that_is_over_says_so_once(database: Database, server: Unruly) -> None:
    """As a line for people and logs, and as a JSON object on one line for programs."""
    del server
    run("newsletter", "send", CODE)
    assert run("newsletter", "status", CODE, "--follow").output == (
        "Issue 2017 is sent: 3 accepted, 0 rejected, 0 skipped, 0 in doubt, 0 open.\n"
    )
    (line,) = run("newsletter", "status", CODE, "--follow", "--json").output.splitlines()
    told = json.loads(line)
    assert (told["state"], told["accepted"], told["rate"], told["last_outcome"]["state"]) == (
        "sent",
        3,
        None,
        "accepted",
    )


def test_issue_is_sent_outside_of_its_windows_only_by_a_word(database: Database, server: Unruly) -> None:
    """It pauses and names the hour at which a window opens; with --any-hour the windows are gone."""
    now = datetime.now(UTC)
    away = (now + timedelta(days=3)).strftime("%a").lower()
    with database.writing() as session:
        issue = find_issue(session, CODE)
        issue.windows, issue.open_until = [f"{away} 00-24 UTC"], now
    assert "Its window is closed; it goes on on" in refused("newsletter", "send", CODE)
    assert "may be sent only within its windows" in refused("newsletter", "send", CODE)
    assert server.kept == []
    assert run("newsletter", "send", CODE, "--any-hour").output == "Issue 2017 is sent: 3 of 3 accepted.\n"


def test_issue_that_is_still_being_sent_is_not_corrected(database: Database, server: Unruly) -> None:
    """All who get it must have it first; the sentence says what to do."""
    del database, server
    assert refused("newsletter", "correct", CODE) == (
        "Issue 2017 is being sent, so it cannot be corrected yet: all who get it must have it first. "
        "Let it end, or cancel it: iscm newsletter cancel 2017"
    )
