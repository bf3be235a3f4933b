"""What must be true of bytes before anybody is served them. A calendar that fails is not published.

Everything is parsed again by a library that had no part in writing it; what the library forgives (control
characters, line lengths, a UID that stands twice) is looked for in the bytes themselves.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import icalendar

from calendar_feed.content_line import FOLD_AT, unfold
from calendar_feed.outline import outline

MOST_EVENTS = 1_000
"""How many events Google Calendar takes from one address."""
MOST_BYTES = 900_000
"""How many bytes of one address Google Calendar reads (its limit is 1 MB), with room to spare."""

_NEEDED = (
    "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION",
    "URL", "STATUS", "TRANSP", "CATEGORIES", "CLASS",
)  # fmt: skip
_NEEDED_IN_HEADER = (
    "VERSION", "PRODID", "CALSCALE", "X-WR-RELCALID", "LAST-MODIFIED", "NAME", "X-WR-CALNAME", "URL",
    "SOURCE", "REFRESH-INTERVAL", "X-PUBLISHED-TTL",
)  # fmt: skip
# These make a feed an invitation or an alarm, or are read wrongly by some program.
_UNWANTED = re.compile(
    rb"^(METHOD|ORGANIZER|ATTENDEE|RDATE|BEGIN:VALARM|BEGIN:VLOCATION|BEGIN:PARTICIPANT)[:;\r]", re.MULTILINE
)
_CONTROL = re.compile(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|(?<!\r)\n|\r(?!\n)")
_CONTROL_ABOVE = re.compile("[\x80-\x9f\ufeff]")
# Each begins with fixed letters, which is ten times quicker to look for than the start of any line.
_TZID = re.compile(rb"\r\nDT(?:START|END);TZID=([^:;\r]+)")
_TZID_DEFINED = re.compile(rb"\r\nTZID:([^\r]+)")
_UID = re.compile(rb"\r\nUID:([^\r]*)")


def event_faults(body: bytes) -> list[str]:
    """Return what is wrong with one VEVENT's bytes, one sentence each; an empty list when nothing is."""
    calendar = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ISCM//Check//EN\r\n" + body + b"END:VCALENDAR\r\n"
    )
    faults = byte_faults(body)
    try:
        events = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    except (ValueError, KeyError, IndexError, TypeError) as error:
        return [*faults, f"the event cannot be parsed: {error}"]
    if len(events) != 1:
        return [*faults, f"{len(events)} events stand where one should"]
    return [*faults, *_parsed_event_faults(events[0])]


def faults_beside(body: bytes, *, sound: bytes) -> list[str]:
    """Return what is wrong with one VEVENT's bytes, given those of the same event in another language.

    Where the two differ in words alone, the library that read the sound one need not read this one too.
    """
    return byte_faults(body) if outline(body) == outline(sound) else event_faults(body)


def feed_faults(data: bytes, *, holds_everything: bool = False) -> list[str]:
    """Return what is wrong with a whole calendar, one sentence each. It parses everything anew.

    The limits of Google Calendar do not hold for a feed that `holds_everything`.
    """
    faults = [*frame_faults(data), *joint_faults(data, holds_everything=holds_everything)]
    if b"\r\nBEGIN:" not in data:
        faults.append("the calendar holds no component")
    return faults


def frame_faults(data: bytes) -> list[str]:
    """Return what is wrong with a calendar of which only the header and the zones are there, or all of it."""
    faults = byte_faults(data)
    try:
        calendars = icalendar.Calendar.from_ical(data, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        return [*faults, f"the calendar cannot be parsed: {error}"]
    if len(calendars) != 1:
        return [*faults, f"{len(calendars)} calendars stand where one should"]
    calendar = calendars[0]
    faults += [f"the calendar has no {name}" for name in _NEEDED_IN_HEADER if name not in calendar]
    if "UID" in calendar:
        faults.append("the calendar has a UID of its own")
    kinds = {part.name for part in calendar.subcomponents} - {"VEVENT", "VTIMEZONE"}
    faults += [f"the calendar holds a {kind}" for kind in sorted(str(kind) for kind in kinds)]
    for event in calendar.walk("VEVENT"):
        faults += _parsed_event_faults(event)
    return faults


def joint_faults(data: bytes, *, holds_everything: bool = False) -> list[str]:
    """Return what is wrong with bodies as they were put together; quick, since each was checked by itself.

    The limits of Google Calendar do not hold for a feed that keeps everything.
    """
    flat = unfold(data)
    faults = []
    if not data.startswith(b"BEGIN:VCALENDAR\r\n") or not data.endswith(b"\r\nEND:VCALENDAR\r\n"):
        faults.append("the calendar does not begin and end as one")
    uids = _UID.findall(flat)
    faults += [
        f"the UID {_shown(uid)} stands {times} times" for uid, times in Counter(uids).items() if times > 1
    ]
    begun, ended = flat.count(b"\r\nBEGIN:VEVENT\r\n"), flat.count(b"\r\nEND:VEVENT\r\n")
    if not begun == ended == len(uids):
        faults.append(f"{begun} events begin, {ended} end and {len(uids)} have a UID")
    undefined = set(_TZID.findall(flat)) - set(_TZID_DEFINED.findall(flat))
    faults += [f"the zone {_shown(zone)} is used and not defined" for zone in sorted(undefined)]
    return faults + ([] if holds_everything else size_faults(events=begun, size=len(data)))


def size_faults(*, events: int, size: int) -> list[str]:
    """Return what is wrong with the size of a feed that people subscribe to."""
    faults = []
    if events > MOST_EVENTS:
        faults.append(f"{events} events are more than {MOST_EVENTS}")
    if size > MOST_BYTES:
        faults.append(f"{size} bytes are more than {MOST_BYTES}")
    return faults


def byte_faults(data: bytes) -> list[str]:
    """Return what is wrong with bytes as bytes: characters, line ends, folding, properties not wanted."""
    faults = []
    if found := _CONTROL.search(data):
        faults.append(f"a control character or a bare line end stands at byte {found.start()}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return [*faults, f"the bytes are not UTF-8: {error}"]
    if _CONTROL_ABOVE.search(text):
        faults.append("a control character above ASCII or a byte order mark stands in the text")
    lines = data.split(b"\r\n")
    if (longest := max(map(len, lines))) > FOLD_AT:
        faults.append(f"a line has {longest} octets, more than {FOLD_AT}")
    if found := _UNWANTED.search(unfold(data)):
        faults.append(f"{_shown(found[1])} stands in it")
    return faults


def _parsed_event_faults(event: Any) -> Iterable[str]:  # noqa: ANN401 - icalendar's components are not typed by property
    uid = str(event.get("UID", "without UID"))
    for name in _NEEDED:
        if name not in event:
            yield f"event {uid} has no {name}"
        elif isinstance(event[name], list):
            yield f"event {uid} has {name} more than once"
    if event.subcomponents:
        yield f"event {uid} holds a component"
    if event.errors:  # a value that cannot be read answers every question with an exception
        yield f"event {uid} has values that cannot be read: {event.errors}"
        return
    start, end = (getattr(event.get(name), "dt", None) for name in ("DTSTART", "DTEND"))
    if not _is_later(end, than=start):
        yield f"event {uid} does not end after its start"
    stamps = [getattr(event.get(name), "dt", None) for name in ("DTSTAMP", "LAST-MODIFIED")]
    if stamps[0] is None or stamps[0] != stamps[1]:
        yield f"event {uid} has no stamps, or two that differ"


def _is_later(end: object, *, than: object) -> bool:
    if isinstance(end, datetime) and isinstance(than, datetime):
        return end.tzinfo is not None and than.tzinfo is not None and end > than
    whole_days = type(end) is date and type(than) is date
    return whole_days and end > than  # type: ignore[operator]  # both are dates: the line above says so


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")
