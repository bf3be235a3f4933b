"""Meetings as an .ics file that any calendar program opens, and that an import reads back without loss.

Beside what everybody reads, each event carries all that is on record in one property. An import believes it
where the event still says what it said; what a person changed in a calendar program counts as changed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from calendar_feed.calendar import FOOTER, PRODUCT, ZoneUse, zone_part
from calendar_feed.content_line import content_line, text_value
from calendar_feed.event import render_event, stamped, utc_stamp
from calendar_feed.facts import MeetingFacts
from calendar_feed.importing.baseline import composed
from calendar_feed.importing.components import RECORD
from calendar_feed.spans import Hours


@dataclass(frozen=True, slots=True)
class Exported:
    """One meeting to be written: what feeds know of it, and the values of all its fields."""

    facts: MeetingFacts
    fields: Mapping[str, Any]


def write_ics(meetings: Sequence[Exported], *, base_url: str, now: datetime) -> Iterable[bytes]:
    """Yield the parts of the file. What has no day stands in it as VJOURNAL, which calendars pass over."""
    header = [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", PRODUCT), ("CALSCALE", "GREGORIAN")]
    yield b"".join(content_line(name, value) for name, value in header)
    yield zone_part(_zones(meetings), empty=not meetings)
    for meeting in meetings:
        yield _event(meeting, base_url=base_url, now=now)
    yield FOOTER


def _event(meeting: Exported, *, base_url: str, now: datetime) -> bytes:
    event = composed(meeting.facts, language="en", base_url=base_url)
    kept = (
        ("X-ISCM-SLUG", text_value(meeting.facts.slug)),
        # Letters beyond ASCII are escaped, so that no normalising on the way changes one of them.
        (RECORD, text_value(json.dumps(dict(meeting.fields), sort_keys=True))),
    )
    if event is not None:
        return stamped(render_event(replace(event, marks=(*event.marks, *kept))), at=now)
    lines = [
        ("BEGIN", "VJOURNAL"),
        ("UID", text_value(meeting.facts.uid)),
        ("DTSTAMP", utc_stamp(now)),
        ("SUMMARY", text_value(meeting.facts.title)),
        *kept,
        ("END", "VJOURNAL"),
    ]
    return b"".join(content_line(name, value) for name, value in lines)


def _zones(meetings: Iterable[Exported]) -> list[ZoneUse]:
    years: dict[str, set[int]] = {}
    for meeting in meetings:
        event = composed(meeting.facts, language="en")
        if event is not None and isinstance(event.span, Hours):
            years.setdefault(event.span.zone, set()).update({event.span.start.year, event.span.end.year})
    return [ZoneUse(zone, min(found), max(found)) for zone, found in sorted(years.items())]
