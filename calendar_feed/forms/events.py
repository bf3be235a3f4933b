"""A calendar's bytes read again, as the plain values that the other forms tell."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

import icalendar

from calendar_feed.calendar import FEEDS, FOOTER

_ZONE, _EVENT = b"BEGIN:VTIMEZONE\r\n", b"BEGIN:VEVENT\r\n"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `start` and `end` are days (the last one included) or aware moments on the venue's clock."""

    uid: str
    title: str
    description: str
    start: date | datetime
    end: date | datetime
    zone: str | None
    status: str
    sequence: int
    created: datetime
    changed: datetime
    url: str
    location: str | None
    point: tuple[float, float] | None
    categories: tuple[str, ...]

    @property
    def identity(self) -> str:
        """The same for ever, as a URN (RFC 4122)."""
        return urn(self.uid)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar as a whole.

    `identity` is a URN, `source` its own address, `page` its page for people, `changed` when it last did.
    """

    identity: str
    name: str
    description: str
    source: str
    page: str
    changed: datetime
    events: tuple[Event, ...]


def urn(uid: str) -> str:
    """Return a UID as a URN; one that is no UUID becomes one, always the same."""
    try:
        return f"urn:uuid:{UUID(uid)}"
    except ValueError:
        return f"urn:uuid:{uuid5(FEEDS, uid)}"


def parts_of(data: bytes) -> tuple[bytes, list[bytes], list[bytes]]:
    """Return a calendar that we wrote in its parts: what stands around, each VTIMEZONE, each VEVENT."""
    around, *events = data.removesuffix(FOOTER).split(_EVENT)
    head, *zones = around.split(_ZONE)
    return head + FOOTER, [_ZONE + zone for zone in zones], [_EVENT + event for event in events]


def read_calendar(data: bytes) -> Calendar:
    """Read a calendar that we wrote."""
    frame, _, events = parts_of(data)
    return replace(_calendar(frame), events=tuple(_event(event) for event in events))


# All forms of one feed are often made one after the other.
@lru_cache(maxsize=16)
def _calendar(frame: bytes) -> Calendar:
    calendar: Any = icalendar.Calendar.from_ical(frame)
    return Calendar(
        identity=urn(str(calendar["X-WR-RELCALID"])),
        name=str(calendar["NAME"]),
        description=str(calendar["DESCRIPTION"]),
        source=str(calendar["SOURCE"]),
        page=str(calendar["URL"]),
        changed=calendar["LAST-MODIFIED"].dt.astimezone(UTC),
        events=(),
    )


# An event stands in many feeds, each asked for in several forms: parsing it is nearly all that they cost.
@lru_cache(maxsize=4096)
def _event(data: bytes) -> Event:
    event: Any = icalendar.Event.from_ical(data)
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    if not isinstance(end, datetime):
        end -= timedelta(days=1)
    place = event.get("GEO")
    return Event(
        uid=str(event["UID"]),
        title=str(event["SUMMARY"]),
        description=str(event["DESCRIPTION"]),
        start=start,
        end=end,
        zone=event["DTSTART"].params.get("TZID"),
        status=str(event["STATUS"]).lower(),
        sequence=int(event["SEQUENCE"]),
        created=event["CREATED"].dt,
        changed=event["LAST-MODIFIED"].dt,
        url=str(event["URL"]),
        location=str(event["LOCATION"]) if "LOCATION" in event else None,
        point=(place.latitude, place.longitude) if place else None,
        categories=tuple(str(word) for word in event["CATEGORIES"].cats),
    )
