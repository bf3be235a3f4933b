"""Running `iscm` on a test's database, in this process and as its own."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from iscm.__main__ import main
from models.database import Database


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever it printed
        """What it printed, read as JSON."""
        return json.loads(self.out)


def environment(database: Database) -> dict[str, str]:
    """The settings that lead a command to the database, with an editor called Ana."""
    url = database.url.render_as_string(hide_password=False)
    return {**os.environ, "ISCM_DATABASE_URL": url, "ISCM_EDITOR_NAME": "Ana"}


def iscm(database: Database, *arguments: str) -> Ran:
    """Run a command in this process, its input being no terminal."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment(database)),
        patch.object(sys, "stdin", io.StringIO()),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main(arguments)
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 0
    return Ran(code, out.getvalue(), err.getvalue())


def iscm_process(database: Database, *arguments: str) -> Ran:
    """Run a command as a process of its own, as a person or a script does."""
    done = subprocess.run(
        [sys.executable, "-m", "iscm", *arguments],
        env=environment(database),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
