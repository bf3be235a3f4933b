"""Lists of records on a terminal: two lines a record, so that slugs stay whole at 80 columns."""

import sys
from collections.abc import Mapping, Sequence

from iscm.commands.output import Row, print_rows


def print_records(rows: Sequence[Row], *, columns: Mapping[str, Sequence[str]], as_json: bool) -> None:
    """Print records: all of them as JSON, tab-separated lines where no terminal is, and a table on one.

    columns are the headings and the keys that stand in one cell below each other; a key that repeats the
    one above it, or says nothing, is left out.
    """
    if as_json or not sys.stdout.isatty():
        keys = [key for together in columns.values() for key in together]
        print_rows(rows, columns=["slug", *(key for key in keys if key != "slug")], as_json=as_json)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns:
        table.add_column(heading, overflow="fold")
    for row in rows:
        cells = (
            dict.fromkeys(str(row[key]) for key in together if row[key]) for together in columns.values()
        )
        table.add_row(*(Text("\n".join(cell)) for cell in cells))
    Console(file=sys.stdout, highlight=False).print(table)
