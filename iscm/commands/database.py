"""`iscm database`: bring the tables up to date, say what state they are in, back all up and restore it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iscm.commands.context import opened
from models.refusal import Refusal

if TYPE_CHECKING:
    from iscm.restoring.restore import Restored


@click.group(name="database", no_args_is_help=True)
def command() -> None:
    """Upgrade, check, back up and restore the database."""


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
    """Say whether the database answers, is up to date and is sound; exit 1 when not.

    Looks at the file and its references, at the index of the search, and whether the numbers of each issue
    add up.
    """
    from iscm.soundness import damage, errors

    with opened() as house:
        complaints = damage(house.database)
        if complaints:
            raise Refusal(f"The database is damaged: {'; '.join(complaints)}. Restore a backup.")
        wrong = errors(house.database)
        if wrong:
            raise Refusal(f"The record is not sound: {'; '.join(wrong)}.")
        _, revision = house.database.revision()
        click.echo(f"The database is sound and up to date (revision {revision}).")


@command.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def backup(file: Path) -> None:
    """Write the record, the keys, the documents and the file of departures into one archive.

    FILE must not exist; `-` is standard output. May run while the service does: the archive holds one moment
    of it. Keep it safe: it holds addresses and the keys.
    """
    import sys
    from functools import partial

    from iscm.belongings import belongings_of, program_version
    from iscm.commands.output import progress
    from models.archive.placing import placed
    from models.archive.write import count_rows, write_archive

    to_output = str(file) == "-"
    if to_output and sys.stdout.isatty():
        raise click.UsageError("A backup is not written to a terminal; give a file, or lead it into a pipe.")
    with opened() as house, progress("Backing up", total=count_rows(house.database)) as advance:
        write = partial(
            write_archive,
            house.database,
            belongings=belongings_of(house.settings),
            program=program_version(),
            now=house.now,
            progress=advance,
        )
        if to_output:
            write(sys.stdout.buffer)
            return
        with placed(file) as out:
            manifest = write(out, spool=file.parent)
    rows, tables = sum(manifest.rows.values()), len(manifest.rows)
    click.echo(f"{file} holds {rows} rows of {tables} tables, as of {manifest.taken_at:%Y-%m-%d %H:%M} UTC.")


@command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--force", is_flag=True, help="Replace the records that are there; an SQLite file is kept aside."
)
@click.option(
    "--departures",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="Another machine's file of departures; may be given more than once.",
)
def restore(file: Path, departures: tuple[Path, ...], *, force: bool) -> None:
    """Replace the record, the keys and the documents by those of a backup, on either kind of database.

    Nothing may work with the database meanwhile. Afterwards whoever left since is off the list, every issue
    that was planned or under way is paused, and calendars are published anew. All or nothing.
    """
    from datetime import UTC, datetime

    from iscm.commands.output import progress
    from iscm.logs import start_logging
    from iscm.restoring.restore import restore as restore_archive
    from iscm.settings import load_settings
    from models.archive.check import check_archive

    settings = load_settings()
    start_logging(level=settings.log_level, form=settings.log_format)
    with progress("Checking", total=file.stat().st_size) as advance:
        archive = check_archive(file, progress=advance)
    with progress("Restoring", total=sum(archive.manifest.rows.values())) as advance:
        done = restore_archive(
            settings,
            archive,
            departures=departures,
            force=force,
            now=datetime.now(UTC),
            progress=advance,
        )
    _tell(done)


def _tell(done: "Restored") -> None:
    manifest = done.manifest
    click.echo(
        f"Restored {sum(manifest.rows.values())} rows and {done.documents} documents "
        f"as of {manifest.taken_at:%Y-%m-%d %H:%M} UTC."
    )
    for address in done.replayed.moved:
        click.echo(
            f"{address} was given up since for another address, which the backup does not know. Hand the "
            f"post over again (iscm subscribers hand-over {address} NEW), or let the reader sign up."
        )
    if done.replayed.left or done.replayed.erased:
        click.echo(
            f"Left since, and off the list again: {done.replayed.left}. Forgotten: {done.replayed.erased}."
        )
    for sentence in (*done.held, *done.alarms):
        click.echo(sentence)
    for path in done.aside:
        click.echo(f"Kept aside: {path}")
    click.echo("Look at it, then start the service: iscm serve")
