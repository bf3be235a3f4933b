"""How commands print what they list, and show that they are at work."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from pathlib import PurePath

import click

Row = Mapping[str, object]


def print_rows(rows: Iterable[Row], *, columns: Sequence[str] | Mapping[str, str], as_json: bool) -> None:
    """Print a list.

    With `as_json`: an array of objects that hold every key of the rows. Otherwise the `columns`, by key (or
    by key and heading), as a table on a terminal, and as tab-separated lines under their headings anywhere
    else, so that `cut` and `awk` can read them and nothing is shortened.
    """
    kept = [dict(row) for row in rows]
    if as_json:
        print_json(kept)
        return
    headings = (
        dict(columns) if isinstance(columns, Mapping) else {key: key.replace("_", " ") for key in columns}
    )
    cells = [[_text(row.get(key)) for key in headings] for row in kept]
    if sys.stdout.isatty():
        _print_table(list(headings.values()), cells)
        return
    for line in (list(headings.values()), *cells):
        click.echo("\t".join(line))


def print_json(value: object) -> None:
    """Print one JSON text: dates and moments in ISO 8601, letters as they are."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


@contextmanager
def progress(title: str, *, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while work goes on; the given function takes how many more are done.

    Without a terminal nothing is shown. `total` None means not known.
    """
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from iscm.commands.rate_column import RateColumn

    layout = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*layout, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.advance(task, done)


def _print_table(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console(file=sys.stdout, highlight=False).print(table)


def _text(value: object) -> str:
    """A cell: one line, whatever the value holds."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_text(one) for one in value)
    return " ".join(str(plain(value) if isinstance(value, datetime | date | Enum) else value).split())


def plain(value: object) -> object:
    """Return what JSON has for a value of ours that it does not know."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")
