"""Bringing in a secretariat's file of meetings by command, and reading what became of it."""

from pathlib import Path
from typing import Any

from models import Database
from tests.calendar_feed.importing.real_files import calendar
from tests.iscm.commands.record_commands import Ran, iscm

UID = "lusaka-2027@midsa.example.org"
EVENT = (
    f"UID:{UID}\nSUMMARY:{{title}}\nDTSTART;VALUE=DATE:{{start}}\nDTEND;VALUE=DATE:{{end}}\n"
    "LOCATION:{place}\nSTATUS:{status}"
)
PLAIN = {
    "title": "Ministerial Conference of MIDSA",
    "start": "20270608",
    "end": "20270611",
    "place": "Lusaka\\, Zambia",
    "status": "CONFIRMED",
}


def event(**other: str) -> str:
    """An event of the conference in Lusaka, with other words where they are given."""
    return EVENT.format(**(PLAIN | other))


def bring_in(
    database: Database, folder: Path, *events: str, options: tuple[str, ...] = (), name: str = "m.ics"
) -> Ran:
    """Bring in a file with these events."""
    (folder / name).write_bytes(calendar(*events))
    return iscm(database, "meetings", "import", str(folder / name), *options)


def coming_meetings(database: Database, *options: str) -> list[dict[str, Any]]:
    """The meetings ahead, as the list has them."""
    found: list[dict[str, Any]] = iscm(database, "meetings", "list", "--coming", "--json", *options).json
    return found


def outcomes(ran: Ran) -> list[tuple[str, dict[str, Any], str | None, list[str]]]:
    """What became of each meeting of a file: outcome, changes, reason and warnings."""
    return [(one["outcome"], one["changes"], one["reason"], one["warnings"]) for one in ran.json["meetings"]]


def days(start: str, end: str) -> dict[str, str | None]:
    """The dates of a meeting of whole days, as revisions have them."""
    return {"precision": "day", "start": start, "end": end, "zone": None}
