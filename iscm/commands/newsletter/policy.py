"""The option `--in-doubt` of the commands that begin a sending."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

in_doubt_option: Callable[[Command], Command] = click.option(
    "--in-doubt",
    "policy",
    type=click.Choice(["hold", "resend"]),
    help="What becomes of a letter that was under way when a connection or the program was lost: held until "
    "`newsletter settle` (as long as nobody says otherwise), or sent once more, the same to the byte.",
)
"""Given, it is the issue's policy from then on; not given, the policy stays."""
