"""`iscm doctor`: everything that has to be right, looked at once, with what to do where it is not."""

import sys
from typing import TextIO

import click

from iscm.commands.context import opened
from iscm.commands.output import print_json

_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


@click.command(name="doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--dns",
    "records",
    type=click.File(encoding="utf-8"),
    help="A file of TXT records to compare with, as dig prints them, or - for standard input.",
)
@click.option("--ask-dns", is_flag=True, help="Ask DNS for them. Without it no name is looked up.")
def command(records: TextIO | None, *, as_json: bool, ask_dns: bool) -> None:
    """Look at everything that has to be right; exit 1 when there is a problem.

    The mail server is greeted and signed in at, and left again: no mail is sent. Nothing is changed. With the
    TXT records of DNS it tells whether receivers will take our mail for ours.
    """
    if records is not None and ask_dns:
        raise click.UsageError("Give the records with --dns, or have them asked with --ask-dns.")
    from iscm.doctor.examination import examine, identity_of
    from iscm.doctor.finding import Finding, Level
    from iscm.doctor.names import ask_names, read_names
    from iscm.doctor.sender_domain import wanted_names

    found: list[Finding] = []
    with opened(current=False) as house:
        names = read_names(records.read()) if records is not None else None
        if ask_dns:
            names = ask_names(wanted_names(identity_of(house.settings)))
        for finding in examine(house.settings, house.database, now=house.now, names=names):
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
        problems, warnings = numbers[Level.PROBLEM], numbers[Level.WARNING]
        click.echo(f"{problems} problem{'s' * (problems != 1)}, {warnings} warning{'s' * (warnings != 1)}.")
    sys.exit(1 if any(one.level is Level.PROBLEM for one in found) else 0)


def _print(level: str, check: str, found: str, advice: str) -> None:
    """Print one line, and what to do below it; colours only where a person looks."""
    click.echo(f"{click.style(f'{level:<8}', fg=_COLOURS[level])} {check:<14} {found}")
    if advice:
        click.echo(f"{'':<24}{advice}")
