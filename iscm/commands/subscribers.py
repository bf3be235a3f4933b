"""`iscm subscribers`: who receives the letter."""

from pathlib import Path

import click


@click.group(name="subscribers", no_args_is_help=True)
def command() -> None:
    """Keep the readers of the letter."""


@command.command()
@click.argument("address")
@click.option("--language", default="en", metavar="CODE", help="The language of their letter.")
@click.option("--confirmed", is_flag=True, help="They have consented already; without it they are asked.")
@click.option("--name", help="Their name.")
@click.option("--organisation", help="Where they work.")
@click.option(
    "--kind",
    type=click.Choice(["subscription", "circulation"]),
    default="subscription",
    help="Why they receive it: their own wish, or the post they hold.",
)
@click.option("--source", default="command line", help="Where the consent was given; kept with it.")
def add(
    address: str,
    *,
    language: str,
    name: str | None,
    organisation: str | None,
    kind: str,
    source: str,
    confirmed: bool,
) -> None:
    """Add one reader.

    Who left, bounced or is suppressed is not added: only they themselves can come back, by signing up.
    """
    from iscm.commands.context import opened
    from models import RecipientKind, Refusal
    from newsletter.importing import NewReader, Taken, add_reader
    from newsletter.keys import Keys
    from newsletter.staying_away import why_away

    with opened() as house:
        language = language.strip().lower()
        if language not in house.settings.languages:
            raise click.BadParameter(
                f"choose among {', '.join(house.settings.languages)}", param_hint="--language"
            )
        reader = NewReader(
            address=address,
            language=language,
            name=name,
            organisation=organisation,
            kind=RecipientKind(kind),
        )
        keys = Keys(house.settings.secret_key)
        with house.database.writing() as session:
            taken = add_reader(session, keys, reader, is_confirmed=confirmed, source=source, now=house.now)
            away = why_away(session, keys, address) if taken is Taken.KEPT_UNSUBSCRIBED else ""
    match taken:
        case Taken.ALREADY:
            raise Refusal(f"{address} is known already; nothing was changed.")
        case Taken.KEPT_UNSUBSCRIBED:
            raise Refusal(away)
        case Taken.ADDED:
            asked = "" if confirmed else ", who is asked by mail to confirm it"
            click.echo(f"Added {address}{asked}.")


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def list_(*, as_json: bool) -> None:
    """List all readers, whatever their state."""
    from iscm.commands.context import opened
    from iscm.commands.output import print_rows
    from newsletter.readers_file import COLUMNS, all_readers

    with opened() as house, house.database.reading() as session:
        rows = [{column: getattr(reader, column) for column in COLUMNS} for reader in all_readers(session)]
    print_rows(rows, columns=("address", "language", "state", "name", "organisation"), as_json=as_json)


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--confirmed", is_flag=True, help="They have consented already; without it they are asked.")
@click.option("--source", help="Where the consent was given; kept with it. Default: the file's name.")
def import_(file: Path, source: str | None, *, confirmed: bool) -> None:
    """Add the readers of a CSV file with the columns address, language (and name, kind, organisation).

    Can be repeated. A row that cannot be taken is told with its line, and keeps no other one out. Who left
    stays away: they are counted as "kept unsubscribed".
    """
    from iscm.commands.context import opened
    from iscm.commands.output import progress
    from newsletter.importing import Imported, import_rows, portions
    from newsletter.keys import Keys
    from newsletter.readers_file import read_rows

    report = Imported()
    with opened() as house, progress("Importing", total=None) as advance:
        for rows in portions(read_rows(file)):
            with house.database.writing() as session:
                import_rows(
                    session,
                    Keys(house.settings.secret_key),
                    rows,
                    languages=house.settings.languages,
                    is_confirmed=confirmed,
                    source=source or file.name,
                    now=house.now,
                    report=report,
                )
            advance(len(rows))
    for line, reason in report.refused:
        click.echo(f"line {line}: {reason}", err=True)
    click.echo(
        f"added: {report.added}, known already: {report.already}, "
        f"kept unsubscribed: {report.kept_unsubscribed}, refused: {len(report.refused)}"
    )
    if report.refused and not (report.added or report.already or report.kept_unsubscribed):
        raise SystemExit(1)


@command.command()
@click.argument("address", required=False)
def export(address: str | None) -> None:
    """Print all readers as CSV, or all that is kept about one of them as JSON."""
    import sys

    from iscm.commands.context import opened
    from iscm.commands.output import print_json
    from newsletter.keys import Keys
    from newsletter.own_data import export as export_one
    from newsletter.readers_file import write_readers

    with opened() as house, house.database.reading() as session:
        if address is None:
            write_readers(session, sys.stdout)
        else:
            print_json(export_one(session, Keys(house.settings.secret_key), address))


@command.command()
@click.argument("address")
def erase(address: str) -> None:
    """Forget a reader for good: their row, their consents, their address in every ledger.

    Only a keyed hash stays, so that no import brings the address back.
    """
    from iscm.commands.context import opened
    from newsletter.erasure import erase as erase_one
    from newsletter.keys import Keys

    with opened() as house, house.database.writing() as session:
        erase_one(session, Keys(house.settings.secret_key), address, now=house.now)
    click.echo(f"Nothing is kept about {address} but the mark that it is never written to.")
