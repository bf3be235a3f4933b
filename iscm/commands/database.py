"""`iscm database`: bring the tables up to date, and say what state they are in."""

import click
from sqlalchemy import text

from iscm.commands.context import opened
from models.database import Database
from models.refusal import Refusal


@click.group(name="database", no_args_is_help=True)
def command() -> None:
    """Bring the database up to date and check it."""


@command.command()
def upgrade() -> None:
    """Make the tables, or bring them to this program's state; nothing is lost and it can be repeated."""
    with opened(current=False) as house:
        before, needed = house.database.revision()
        house.database.upgrade()
        if before == needed:
            click.echo(f"The database is up to date (revision {needed}).")
        else:
            click.echo(f"The database is now at revision {needed} (it was {before or 'empty'}).")


@command.command()
def check() -> None:
    """Say whether the database answers, is up to date and is sound; exit 1 when not."""
    with opened() as house:
        complaints = faults(house.database)
        if complaints:
            raise Refusal(f"The database is damaged: {'; '.join(complaints)}. Restore a backup.")
        _, revision = house.database.revision()
        click.echo(f"The database is sound and up to date (revision {revision}).")


def faults(database: Database) -> list[str]:
    """What SQLite finds wrong with its file and its references; PostgreSQL watches over its own."""
    if not database.is_sqlite:
        return []
    with database.reading() as session:
        found = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
        orphans = [str(row[0]) for row in session.execute(text("PRAGMA foreign_key_check"))]
    return found + [f"a row of {table} refers to a row that is gone" for table in sorted(set(orphans))]
