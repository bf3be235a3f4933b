"""What a file says, by its ending: .ics or .csv."""

from collections import Counter
from datetime import date
from typing import Final

from calendar_feed.importing.csv_entries import read_csv
from calendar_feed.importing.ics_entries import read_ics
from calendar_feed.importing.source_file import UnreadableFile, checked_source
from calendar_feed.importing.told import Entry

_MOST_A_DAY: Final = 200


def read_entries(
    data: bytes, *, name: str, today: date, zone: str | None = None
) -> tuple[list[Entry], list[str]]:
    """Return the meetings of a file and what is to be said of it as a whole. Raises UnreadableFile.

    `name` is the file's, whose ending says what it is; `today` the day around which series are written out;
    `zone` an IANA zone for hours that have none.
    """
    text = checked_source(data, name=name)
    ending = name.rpartition(".")[2].lower()
    if ending in {"ics", "ical", "ifb", "icalendar"}:
        entries, notes = read_ics(text, name=name, today=today, zone=zone)
    elif ending in {"csv", "tsv", "txt"}:
        entries, notes = read_csv(text, name=name, zone=zone)
    else:
        raise UnreadableFile(f"{name} must end in .ics or .csv, so that it is plain what it is.")
    if not entries:
        raise UnreadableFile(f"{name} holds no meeting.")
    _refuse_crowded_day(entries, name=name)
    return entries, notes


def _refuse_crowded_day(entries: list[Entry], *, name: str) -> None:
    """Raise UnreadableFile where more meetings begin on a day than all mechanisms hold in a year."""
    days = Counter(entry.when.first for entry in entries if entry.when is not None)
    day, number = max(days.items(), key=lambda one: one[1], default=(None, 0))
    if day is not None and number > _MOST_A_DAY:
        raise UnreadableFile(f"{name} holds {number:,} meetings that begin on {day}; that is no calendar.")
