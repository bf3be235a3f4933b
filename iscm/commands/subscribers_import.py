"""`iscm subscribers import`: readers from somebody's file, tried first if one likes."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from newsletter.importing import Imported, Told


@click.command(name="import")
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--confirmed", is_flag=True, help="They have consented already; without it they are asked.")
@click.option("--source", help="Where the consent was given; kept with it. Default: the file's name.")
@click.option(
    "--map", "columns", metavar="OURS=THEIRS,...", default="", help="Which of its columns is which."
)
@click.option("--encoding", metavar="NAME", help="The encoding of a file that does not tell, windows-1252.")
@click.option("--dry-run", is_flag=True, help="Only say, row by row, what would become of it.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of it as JSON.")
def import_(
    file: Path,
    *,
    source: str | None,
    columns: str,
    encoding: str | None,
    confirmed: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Add the readers of a CSV file with the columns address, language, name, kind, organisation and post.

    FILE can be - for standard input.
    Only address is needed; --map "address=E-mail,language=Lang" names columns otherwise called. Can be
    repeated. A row that cannot be taken is told with its line, and keeps no other one out. Who left stays
    away: they are counted as "kept unsubscribed". Rows of the kind circulation are posts, and are not asked.
    """
    from iscm.commands.context import opened
    from iscm.commands.output import progress
    from newsletter.column_map import read_map
    from newsletter.importing import Imported, import_rows, portions, try_rows
    from newsletter.keys import Keys
    from newsletter.readers_file import read_rows
    from newsletter.readers_text import known_encoding

    is_piped = str(file) == "-"
    source = source or ("standard input" if is_piped else file.name)
    report, refused = Imported(), 0
    told: list[Told] = []
    rows_of = read_rows(
        Path("/dev/stdin") if is_piped else file,
        columns=read_map(columns),
        encoding=known_encoding(encoding) if encoding else None,
    )
    with opened() as house, progress("Importing", total=None) as advance:
        keys, languages = Keys(house.settings.secret_key), house.settings.languages
        for rows in portions(rows_of):
            if dry_run:
                with house.database.reading() as session:
                    some = try_rows(
                        session, keys, rows, languages=languages, is_confirmed=confirmed, report=report
                    )
                if as_json:
                    told += some
                else:
                    _print_fates(some)
            else:
                with house.database.writing() as session:
                    import_rows(
                        session,
                        keys,
                        rows,
                        languages=languages,
                        is_confirmed=confirmed,
                        source=source,
                        now=house.now,
                        report=report,
                    )
                for line, reason in report.refused:
                    click.echo(f"line {line}: {reason}", err=True)
            refused += len(report.refused)
            report.refused.clear()
            advance(len(rows))
    _print_sums(report, refused, told, dry_run=dry_run, as_json=as_json)
    if refused and not (report.added or report.already or report.kept_unsubscribed):
        raise SystemExit(1)


def _print_fates(told: Iterable["Told"]) -> None:
    """Print a line for each row: a file of any length needs no more memory for it."""
    for one in told:
        fate = one.taken.value.replace("_", " ") if one.taken is not None else "refused"
        address = " ".join(one.address.split())[:60]
        what = one.reason or " ".join(part for part in (address, one.language) if part)
        click.echo(f"{one.line:>7}  {fate:<18}{what}")


def _print_sums(
    report: "Imported", refused: int, told: Iterable["Told"], *, dry_run: bool, as_json: bool
) -> None:
    from iscm.commands.output import print_json

    counts = {
        "added": report.added,
        "already": report.already,
        "kept_unsubscribed": report.kept_unsubscribed,
        "refused": refused,
    }
    if as_json:
        names = ("line", "address", "language", "taken", "reason")
        rows = [{name: getattr(one, name) for name in names} for one in told]
        print_json({"written": not dry_run, **counts, **({"rows": rows} if dry_run else {})})
        return
    would = "Nothing was written. It would be: " if dry_run else ""
    click.echo(
        f"{would}added: {report.added}, known already: {report.already}, "
        f"kept unsubscribed: {report.kept_unsubscribed}, refused: {refused}"
    )
