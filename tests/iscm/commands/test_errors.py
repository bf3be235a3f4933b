"""How the command line refuses: one line on standard error and the exit code of DESIGN's contract."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from iscm.__main__ import main
from iscm.commands import command
from iscm.settings import BadSetting
from models.refusal import Refusal


def _run(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """Run `iscm` with a command that ends in `error`; give the exit code."""

    def fail(**_options: object) -> None:
        raise error

    monkeypatch.setattr(command, "invoke", lambda _context: fail())
    with pytest.raises(SystemExit) as left:
        main(["database", "check"])
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (
            Refusal("No meeting is called x.\nSee: iscm meetings list"),
            1,
            "No meeting is called x. See: iscm meetings list",
        ),
        (BadSetting("ISCM_PORT cannot be used: a number."), 2, "ISCM_PORT cannot be used: a number."),
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "feeds.ics"),
            1,
            "feeds.ics: No space left on device.",
        ),
        (
            OperationalError("UPDATE", {}, Exception("database is locked")),
            1,
            "The database is busy: another process has held it for too long. Try again in a moment.",
        ),
    ],
)
def test_error_a_person_can_act_on_is_one_line(
    error: Exception,
    code: int,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No traceback, no second line, nothing on standard output."""
    assert _run(monkeypatch, error) == code
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"iscm: {line}\n")


def test_defect_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of the program is not dressed up as the person's."""
    monkeypatch.setattr(command, "invoke", lambda _context: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        main(["database", "check"])


def test_interrupt_ends_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C is no error of the program."""
    assert _run(monkeypatch, KeyboardInterrupt()) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_reader_that_goes_away_is_no_error(bare_folder: Path) -> None:
    """`iscm --help | head -0` says nothing on standard error."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "iscm", "--help"],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
        cwd=bare_folder,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_wrong_use_exits_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command is told by click, with the way to help."""
    with pytest.raises(SystemExit) as left:
        main(["newsleter"])
    assert left.value.code == 2
    assert "newsleter" in capsys.readouterr().err
