"""Running `iscm` on a terminal, as a person sees it."""

import os
import pty
import subprocess
import sys

from models import Database
from tests.iscm.commands.record_commands import Ran, environment


def on_a_terminal(database: Database, *arguments: str, answer: str = "", stdout: int | None = None) -> Ran:
    """Run a command on a terminal of 80 columns; what it showed there is what it put out.

    Standard output may lead elsewhere, as where it is redirected into a file.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "iscm", *arguments],
        stdin=theirs,
        stdout=theirs if stdout is None else stdout,
        stderr=theirs,
        env={**environment(database), "COLUMNS": "80", "TERM": "dumb"},
    )
    os.close(theirs)
    os.write(ours, answer.encode())
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # how a terminal says that its last writer has gone
        pass
    code = process.wait()
    os.close(ours)
    return Ran(code, shown.decode(), "")
