"""Atom (RFC 4287) with tombstones (RFC 6721): every meeting as an entry, and those that were taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from calendar_feed.forms.events import Calendar, Event, urn

_ATOM = "http://www.w3.org/2005/Atom"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

ET.register_namespace("", _ATOM)
ET.register_namespace("at", _TOMBSTONES)


@dataclass(frozen=True, slots=True)
class Gone:
    """A meeting that was entered by mistake and deleted."""

    uid: str
    at: datetime


def atom(calendar: Calendar, gone: Iterable[Gone], *, source: str, language: str) -> bytes:
    """Return the feed, what changed last first; `source` is its own address.

    An entry's `updated` is when it changed, never when the meeting is.
    """
    feed = ET.Element(f"{{{_ATOM}}}feed", {_XML_LANG: language})
    gone = sorted(gone, key=lambda one: (one.at, one.uid), reverse=True)
    _text(feed, "id", calendar.identity)
    _text(feed, "title", calendar.name)
    _text(feed, "subtitle", calendar.description)
    _text(feed, "updated", _instant(max([calendar.changed, *(one.at for one in gone)])))
    ET.SubElement(feed, f"{{{_ATOM}}}link", rel="self", type="application/atom+xml", href=source)
    ET.SubElement(feed, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=calendar.page)
    ET.SubElement(ET.SubElement(feed, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name").text = "ISCM"
    for one in gone:
        ET.SubElement(feed, f"{{{_TOMBSTONES}}}deleted-entry", ref=urn(one.uid), when=_instant(one.at))
    for event in sorted(calendar.events, key=lambda one: (one.changed, one.uid), reverse=True):
        _entry(feed, event)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(feed: ET.Element, event: Event) -> None:
    entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
    _text(entry, "id", event.identity)
    _text(entry, "title", event.title)
    _text(entry, "published", _instant(event.created))
    _text(entry, "updated", _instant(event.changed))
    ET.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=event.url)
    for word in event.categories:
        ET.SubElement(entry, f"{{{_ATOM}}}category", term=word)
    _text(entry, "content", event.description)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _instant(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
