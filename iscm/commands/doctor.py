"""`iscm doctor`: everything that has to be right, looked at once, with what to do where it is not."""

import sys

import click

from iscm.commands.context import opened
from iscm.commands.output import print_json

_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


@click.command(name="doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(*, as_json: bool) -> None:
    """Look at everything that has to be right; exit 1 when there is a problem.

    The mail server is greeted and signed in at, and left again: no mail is sent. Nothing is changed.
    """
    from iscm.doctor.examination import examine
    from iscm.doctor.finding import Finding, Level

    found: list[Finding] = []
    with opened(current=False) as house:
        for finding in examine(house.settings, house.database, now=house.now):
            found.append(finding)
            if not as_json:
                _print(finding.level.value, finding.check, finding.found, finding.advice)
    if as_json:
        print_json(
            [
                {"check": one.check, "level": one.level, "found": one.found, "advice": one.advice}
                for one in found
            ]
        )
    else:
        numbers = {level: sum(one.level is level for one in found) for level in Level}
        click.echo(f"{numbers[Level.PROBLEM]} problems, {numbers[Level.WARNING]} warnings.")
    sys.exit(1 if any(one.level is Level.PROBLEM for one in found) else 0)


def _print(level: str, check: str, found: str, advice: str) -> None:
    """Print one line, and what to do below it; colours only where a person looks."""
    click.echo(f"{click.style(f'{level:<8}', fg=_COLOURS[level])} {check:<14} {found}")
    if advice:
        click.echo(f"{'':<24}{advice}")
