"""An .ics file taken apart: its calendars, and of each event the lines that say something of a meeting.

A library builds a tree of the whole file, a hundred times its size in memory. Here one pass keeps the lines
of events that are read later, counts and nesting are held within bounds, and the rest is passed over.
"""

from dataclasses import dataclass, field
from typing import Final

from calendar_feed.importing.content_lines import unfolded_lines
from calendar_feed.importing.source_file import MOST_MEETINGS, UnreadableFile

RECORD: Final = "X-ISCM-RECORD"
"""The property in which our own export keeps all that is on record, exactly."""

_DEEPEST: Final = 8
_MOST_COMPONENTS: Final = 50_000
_MOST_PROPERTIES: Final = 2_000
_MEETINGS: Final = frozenset({"VEVENT", "VJOURNAL"})
_KEPT: Final = frozenset(
    {
        "UID", "SEQUENCE", "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE", "EXRULE", "DTSTART", "DTEND",
        "DURATION", "SUMMARY", "STATUS", "LOCATION", "GEO", "URL", "CONFERENCE", "CATEGORIES", "COMMENT",
        "DESCRIPTION", "RELATED-TO", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL",
        "X-MICROSOFT-CDO-ALLDAYEVENT", "X-ISCM-STATUS", "X-ISCM-DATE-PRECISION", "X-ISCM-SLUG", RECORD,
    }
)  # fmt: skip
_OF_CALENDAR: Final = frozenset({"PRODID", "VERSION", "METHOD", "X-WR-TIMEZONE"})


@dataclass(slots=True)
class RawCalendar:
    """What stands above the events of a calendar; `zones` are its TZIDs, with their X-LIC-LOCATION."""

    facts: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One VEVENT (or VJOURNAL, which our export uses for what has no day): its kept lines, not yet read."""

    line: int
    kind: str
    calendar: RawCalendar
    lines: list[tuple[int, bytes]]


@dataclass(slots=True)
class _Scan:
    name: str
    events: list[RawEvent] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)
    open: list[tuple[str, int]] = field(default_factory=list)
    calendar: RawCalendar = field(default_factory=RawCalendar)
    zone: tuple[str | None, str | None] = (None, None)
    components: int = 0


def take_apart(data: bytes, *, name: str) -> tuple[list[RawEvent], dict[str, int]]:
    """Return the events of a file, in its order, and how many components of other kinds were passed over.

    Raises UnreadableFile for what is no iCalendar, is cut short, or is larger than any calendar of meetings.
    """
    scan = _Scan(name)
    for number, line in unfolded_lines(data, name=name):
        head, _, value = line.partition(b":")
        word = head.partition(b";")[0].strip().upper().decode("ascii", errors="replace")
        if not scan.open and word != "BEGIN":
            raise UnreadableFile(
                f"Line {number} of {name} stands outside a calendar; an .ics file begins "
                "with BEGIN:VCALENDAR."
            )
        if word == "BEGIN":
            _begin(scan, value.strip().upper().decode("ascii", errors="replace"), number)
        elif word == "END":
            _end(scan, value.strip().upper().decode("ascii", errors="replace"), number)
        else:
            _keep(scan, word, number, line)
    if scan.open:
        kind, begun = scan.open[-1]
        raise UnreadableFile(
            f"{name} is cut short: {kind:.40}, begun in line {begun}, does not end. Fetch it again."
        )
    return scan.events, scan.others


def _begin(scan: _Scan, kind: str, number: int) -> None:
    if not scan.open and kind != "VCALENDAR":
        raise UnreadableFile(
            f"{scan.name} is no calendar: line {number} begins {kind:.40}, where "
            "BEGIN:VCALENDAR should stand."
        )
    scan.components += 1
    scan.open.append((kind, number))
    if len(scan.open) > _DEEPEST:
        raise UnreadableFile(
            f"Line {number} of {scan.name} is nested {len(scan.open)} deep; no calendar is so deep."
        )
    if scan.components > _MOST_COMPONENTS:
        raise UnreadableFile(
            f"{scan.name} holds more than {_MOST_COMPONENTS:,} components. Export fewer years."
        )
    if len(scan.open) == 1:
        scan.calendar = RawCalendar()
    elif len(scan.open) == 2:
        _begin_part(scan, kind, number)


def _begin_part(scan: _Scan, kind: str, number: int) -> None:
    if kind in _MEETINGS:
        if len(scan.events) == MOST_MEETINGS:
            raise UnreadableFile(
                f"{scan.name} holds more than {MOST_MEETINGS:,} events. Export fewer years, or split it."
            )
        scan.events.append(RawEvent(number, kind, scan.calendar, []))
    elif kind == "VTIMEZONE":
        scan.zone = (None, None)
    else:
        scan.others[kind[:40]] = scan.others.get(kind[:40], 0) + 1


def _end(scan: _Scan, kind: str, number: int) -> None:
    begun, line = scan.open.pop()
    if kind != begun:
        raise UnreadableFile(
            f"Line {number} of {scan.name} ends {kind:.40}, but {begun:.40}, begun in line {line}, is open. "
            "The file is damaged; fetch it again."
        )
    if kind == "VTIMEZONE" and len(scan.open) == 1 and scan.zone[0]:
        scan.calendar.zones[scan.zone[0]] = scan.zone[1]


def _keep(scan: _Scan, word: str, number: int, line: bytes) -> None:
    depth, kind = len(scan.open), scan.open[-1][0]
    if depth == 1 and word in _OF_CALENDAR:
        scan.calendar.facts[word] = _text(line)
    elif depth == 2 and kind == "VTIMEZONE" and word == "TZID":
        scan.zone = (_text(line), scan.zone[1])
    elif depth == 2 and kind == "VTIMEZONE" and word == "X-LIC-LOCATION":
        scan.zone = (scan.zone[0], _text(line))
    elif depth == 2 and kind in _MEETINGS and word in _KEPT:
        lines = scan.events[-1].lines
        if len(lines) == _MOST_PROPERTIES:
            raise UnreadableFile(
                f"The event begun in line {scan.open[-1][1]} of {scan.name} has more than "
                f"{_MOST_PROPERTIES:,} properties; that is no meeting."
            )
        lines.append((number, line))


def _text(line: bytes) -> str:
    return (
        line.partition(b":")[2][:500].decode("utf-8", errors="replace").replace("\\,", ",").strip().strip('"')
    )
