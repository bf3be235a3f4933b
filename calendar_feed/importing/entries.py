"""What a file says, by its ending: .ics or .csv."""

from datetime import date

from calendar_feed.importing.csv_entries import read_csv
from calendar_feed.importing.ics_entries import read_ics
from calendar_feed.importing.source_file import UnreadableFile, checked_source
from calendar_feed.importing.told import Entry


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
    return entries, notes
