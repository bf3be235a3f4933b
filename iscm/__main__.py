"""The command `iscm`: starts a command and turns what a person can act on into one line.

Exit codes: 0 done, 1 refused or nothing done, 2 wrong use (an unknown option, a bad setting).
"""

import os
import sys
from collections.abc import Sequence

import click

from iscm.commands import command
from iscm.settings import BadSetting


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; `arguments` are those after the program's name (default: this process's).

    Always ends in SystemExit, except for a defect of the program, whose traceback is wanted.
    """
    try:
        command.main(args=list(arguments) if arguments is not None else None, prog_name="iscm")
    except BadSetting as error:
        _refuse(str(error), code=2)
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        _refuse(sentence, code=1)


def _refuse(sentence: str, *, code: int) -> None:
    click.echo(f"iscm: {' '.join(sentence.split())}", err=True)
    sys.exit(code)


def _sentence(error: Exception) -> str | None:
    """What a person reads of `error`, or None for a defect of ours. Imported late: most runs need none of it."""
    from models.database import explain
    from models.refusal import Refusal

    if isinstance(error, Refusal):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        place = os.fsdecode(error.filename) + ": " if isinstance(error.filename, str | bytes) else ""
        return f"{place}{error.strerror}."
    return explain(error)


if __name__ == "__main__":
    main()
