"""The tree of an issue as JSON, and the hash that an approval binds to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from newsletter.highlights import (
    DocumentNode,
    Entry,
    FeedNode,
    Figure,
    Heading,
    Highlights,
    Link,
    MeetingNode,
    Paragraph,
    Section,
    UpdateNode,
)
from templates.dates import DateTile

_KINDS: Final[dict[str, type]] = {
    "issue": Highlights,
    "section": Section,
    "paragraph": Paragraph,
    "meeting": MeetingNode,
    "update": UpdateNode,
    "document": DocumentNode,
    "entry": Entry,
    "heading": Heading,
    "figure": Figure,
    "feed": FeedNode,
    "link": Link,
    "tile": DateTile,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}
_TAG: Final = "is"


def as_json(tree: Highlights) -> dict[str, Any]:
    """Return the tree as plain JSON values; `from_json` gives back an equal tree."""
    plain = _plain(tree)
    assert isinstance(plain, dict)  # noqa: S101 - the root of a tree is an object
    return plain


def from_json(plain: Mapping[str, Any]) -> Highlights:
    """Return the tree that `as_json` wrote. Raises KeyError or TypeError for anything else."""
    tree = _typed(plain)
    if not isinstance(tree, Highlights):
        raise TypeError(f"not an issue: {plain.get(_TAG)!r}")
    return tree


def content_hash(tree: Highlights, *, template_version: str, options: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) over everything that decides what the letter says and looks like."""
    content = {"tree": as_json(tree), "template": template_version, "options": dict(options)}
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return JSON in its one canonical form: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        facts = {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
        return {_TAG: _NAMES[type(value)]} | facts
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _typed(value: object) -> object:
    if isinstance(value, list):
        return tuple(_typed(item) for item in value)
    if not isinstance(value, Mapping):
        return value
    if _TAG not in value:
        return {key: _typed(item) for key, item in value.items()}
    return _KINDS[value[_TAG]](**{key: _typed(item) for key, item in value.items() if key != _TAG})
