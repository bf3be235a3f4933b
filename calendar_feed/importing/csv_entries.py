"""The meetings of a .csv file, a row each; its first row names the columns."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

from calendar_feed.importing.csv_cells import (
    day_first,
    read_clock,
    read_country,
    read_date,
    read_degrees,
    read_list,
    read_text,
)
from calendar_feed.importing.csv_columns import TEXT_COLUMNS, known_columns
from calendar_feed.importing.kinds import kind_called
from calendar_feed.importing.location_reading import read_place
from calendar_feed.importing.source_file import MOST_MEETINGS, UnreadableFile
from calendar_feed.importing.told import Entry
from models import plain_text
from models.base import Facts
from models.meeting import MeetingStatus
from models.refusal import Refusal
from models.when import When

_MOST_COLUMNS: Final = 200
_LONGEST_CELL: Final = 100_000
_LONGEST_ROW: Final = 200_000
_LONGEST_UID: Final = 200
# Columns that only the table of a feed has (calendar_feed.forms.csv_table).
_OF_A_FEED: Final = {"start_utc", "end_utc", "sequence", "changed"}
# What people write for the states of a meeting; our own words are read by the field itself.
_STATES: Final = {
    "canceled": MeetingStatus.CANCELLED,
    "tbc": MeetingStatus.TENTATIVE,
    "to be confirmed": MeetingStatus.TENTATIVE,
    "provisional": MeetingStatus.TENTATIVE,
    "announced": MeetingStatus.PLANNED,
    "scheduled": MeetingStatus.PLANNED,
    "definite": MeetingStatus.CONFIRMED,
}

Row = Mapping[str, str]


def read_csv(data: bytes, *, name: str, zone: str | None = None) -> tuple[list[Entry], list[str]]:
    """Return the meetings of a file in its order, and what is to be said of the file as a whole.

    `zone` is an IANA zone for hours that have none. An empty cell says nothing. A row that cannot be read is
    an entry with its refusal. Raises UnreadableFile.
    """
    rows = _rows(data, name=name)
    _, headings = next(rows)
    columns, strange = known_columns(headings)
    missing = [column for column in ("title", "start") if column not in columns]
    if missing:
        raise UnreadableFile(
            f"{name} has no column “{missing[0]}”; its first line must name the columns, "
            "at least: title,start,end,mechanism,city,country."
        )
    if set(strange) >= _OF_A_FEED:
        raise UnreadableFile(
            f"{name} is the table of a calendar feed: its titles hold the mechanism and the place. "
            "Import the feed's .ics, which is read back whole, or a file of: iscm meetings export."
        )
    read: list[tuple[int, Row]] = []
    for line, cells in rows:
        row = {column: cells[place].strip() for column, place in columns.items() if place < len(cells)}
        if any(row.values()):
            read.append((line, row))
        if len(read) > MOST_MEETINGS:
            raise UnreadableFile(f"{name} holds more than {MOST_MEETINGS:,} rows. Split it.")
    is_day_first = day_first(row.get(column, "") for _, row in read for column in ("start", "end"))
    entries = [_entry(line, row, zone=zone, is_day_first=is_day_first) for line, row in read]
    notes = (
        [f"Columns that are not known here were passed over: {', '.join(strange)[:300]}."] if strange else []
    )
    return entries, notes


def _rows(data: bytes, *, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the line each begins in; a first line "sep=;", as Excel writes it, is no row."""
    lines = _Lines(data, name=name)
    heading = next(lines, "")
    if heading.lower().startswith("sep="):
        heading = next(lines, "")
    before = csv.field_size_limit(_LONGEST_CELL)
    line = lines.number
    try:
        reader = csv.reader(
            chain([heading], lines), delimiter=max(",;\t", key=_outside_quotes(heading).count)
        )
        for cells in reader:
            lines.row_size = 0
            if len(cells) > _MOST_COLUMNS:
                raise UnreadableFile(
                    f"Line {line} of {name} has {len(cells)} cells; that is no list of meetings."
                )
            if cells:
                yield line, cells
            line = lines.number + 1
    except csv.Error as error:
        raise UnreadableFile(
            f"{name} is not a CSV file that can be read: {error} (from line {line} on). "
            "A quotation mark may be open."
        ) from None
    finally:
        csv.field_size_limit(before)


class _Lines(Iterator[str]):
    """The physical lines of a text, one at a time, none of them and no row larger than it may be."""

    def __init__(self, data: bytes, *, name: str) -> None:
        self._text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
        self._name = name
        self.number = 0
        self.row_size = 0

    def __next__(self) -> str:
        line = self._text.readline(_LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.row_size += len(line)
        if self.row_size > _LONGEST_ROW:
            raise UnreadableFile(
                f"Line {self.number} of {self._name} belongs to a row of more than {_LONGEST_ROW:,} "
                "characters; that is no meeting. A quotation mark may be open."
            )
        return line


def _outside_quotes(line: str) -> str:
    return "".join(line[:10_000].split('"')[::2])


def _entry(line: int, row: Row, *, zone: str | None, is_day_first: bool | None) -> Entry:
    entry = Entry(line=line, uid=(row.get("uid") or "")[:_LONGEST_UID] or None, slug=row.get("slug") or None)
    entry.title = read_text(row.get("title", ""))[:500] or None
    try:
        plain_text.line(read_text(row.get("title", "")), name="title")
        entry.fields = _fields(row, zone=zone, is_day_first=is_day_first)
    except Refusal as refusal:
        entry.refusal = str(refusal)
    return entry


def _fields(row: Row, *, zone: str | None, is_day_first: bool | None) -> Facts:
    """Return the fields that a row sets. Raises the refusal of the first cell that cannot be read."""
    fields = read_place(row["location"]).fields() if row.get("location") else {}
    for column, cell in row.items():
        if cell and column in TEXT_COLUMNS:
            fields[column] = read_text(cell)
        elif cell and column in _CELLS:
            fields[column] = _CELLS[column](cell)
    start, end = (_moment(row, name, is_day_first=is_day_first) for name in ("start", "end"))
    if start:
        fields["when"] = _when(start, end, row.get("zone") or zone, precision=row.get("precision"))
    if row.get("previous_start"):
        previous = When.parse(
            row["previous_start"], row.get("previous_end") or None, row.get("previous_zone") or None
        )
        fields["previous_when"] = previous
    return fields


def _moment(row: Row, name: str, *, is_day_first: bool | None) -> str | None:
    """Return a date with its hour, which may stand in a column of its own."""
    cell = row.get(name)
    if not cell:
        return None
    clock = row.get(f"{name}_time")
    whole = (row.get("all_day") or "").casefold() in {"true", "yes", "1"}
    day, _, behind = cell.partition(" ")
    if behind and ":" in behind and day.count("/") == 2:  # "31/12/2027 09:30"
        cell, clock = day, clock or behind
    written = read_date(cell, is_day_first=is_day_first)
    return f"{written} {read_clock(clock)}" if clock and not whole else written


def _when(start: str, end: str | None, zone: str | None, *, precision: str | None) -> When:
    """Read the dates. An hour at one end only is left out, since an event begins and ends in one form."""
    if end and (":" in start) != (":" in end):
        start, end = start.partition(" ")[0], end.partition(" ")[0]
    if precision == "unknown":
        return When.unknown()
    return When.parse(start, end, zone if ":" in start else None)


def _by_language(titles: list[str]) -> dict[str, str]:
    """Read titles in other languages, each written fr=..., as our own export writes them."""
    read = (read_text(one).partition("=") for one in titles)
    return {language.strip().lower(): title for language, _, title in read}


def _status(cell: str) -> str:
    known = _STATES.get(cell.casefold())
    return known.value if known else cell


def _kind(cell: str) -> str:
    known = kind_called(cell)
    return known.value if known else cell


_CELLS: Final[Mapping[str, Callable[[str], Any]]] = {
    "mechanisms": lambda cell: read_list(cell, separators=";|"),
    "status": _status,
    "kind": _kind,
    "mode": lambda cell: cell,
    "country": lambda cell: read_country(cell, name="country"),
    "host": lambda cell: read_country(cell, name="host"),
    "latitude": lambda cell: read_degrees(cell, name="latitude"),
    "longitude": lambda cell: read_degrees(cell, name="longitude"),
    "themes": lambda cell: read_list(cell, separators=";|,"),
    "title_in": lambda cell: _by_language(read_list(cell, separators="")),
    "sessions": lambda cell: [read_text(one) for one in read_list(cell, separators="")],
    "moved_at": lambda cell: cell,
    "confidence": lambda cell: cell,
    "visibility": lambda cell: cell,
}
