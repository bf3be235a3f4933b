"""`iscm newsletter ledger ISSUE`."""

import sys

import click


@click.command()
@click.argument("issue")
def command(issue: str) -> None:
    """Print what became of each copy, as CSV: address, edition, message_id, state, code, at."""
    from iscm.commands.context import opened
    from newsletter.course import find_issue
    from newsletter.ledger import write_ledger

    with opened() as house, house.database.reading() as session:
        write_ledger(session, find_issue(session, issue), sys.stdout)
