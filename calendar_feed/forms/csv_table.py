"""A table of comma-separated values (RFC 4180), as spreadsheets open it."""

import csv
import io
from datetime import UTC, date, datetime

from calendar_feed.forms.events import Calendar

COLUMNS = (
    "uid", "title", "start", "end", "zone", "start_utc", "end_utc", "status", "location", "categories", "url",
    "sequence", "changed",
)  # fmt: skip
# Excel takes a file for Latin-1 unless it begins so.
_MARK = "\ufeff"
# A cell that begins so is run as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_table(calendar: Calendar) -> bytes:
    """Return a row of names and one for each event; days are both included, hours those of the venue."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(COLUMNS)
    for event in calendar.events:
        cells = (
            event.uid,
            event.title,
            _wall(event.start),
            _wall(event.end),
            event.zone or "",
            _instant(event.start),
            _instant(event.end),
            event.status,
            event.location or "",
            "; ".join(event.categories),
            event.url,
            str(event.sequence),
            _instant(event.changed),
        )
        rows.writerow([_harmless(cell) for cell in cells])
    return (_MARK + table.getvalue()).encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _wall(when: date | datetime) -> str:
    return when.strftime("%Y-%m-%d %H:%M") if isinstance(when, datetime) else when.isoformat()


def _instant(when: date | datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M}" if isinstance(when, datetime) else ""
