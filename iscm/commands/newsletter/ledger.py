"""`iscm newsletter ledger ISSUE`."""

import sys

import click


@click.command()
@click.argument("issue")
def command(issue: str) -> None:
    """Print what became of each copy, as CSV: address, edition, message_id, state, code, at.

    The columns after these bind each row to the one before it, and the first one to what was approved, so
    that `iscm newsletter verify` can tell later that nothing was changed. On a terminal the end of the chain
    is said too: kept apart from the file, it proves the whole of it.
    """
    from iscm.commands.context import opened
    from newsletter.course import find_issue
    from newsletter.keys import Keys
    from newsletter.ledger import write_ledger

    with opened() as house, house.database.reading() as session:
        written = write_ledger(
            session,
            find_issue(session, issue),
            sys.stdout,
            keys=Keys(house.settings.secret_key),
            now=house.now,
        )
    if written.rows and sys.stderr.isatty():
        click.echo(f"{written.rows} rows; the chain ends in {written.last_link}", err=True)
