"""Meetings as a .csv file that a spreadsheet opens, and that an import reads back without loss."""

import csv
import io
from collections.abc import Iterable
from typing import Any, Final

from calendar_feed.importing.csv_cells import list_cell, text_cell
from calendar_feed.importing.csv_columns import COLUMNS, TEXT_COLUMNS
from calendar_feed.importing.export_ics import Exported

_LISTS: Final = frozenset({"mechanisms", "themes", "sessions"})
_BYTE_ORDER_MARK: Final = "\ufeff"


def write_csv(meetings: Iterable[Exported]) -> Iterable[bytes]:
    """Yield the file row by row, in UTF-8 behind a byte order mark, without which Excel misreads it."""
    yield _row([_BYTE_ORDER_MARK + COLUMNS[0], *COLUMNS[1:]])
    for meeting in meetings:
        values = _values(meeting)
        yield _row([_cell(name, values[name]) for name in COLUMNS])


def _values(meeting: Exported) -> dict[str, Any]:
    fields = dict(meeting.fields)
    when, before = fields.pop("when"), fields.pop("previous_when")
    return {
        **fields,
        "slug": meeting.facts.slug,
        "uid": meeting.facts.uid,
        "start": when["start"] or when["precision"],
        "end": when["end"],
        "zone": when["zone"],
        "precision": when["precision"],
        "previous_start": (before["start"] or before["precision"]) if before else None,
        "previous_end": before["end"] if before else None,
        "previous_zone": before["zone"] if before else None,
    }


def _cell(name: str, value: Any) -> str:  # noqa: ANN401 - the value of any field
    if value is None:
        return ""
    if name == "title_in":
        return list_cell(text_cell(f"{language}={title}") for language, title in value.items())
    if name in _LISTS:
        return list_cell(text_cell(one) for one in value)
    return text_cell(value) if name in TEXT_COLUMNS else str(value)


def _row(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()
