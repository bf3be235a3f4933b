"""Readers as a CSV file: read as people's programs write it, written so that it can be read again."""

import csv
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final, TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Subscriber
from newsletter.column_map import ColumnMap, named_columns
from newsletter.importing import Row
from newsletter.readers_text import UnreadableFile, read_lines

COLUMNS: Final = (
    "address",
    "language",
    "state",
    "name",
    "kind",
    "organisation",
    "post",
    "created_at",
    "confirmed_at",
    "left_at",
)


_MOST_COLUMNS: Final = 200
_LONGEST_CELL: Final = 100_000
_MOST_LINES_OF_A_ROW: Final = 50


def read_rows(path: Path, *, columns: ColumnMap | None = None, encoding: str | None = None) -> Iterator[Row]:
    """Yield the rows of a CSV file with the line each begins in; one without a word in it is passed over.

    Takes commas, semicolons or tabs, columns in any order, named in any case or as `columns` says, and the
    encodings of `read_lines`. Memory does not grow with the file. Raises UnreadableFile, also half-way, when
    the file is not text or has no column of addresses.
    """
    lines = _Counted(read_lines(path, encoding=encoding), name=path.name)
    heading = next(lines, "")
    delimiter = max(",;\t", key="".join(heading.split('"')[::2]).count)
    if heading[:4].lower() == "sep=" and len(heading.rstrip("\r\n")) == 5:
        # Excel's own line for what separates the columns.
        delimiter, heading = heading[4], next(lines, "")
    before = csv.field_size_limit(_LONGEST_CELL)
    line = lines.number
    try:
        reader = csv.reader(chain([heading], lines), delimiter=delimiter)
        places = named_columns(next(reader, []), columns or {}, file=path.name)
        line = lines.row_begins()
        for cells in reader:
            if len(cells) > _MOST_COLUMNS:
                raise UnreadableFile(
                    f"Line {line} of {path.name} has {len(cells)} cells, which is no reader."
                )
            if any(cell.strip() for cell in cells):
                yield Row(line, {name: cells[place] for name, place in places.items() if place < len(cells)})
            line = lines.row_begins()
    except csv.Error as error:
        raise UnreadableFile(
            f"{path.name} is not a CSV file that can be read: {error} (from line {line} on). A quotation "
            "mark may be open."
        ) from error
    finally:
        csv.field_size_limit(before)


class _Counted(Iterator[str]):
    """Lines with the number of the last one, none of their rows longer than a reader's can be."""

    def __init__(self, lines: Iterator[str], *, name: str) -> None:
        self._lines = lines
        self._name = name
        self._begun = 1
        self.number = 0

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        if self.number - self._begun > _MOST_LINES_OF_A_ROW:
            raise UnreadableFile(
                f"A row of {self._name} that begins in line {self._begun} does not end. A quotation mark may "
                "be open."
            )
        return line

    def row_begins(self) -> int:
        """Say that a row has ended; return the line where the next one begins."""
        self._begun = self.number + 1
        return self._begun


def all_readers(session: Session) -> Iterator[Subscriber]:
    """Yield all readers, whatever their state, in the order they came."""
    query = select(Subscriber).order_by(Subscriber.id).execution_options(yield_per=1000)
    yield from session.scalars(query)


def write_readers(session: Session, file: TextIO) -> int:
    """Write all readers, whatever their state; return how many."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    number = 0
    for reader in all_readers(session):
        writer.writerow(_text(getattr(reader, column)) for column in COLUMNS)
        number += 1
    return number


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)
