"""News as a feed of entries: Atom (RFC 4287) with tombstones (RFC 6721), and JSON Feed 1.1 (jsonfeed.org)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid5
from xml.etree import ElementTree as ET

from calendar_feed.calendar import FEEDS
from templates.text import clean_text, one_line

AUTHOR: Final = "ISCM"
MOST_ENTRIES: Final = 100
"""How many entries a feed has; the pages hold all of them."""

_ATOM: Final = "http://www.w3.org/2005/Atom"
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_TOMBSTONES: Final = "http://purl.org/atompub/tombstones/1.0"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

ET.register_namespace("", _ATOM)
ET.register_namespace("at", _TOMBSTONES)


@dataclass(frozen=True, slots=True)
class Category:
    """One word an entry is filed under: `term` never changes, `label` is it in the feed's language."""

    term: str
    label: str
    scheme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. `identity` is a URN, the same for ever; `updated` is when it last changed.

    `url` is its page, `source` where it was found elsewhere; `language` that of its words. `facts` go into
    the `_iscm` object of JSON Feed.
    """

    identity: str
    title: str
    url: str
    published: datetime
    updated: datetime
    language: str
    text: str | None = None
    source: str | None = None
    categories: tuple[Category, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gone:
    """An entry that is no longer in the feed, and since when."""

    identity: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFeed:
    """A feed of entries, what changed last first; `updated` never goes back.

    `page` is its page for people, `about` the page that tells what `_iscm` holds; all addresses are whole.
    """

    identity: str
    title: str
    subtitle: str
    page: str
    about: str
    language: str
    updated: datetime
    entries: tuple[Entry, ...]
    gone: tuple[Gone, ...] = ()


def steady_time(moments: Iterable[datetime]) -> datetime:
    """Return a whole second that stands for the last of these moments of change.

    Each further moment gives a later second, and none is forgotten, so it never goes back: HTTP dates have no
    fractions, and a client that knows the first of two changes of one second has to learn of the other.
    """
    stands = _LONG_AGO
    for moment in sorted(set(moments)):
        stands = max(moment.astimezone(UTC).replace(microsecond=0), stands + timedelta(seconds=1))
    return stands


def identity_of(*words: str) -> str:
    """Return the URN (RFC 9562, version 5) of what these words name; it does not hold the site's address."""
    return uuid5(FEEDS, "/".join(words)).urn


def as_atom(feed: EntryFeed, *, source: str) -> bytes:
    """Return a feed as Atom; `source` is its own address."""
    root = ET.Element(f"{{{_ATOM}}}feed", {_LANG: feed.language})
    _text(root, "id", feed.identity)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _instant(feed.updated))
    _link(root, "self", source, media_type="application/atom+xml")
    _link(root, "alternate", feed.page, media_type="text/html")
    _text(ET.SubElement(root, f"{{{_ATOM}}}author"), "name", AUTHOR)
    for one in feed.gone:
        ET.SubElement(root, f"{{{_TOMBSTONES}}}deleted-entry", ref=one.identity, when=_instant(one.at))
    for entry in feed.entries:
        _entry(root, entry, language=feed.language)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def as_json(feed: EntryFeed, *, source: str) -> bytes:
    """Return a feed as JSON Feed; that has no tombstones, so they stand in `_iscm.deleted`."""
    deleted = [{"id": one.identity, "when": _instant(one.at)} for one in feed.gone]
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.page,
        "feed_url": source,
        "language": feed.language,
        "authors": [{"name": AUTHOR}],
        "_iscm": {"about": feed.about, "updated": _instant(feed.updated), "deleted": deleted},
        "items": [_item(entry, about=feed.about) for entry in feed.entries],
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _entry(root: ET.Element, entry: Entry, *, language: str) -> None:
    own = {} if entry.language == language else {_LANG: entry.language}
    element = ET.SubElement(root, f"{{{_ATOM}}}entry", own)
    _text(element, "id", entry.identity)
    _text(element, "title", one_line(entry.title))
    _text(element, "published", _instant(entry.published))
    _text(element, "updated", _instant(entry.updated))
    _link(element, "alternate", entry.url, media_type="text/html")
    if entry.source:
        _link(element, "related", entry.source)
    for one in entry.categories:
        ET.SubElement(element, f"{{{_ATOM}}}category", term=one.term, scheme=one.scheme, label=one.label)
    if entry.text:
        _text(element, "content", entry.text)


def _item(entry: Entry, *, about: str) -> dict[str, Any]:
    item = {
        "id": entry.identity,
        "url": entry.url,
        "external_url": entry.source,
        "title": one_line(entry.title),
        "content_text": entry.text or one_line(entry.title),
        "date_published": _instant(entry.published),
        "date_modified": _instant(entry.updated),
        "tags": [one.label for one in entry.categories],
        "language": entry.language,
        "_iscm": {"about": about, **entry.facts},
    }
    return {name: value for name, value in item.items() if value is not None}


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = clean_text(text)


def _link(parent: ET.Element, rel: str, href: str, *, media_type: str | None = None) -> None:
    kind = {"type": media_type} if media_type else {}
    ET.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, **kind, "href": clean_text(href)})


def _instant(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
