"""A strict reader of Atom: what RFC 4287 and RFC 6721 require is required here."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

_ATOM = "{http://www.w3.org/2005/Atom}"
_GONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class AtomEntry:
    """One entry. Links by their relation, labels of categories by their term."""

    identity: str
    title: str
    published: datetime
    updated: datetime
    content: str | None
    language: str
    links: dict[str, str]
    categories: dict[str, str]


@dataclass(frozen=True)
class AtomFeed:
    """A feed. `gone` tells by id when an entry was deleted."""

    identity: str
    title: str
    updated: datetime
    language: str
    links: dict[str, str]
    entries: list[AtomEntry]
    gone: dict[str, datetime]


def read_atom(data: bytes) -> AtomFeed:
    """Read a feed. Raises AssertionError with what is wrong with it."""
    root = ET.fromstring(data)  # noqa: S314 - our own bytes
    assert root.tag == f"{_ATOM}feed"
    language = root.attrib[_LANG]
    assert _one(_only(root, "author"), "name")
    feed = AtomFeed(
        identity=_iri(_one(root, "id")),
        title=_one(root, "title"),
        updated=_time(_one(root, "updated")),
        language=language,
        links=_links(root),
        entries=[_entry(one, language) for one in root.iter(f"{_ATOM}entry")],
        gone={_iri(one.attrib["ref"]): _time(one.attrib["when"]) for one in root.iter(_GONE)},
    )
    assert {"self", "alternate"} <= set(feed.links)
    identities = [one.identity for one in feed.entries]
    assert len(identities) == len(set(identities)), "an id stands twice"
    assert not set(identities) & set(feed.gone), "what is there is not gone"
    assert all(one.updated <= feed.updated for one in feed.entries), "the feed is older than an entry"
    updated = [one.updated for one in feed.entries]
    assert updated == sorted(updated, reverse=True), "what changed last comes first"
    return feed


def _entry(element: ET.Element, language: str) -> AtomEntry:
    content = element.findall(f"{_ATOM}content")
    assert len(content) <= 1
    assert all(one.attrib.get("type", "text") == "text" and len(one) == 0 for one in content)
    links = _links(element)
    assert "alternate" in links
    labels = {one.attrib["term"]: one.attrib["label"] for one in element.findall(f"{_ATOM}category")}
    return AtomEntry(
        identity=_iri(_one(element, "id")),
        title=_one(element, "title"),
        published=_time(_one(element, "published")),
        updated=_time(_one(element, "updated")),
        content=content[0].text if content else None,
        language=element.attrib.get(_LANG, language),
        links=links,
        categories=labels,
    )


def _only(parent: ET.Element, name: str) -> ET.Element:
    found = parent.findall(f"{_ATOM}{name}")
    assert len(found) == 1, f"{len(found)} of {name} in {parent.tag}"
    return found[0]


def _one(parent: ET.Element, name: str) -> str:
    element = _only(parent, name)
    assert element.attrib.get("type", "text") == "text"
    assert len(element) == 0
    assert element.text, f"no words in {name}"
    return element.text


def _links(parent: ET.Element) -> dict[str, str]:
    found = [(one.attrib["rel"], one.attrib["href"]) for one in parent.findall(f"{_ATOM}link")]
    assert len(found) == len(dict(found)), "a relation stands twice"
    for _, address in found:
        assert urlsplit(address).scheme in {"http", "https"}
    return dict(found)


def _iri(text: str) -> str:
    assert urlsplit(text).scheme, f"{text} is no IRI"
    return text


def _time(text: str) -> datetime:
    assert len(text) == len("2026-11-23T12:00:00Z"), text
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
