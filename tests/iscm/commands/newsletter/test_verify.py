"""`iscm newsletter verify`: a ledger is checked on a machine that has nothing but the file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iscm.__main__ import main
from iscm.commands import command
from models import Database
from newsletter.course import begin_sending, find_issue
from newsletter.ledger import write_ledger
from tests.letters import CODE, HEAD, KEYS, NOW, ready_to_send

SECRET = "a key of the tests, forty characters long"


@pytest.fixture
def ledger(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger of three letters, in a folder where no service was ever set up."""
    ready_to_send(sqlite_database, 3)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    file = elsewhere / "ledger.csv"
    with sqlite_database.writing() as session, file.open("w") as text:
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
        session.flush()
        write_ledger(session, find_issue(session, CODE), text, keys=KEYS, now=NOW)
    monkeypatch.chdir(elsewhere)
    for name in ("ISCM_DATA_DIR", "ISCM_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return file


def verify(*words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(command, ["newsletter", "verify", *words], catch_exceptions=False)


def test_whole_ledger_far_from_its_service(ledger: Path) -> None:
    """Exit 0, what it is anchored to, and that nobody could look at the seal; nothing is made beside it."""
    found = verify("ledger.csv")
    lines = found.output.splitlines()
    assert (found.exit_code, len(lines)) == (0, 6)
    assert lines[:3] == [
        "Whole, in order and unchanged: issue 2017, 3 of 3 rows, exported at 2026-12-14T08:00:00Z.",
        "3 candidates = 3 included + 0 excluded.",
        "3 included = 0 accepted, 0 rejected, 0 skipped, 0 in doubt, 3 open.",
    ]
    assert lines[5] == "The seal was not looked at: the service's key is not on this machine."
    assert list(ledger.parent.iterdir()) == [ledger]


def test_ledger_at_its_service(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the key is, the seal is looked at; with the end that was kept, the whole chain is that one."""
    monkeypatch.setenv("ISCM_SECRET_KEY", SECRET)
    told = json.loads(verify("ledger.csv", "--json").output)
    assert (told["issue"], told["rows"], told["seal"]) == (CODE, 3, "genuine")
    assert verify("ledger.csv", "--end", told["end"]).exit_code == 0


def test_ledger_that_a_spreadsheet_marked(ledger: Path) -> None:
    """A byte order mark at the beginning, which a spreadsheet adds, is no change."""
    ledger.write_bytes(b"\xef\xbb\xbf" + ledger.read_bytes())
    assert verify("ledger.csv").exit_code == 0


def test_broken_ledger_ends_in_1(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence is on standard error, and the exit code tells a script."""
    lines = ledger.read_text().splitlines(keepends=True)
    ledger.write_text("".join(lines[:-1]))
    with pytest.raises(SystemExit) as left:
        main(["newsletter", "verify", "ledger.csv"])
    assert left.value.code == 1
    assert capsys.readouterr().err == "iscm: The file ends after row 2 of 3: the last row is missing.\n"
