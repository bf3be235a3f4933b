"""When an event takes place: DTSTART, DTEND and DURATION, as they are meant and not only as they stand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from calendar_feed.importing.properties import Property, UnreadableEvent
from calendar_feed.importing.zone_names import (
    UTC_ZONE,
    country_of,
    is_windows_zone,
    local_zone,
    meant_zone,
    zones_of,
)
from models.when import When

_DAY: Final = timedelta(days=1)
_YEARS: Final = range(1900, 2200)
_FORM: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_DURATION: Final = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?"
)


@dataclass(frozen=True, slots=True)
class Clock:
    """How a file's hours are meant: by its zone (X-WR-TIMEZONE, or the editor's word) and its VTIMEZONEs."""

    zone: str | None
    defined: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Wall:
    """A moment on the wall clock of an IANA zone; `at` is naive. `named` is the zone as the file names it."""

    at: datetime
    zone: str
    named: str = ""

    @property
    def instant(self) -> datetime:
        """The moment in UTC."""
        return self.at.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def on(self, zone: str) -> "Wall":
        """The same moment on another zone's clock."""
        if zone == self.zone:
            return self  # an hour that the clock skips stays what it is, and is refused by name
        return Wall(self.instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0), zone, self.named)


Point = date | Wall


def read_point(one: Property, value: str, *, clock: Clock) -> Point:
    """Read a day or a moment. Raises UnreadableEvent where it does not exist or has no zone; UnknownZone."""
    found = _FORM.fullmatch(value.strip())
    try:
        if found is None:
            raise ValueError(value)  # noqa: TRY301 - the sentence below serves both
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if day.year not in _YEARS:
            raise ValueError(value)  # noqa: TRY301 - the same
        if found[4] is None:
            return day
        at = datetime.combine(day, time(int(found[4]), int(found[5]), min(int(found[6]), 59)))
    except ValueError:
        raise UnreadableEvent(f"{one.name} “{value:.40}” in line {one.line} is not a date.") from None
    if found[7]:
        return Wall(at, UTC_ZONE)
    if named := one.parameters.get("TZID"):
        return Wall(at, meant_zone(named, defined=clock.defined), named)
    if clock.zone is None:
        raise UnreadableEvent(
            f"{one.name} in line {one.line} has an hour but no zone, and the file names none "
            "(X-WR-TIMEZONE). Say with --zone which clock is meant."
        )
    return Wall(at, clock.zone)


def read_duration(one: Property) -> timedelta:
    """Read a DURATION (RFC 5545, 3.3.6); raises UnreadableEvent."""
    found = _DURATION.fullmatch(one.value.strip().upper())
    if found is None or not any(found.groups()):
        raise UnreadableEvent(f"DURATION “{one.value:.40}” in line {one.line} is not a length of time.")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


@dataclass(frozen=True, slots=True)
class Times:
    """The start and the end of an event; `end` is exclusive, or None."""

    start: Point
    end: Point | None = None
    warnings: tuple[str, ...] = ()

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day of an event of whole days, as RFC 5545 means them; None for hours.

        Hours from midnight to midnight are whole days: so did Outlook write them for years.
        """
        if not isinstance(self.start, Wall):
            end = self.end if self.end is not None and not isinstance(self.end, Wall) else self.start + _DAY
            return self.start, max(end - _DAY, self.start)
        if not isinstance(self.end, Wall) or self.start.at.time() != time.min:
            return None
        end_at = self.end.on(self.start.zone).at
        if end_at.time() == time.min and end_at > self.start.at:
            return self.start.at.date(), end_at.date() - _DAY
        if end_at.time() >= time(23, 59) and end_at > self.start.at:
            return self.start.at.date(), end_at.date()
        return None


def read_times(properties: Mapping[str, list[Property]], *, clock: Clock) -> Times:
    """Read start and end. Raises UnreadableEvent and UnknownZone, with the line."""
    if "DTSTART" not in properties:
        raise UnreadableEvent("The event has no DTSTART, so nobody knows when it is.")
    begun = properties["DTSTART"][0]
    start = read_point(begun, begun.value, clock=clock)
    whole = any(one.value.upper() == "TRUE" for one in properties.get("X-MICROSOFT-CDO-ALLDAYEVENT", ()))
    end: Point | None = None
    if "DTEND" in properties:
        closing = properties["DTEND"][0]
        end = read_point(closing, closing.value, clock=clock)
        if isinstance(start, Wall) != isinstance(end, Wall):
            raise UnreadableEvent(
                f"DTSTART in line {begun.line} and DTEND in line {closing.line} must both be days, "
                "or both hours."
            )
        if _is_before(end, start):
            raise UnreadableEvent(f"DTEND in line {closing.line} lies before DTSTART.")
    elif "DURATION" in properties:
        end = _after(start, read_duration(properties["DURATION"][0]))
    return _from_local_midnight(Times(start, end), clock=clock, marked=whole)


def _from_local_midnight(times: Times, *, clock: Clock, marked: bool) -> Times:
    """Put whole days that were written in UTC on the file's own clock, where they begin at midnight."""
    start, end = times.start, times.end
    if (
        times.days is not None
        or clock.zone is None
        or not isinstance(start, Wall)
        or not isinstance(end, Wall)
    ):
        return times
    local = Times(start.on(clock.zone), end.on(clock.zone))
    return local if local.days is not None and (marked or start.zone == UTC_ZONE) else times


def shifted(times: Times, *, to: Point) -> Times:
    """Return the times of another date of the same series: as long by the wall clock."""
    if isinstance(times.start, Wall) and isinstance(to, Wall):
        if not isinstance(times.end, Wall):
            return replace(times, start=to)
        length = times.end.on(times.start.zone).at - times.start.at
        return replace(times, start=to, end=Wall(to.at + length, to.zone, to.named))
    if isinstance(times.start, Wall) or isinstance(to, Wall):
        raise UnreadableEvent("A date of the series has hours where the others have none, or the reverse.")
    if times.end is None or isinstance(times.end, Wall):
        return replace(times, start=to)
    return replace(times, start=to, end=to + (times.end - times.start))


def when_of(times: Times, *, country: str | None, clock: Clock) -> tuple[When, list[str]]:
    """Return when the event takes place, and what an editor should look at. Raises the refusals of When."""
    if times.days is not None:
        return When.days(*times.days), list(times.warnings)
    start = times.start
    if not isinstance(start, Wall):  # days is None for hours alone
        raise UnreadableEvent("The event has no hours and no days.")
    end = times.end if isinstance(times.end, Wall) and times.end.instant > start.instant else None
    zone = _shown_in(start, country=country, clock=clock)
    when = When.moments(start.on(zone).at, end.on(zone).at if end else None, zone)
    if when.start_instant != start.instant:  # the second of two equal hours in autumn: only UTC tells it
        when = When.moments(start.on(UTC_ZONE).at, end.on(UTC_ZONE).at if end else None, UTC_ZONE)
    return when, [*times.warnings, *_zone_warnings(when, country=country)]


def _shown_in(start: Wall, *, country: str | None, clock: Clock) -> str:
    """Choose the clock: that of the file, but the country's own where the file's zone is no place.

    Google writes hours in UTC beside X-WR-TIMEZONE, and Windows calls the clock of Paris and Brussels by one
    name; the moment stays the same.
    """
    if start.zone == UTC_ZONE and not start.named:
        own = zones_of(country) if country else ()
        if clock.zone and (country is None or country_of(clock.zone) == country or len(own) != 1):
            return clock.zone
        return own[0] if len(own) == 1 else UTC_ZONE
    if country and is_windows_zone(start.named) and country_of(start.zone) != country:
        return local_zone(start.zone, country=country, at=start.at) or start.zone
    return start.zone


def _zone_warnings(when: When, *, country: str | None) -> list[str]:
    of_zone = country_of(when.zone) if when.zone else None
    if country is None or of_zone is None or of_zone == country:
        return []
    return [
        f"The hours are on the clock of {when.zone}, which is not in the country of the meeting ({country})."
    ]


def _is_before(one: Point, other: Point) -> bool:
    if isinstance(one, Wall) and isinstance(other, Wall):
        return one.instant < other.instant
    return not isinstance(one, Wall) and not isinstance(other, Wall) and one < other


def _after(start: Point, length: timedelta) -> Point:
    try:
        return Wall(start.at + length, start.zone, start.named) if isinstance(start, Wall) else start + length
    except OverflowError:
        raise UnreadableEvent("DURATION reaches beyond the calendar.") from None
