"""`iscm newsletter list`."""

import click

COLUMNS = {
    "code": "issue",
    "state": "state",
    "revision": "revision",
    "compiled_at": "compiled",
    "approved_by": "approved by",
    "scheduled": "scheduled",
    "windows": "windows",
    "state_reason": "remark",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def command(*, as_json: bool) -> None:
    """List the issues and the state each is in."""
    from iscm.commands.context import opened
    from iscm.commands.output import print_rows
    from newsletter.listing import issue_lines

    with opened() as house, house.database.reading() as session:
        rows = issue_lines(session)
    print_rows(rows, columns=COLUMNS, as_json=as_json)
