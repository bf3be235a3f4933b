"""One VEVENT as bytes. Its stamps are slots that are filled when the rendering record knows them.

DTSTAMP and LAST-MODIFIED may move only when the event says something else, so the body is made, hashed and
compared with empty slots first. Everything else, SEQUENCE too, is part of what it says.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from calendar_feed.content_line import content_line, parameter_value, text_list, text_value, uri_value
from calendar_feed.spans import Days, Span
from calendar_feed.states import EventStatus
from templates.languages import ENGLISH

_EMPTY_SLOT = b"00000000T000000Z"
_STAMPS = re.compile(rb"^(DTSTAMP|LAST-MODIFIED):\d{8}T\d{6}Z\r$", re.MULTILINE)
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_FORMATS = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".htm": "text/html",
}


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Everything one VEVENT says, in one language.

    `point` is latitude and longitude in degrees (WGS 84). `attachments` are addresses of documents, `marks`
    are X- properties with values that need no escaping. `color` is a CSS3 name (RFC 7986, 5.9). Summary and
    location may be in another language than the rest; None: they are not.
    """

    uid: str
    language: str
    created_at: datetime
    sequence: int
    span: Span
    summary: str
    description: str
    url: str
    status: EventStatus
    categories: tuple[str, ...]
    color: str
    location: str | None = None
    point: tuple[float, float] | None = None
    join_link: str | None = None
    join_label: str = "Join online"
    attachments: tuple[str, ...] = ()
    comment: str | None = None
    summary_language: str | None = None
    location_language: str | None = None
    marks: tuple[tuple[str, str], ...] = ()


def render_event(facts: EventFacts) -> bytes:
    """Return the VEVENT, folded, with CRLF, its DTSTAMP and LAST-MODIFIED left as empty slots."""
    empty = _EMPTY_SLOT.decode("ascii")
    spoken = _spoken(facts.language)
    lines = [
        ("BEGIN", "VEVENT"),
        ("UID", text_value(facts.uid)),
        ("DTSTAMP", empty),
        ("CREATED", utc_stamp(facts.created_at)),
        ("LAST-MODIFIED", empty),
        ("SEQUENCE", str(facts.sequence)),
        *_span_lines(facts.span),
        (f"SUMMARY{_spoken(facts.summary_language or facts.language)}", text_value(facts.summary)),
        (f"DESCRIPTION{spoken}", text_value(facts.description)),
        *_place_lines(facts),
        ("URL", uri_value(facts.url)),
        *_link_lines(facts, spoken=spoken),
        ("STATUS", facts.status.value),
        # One follows many meetings and attends few, so none of them makes a reader look busy.
        ("TRANSP", "TRANSPARENT"),
        ("X-MICROSOFT-CDO-BUSYSTATUS", "FREE"),
        ("CLASS", "PUBLIC"),
        ("CATEGORIES", text_list(facts.categories)),
        ("COLOR", facts.color),
        *facts.marks,
        ("END", "VEVENT"),
    ]
    return b"".join(content_line(name, value) for name, value in lines)


def body_hash(body: bytes) -> str:
    """Return the SHA-256 of a body without its stamps, in hexadecimal; the same before and after stamping."""
    return hashlib.sha256(_STAMPS.sub(rb"\1:" + _EMPTY_SLOT + b"\r", body)).hexdigest()


def stamped(body: bytes, *, at: datetime) -> bytes:
    """Return the body with DTSTAMP and LAST-MODIFIED set to `at`, to the whole second, in UTC."""
    return _STAMPS.sub(rb"\1:" + utc_stamp(at).encode("ascii") + b"\r", body)


def utc_stamp(at: datetime) -> str:
    """Return an aware datetime as iCalendar writes it in UTC: 20261120T091500Z."""
    there = at.astimezone(UTC)
    return f"{there.year:04}{there.month:02}{there.day:02}T{there.hour:02}{there.minute:02}{there.second:02}Z"


def _spoken(language: str) -> str:
    return f";LANGUAGE={parameter_value(language)}"


def _span_lines(span: Span) -> Iterable[tuple[str, str]]:
    if isinstance(span, Days):
        yield "DTSTART;VALUE=DATE", _day(span.first)
        yield "DTEND;VALUE=DATE", _day(span.last + timedelta(days=1))  # DTEND is the first day it is over
        return
    zone = parameter_value(span.zone)
    yield f"DTSTART;TZID={zone}", f"{span.start:%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID={zone}", f"{span.end:%Y%m%dT%H%M%S}"


def _place_lines(facts: EventFacts) -> Iterable[tuple[str, str]]:
    if facts.location:
        yield f"LOCATION{_spoken(facts.location_language or facts.language)}", text_value(facts.location)
    if facts.point:
        latitude, longitude = (round(angle, 6) + 0.0 for angle in facts.point)  # never minus zero
        yield "GEO", f"{latitude:.6f};{longitude:.6f}"


def _link_lines(facts: EventFacts, *, spoken: str) -> Iterable[tuple[str, str]]:
    if facts.join_link and _WEB.match(facts.join_link):
        label = parameter_value(facts.join_label)
        name = f"CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL={label}{spoken}"
        yield name, uri_value(facts.join_link)
    for address in facts.attachments:
        if _WEB.match(address):
            yield f"ATTACH{_format_parameter(address)}", uri_value(address)
    if facts.comment:
        # Nobody translates a reason, and it is written in English like the rest of the record.
        yield f"COMMENT{_spoken(ENGLISH)}", text_value(facts.comment)


def _format_parameter(address: str) -> str:
    path = address.partition("?")[0].partition("#")[0].lower()
    format_type = next((name for ending, name in _FORMATS.items() if path.endswith(ending)), None)
    return f";FMTTYPE={format_type}" if format_type else ""


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"
