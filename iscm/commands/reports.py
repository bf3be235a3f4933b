"""`iscm reports`: what readers say is wrong on a page."""

import click

from iscm.commands.context import opened
from iscm.commands.field_options import as_json
from iscm.commands.output import print_rows
from models.base import Facts
from models.error_report import ErrorReport
from models.error_report_keeping import close_report, list_reports


@click.group(name="reports", no_args_is_help=True)
def command() -> None:
    """Read and close the reports of errors."""


@command.command(name="list")
@click.option("--open", "only_open", is_flag=True, help="Only those that nobody has closed.")
@as_json
def list_(*, only_open: bool, as_json: bool) -> None:
    """List the reports, the oldest first."""
    with opened() as house, house.database.reading() as session:
        rows = [_row(report) for report in list_reports(session, only_open=only_open)]
    columns = ("id", "reported_at", "page", "words", "reply_to", "closed_at")
    print_rows(rows, columns=columns, as_json=as_json)


@command.command()
@click.argument("number", metavar="ID", type=int)
def close(number: int) -> None:
    """Close a report that has been seen to. It is forgotten 90 days later."""
    with opened() as house, house.database.writing() as session:
        close_report(session, number, editor=house.editor, now=house.now)
    click.echo(f"{number}: closed.")


def _row(report: ErrorReport) -> Facts:
    names = ("id", "page", "words", "reply_to", "reported_at", "told_at", "closed_at", "closed_by")
    return {name: getattr(report, name) for name in names}
