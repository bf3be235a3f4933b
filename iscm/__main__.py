"""The command `iscm`: starts a command and turns what a person can act on into one line.

Exit codes: 0 done, 1 refused or nothing done, 2 wrong use (an unknown option, a bad setting).
"""

import os
import sys
from collections.abc import Sequence

import click

from iscm.commands import command


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; `arguments` are those after the program's name (default: this process's).

    Always ends in SystemExit, except for a defect of the program, whose traceback is wanted.
    """
    try:
        command.main(args=list(arguments) if arguments is not None else None, prog_name="iscm")
    except Exception as error:
        code, sentence = answer(error)
        if sentence is None:
            raise
        click.echo(f"iscm: {' '.join(sentence.split())}", err=True)
        sys.exit(code)


def answer(error: Exception) -> tuple[int, str | None]:
    """The exit code and what a person reads of `error`; no sentence for a defect of ours.

    Imported late: most runs need none of it, and `iscm --help` is quick.
    """
    from iscm.settings import BadSetting
    from models.database import explain
    from models.refusal import Refusal

    if isinstance(error, BadSetting):
        return 2, str(error)
    if isinstance(error, Refusal):
        return 1, str(error)
    if isinstance(error, OSError) and error.strerror:
        place = os.fsdecode(error.filename) + ": " if isinstance(error.filename, str | bytes) else ""
        return 1, f"{place}{error.strerror}."
    return 1, explain(error)


if __name__ == "__main__":
    main()
