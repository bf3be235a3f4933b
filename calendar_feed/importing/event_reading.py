"""What one event of an .ics file says, property by property."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from calendar_feed.importing.components import RECORD
from calendar_feed.importing.event_times import Clock, Times, Wall, when_of
from calendar_feed.importing.location_reading import read_place
from calendar_feed.importing.properties import Property, UnreadableEvent
from calendar_feed.importing.title_reading import LANGUAGES
from calendar_feed.importing.told import Told
from calendar_feed.states import EventStatus
from models.base import Facts
from models.when import When

_LONGEST_SUMMARY: Final = 1_000
"""A title has at most 500 characters, and our feeds put a mechanism before it and a place behind it."""
_OURS: Final = re.compile(r"^-//ISCM//", re.IGNORECASE)
_JOIN: Final = re.compile(
    r"https://(?:[a-z0-9-]+\.)*(?:zoom\.us/j|teams\.microsoft\.com/(?:l/)?meet|meet\.google\.com|webex\.com)[^\s<>\"\\]*",
    re.IGNORECASE,
)

Properties = Mapping[str, list[Property]]


def told_of(
    properties: Properties, *, times: Times | None, clock: Clock, calendar: Mapping[str, str]
) -> tuple[Told, list[str]]:
    """Return what an event says, and what an editor should look at.

    `calendar` are the properties of the calendar around it. Raises UnreadableEvent and the refusals of When.
    """
    warnings: list[str] = []
    location = first_text(properties, "LOCATION")
    place = read_place(location) if location else None
    when: When | None = None
    if times is not None:
        when, warnings = when_of(times, country=place.country if place else None, clock=clock)
        if not isinstance(times.start, Wall) and times.end == times.start:
            warnings.append("DTEND is the day of DTSTART; read as one day.")
    word = (first_text(properties, "STATUS") or "").upper()
    status = EventStatus(word) if word in set(EventStatus) else None
    if calendar.get("METHOD", "").upper() == "CANCEL":
        status = EventStatus.CANCELLED
    summary = properties["SUMMARY"][0]
    if len(summary.text) > _LONGEST_SUMMARY:
        raise UnreadableEvent(
            f"SUMMARY in line {summary.line} has {len(summary.text)} characters; that is no title."
        )
    spoken = summary.parameters.get("LANGUAGE", "en").split("-")[0].lower()
    marked = any(name.startswith("X-ISCM-") for name in properties)
    product = calendar.get("PRODID", "")
    if _OURS.match(product):
        # A summary of ours may be all English in a calendar of another language.
        spoken = product.rpartition("//")[2].lower()
    told = Told(
        summary=summary.text,
        language=spoken if spoken in LANGUAGES else "en",
        is_ours=marked or bool(_OURS.match(product)),
        when=when,
        only_month=(first_text(properties, "X-ISCM-DATE-PRECISION") or "").upper() == "MONTH",
        status=status,
        is_postponed=(first_text(properties, "X-ISCM-STATUS") or "").upper() == "POSTPONED",
        location=location,
        url=_address(properties),
        point=_point(properties),
        join_link=_join_link(properties) or (place.join_link if place else None),
        categories=_categories(properties),
        reason=first_text(properties, "COMMENT"),
        record=_record(properties),
    )
    return told, warnings


def _record(properties: Properties) -> Facts | None:
    if RECORD not in properties:
        return None
    one = properties[RECORD][0]
    try:
        found: Any = json.loads(one.text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UnreadableEvent(
            f"{RECORD} in line {one.line} is damaged; take the line out to read the event without."
        )
    return found


def first_text(properties: Properties, name: str) -> str | None:
    """Return the text of the first property of that name, or None."""
    return properties[name][0].text or None if name in properties else None


def _categories(properties: Properties) -> tuple[str, ...]:
    """Return the first categories; more of them, or longer ones, name no mechanism and no kind."""
    texts = [text for one in properties.get("CATEGORIES", ())[:10] for text in one.texts if len(text) <= 300]
    return tuple(texts[:30])


def _address(properties: Properties) -> str | None:
    found = properties["URL"][0].value.strip() if "URL" in properties else ""
    return found if found.lower().startswith(("http://", "https://")) else None


def _join_link(properties: Properties) -> str | None:
    for name in ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"):
        for one in properties.get(name, ()):
            if one.value.strip().lower().startswith(("http://", "https://")):
                return one.value.strip()
    found = _JOIN.search(first_text(properties, "DESCRIPTION") or "")
    return found[0].rstrip(".,;)>") if found else None


def _point(properties: Properties) -> tuple[float, float] | None:
    """Read GEO; one that is no point, or the 0;0 that programs write for none, says nothing."""
    if "GEO" not in properties:
        return None
    parts = properties["GEO"][0].value.replace("\\;", ";").split(";")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    fits = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0.0, 0.0)
    return (latitude, longitude) if fits else None
