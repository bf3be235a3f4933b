"""The trees of an issue's editions as JSON, and the hash that an approval binds to."""

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
    Foreign,
    Heading,
    Highlights,
    HostMark,
    Link,
    MeetingNode,
    Paragraph,
    PictureNode,
    Section,
    SpanMark,
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
    "picture": PictureNode,
    "host": HostMark,
    "span": SpanMark,
    "feed": FeedNode,
    "link": Link,
    "foreign": Foreign,
    "tile": DateTile,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}
_TAG: Final = "is"
_EDITIONS: Final = "editions"


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


def editions_as_json(trees: Mapping[str, Highlights]) -> dict[str, Any]:
    """Return the trees of an issue's editions, by language, as plain JSON values."""
    return {_EDITIONS: [as_json(tree) for tree in trees.values()]}


def editions_from_json(plain: Mapping[str, Any]) -> dict[str, Highlights]:
    """Return the trees by language that `editions_as_json` wrote, in their order.

    An issue that was compiled before there were editions in several languages is one tree.
    """
    trees = [from_json(tree) for tree in plain[_EDITIONS]] if _EDITIONS in plain else [from_json(plain)]
    return {tree.language: tree for tree in trees}


def content_hash(
    trees: Mapping[str, Highlights], *, template_version: str, options: Mapping[str, Any]
) -> str:
    """Return the SHA-256 (hex) over everything that decides what the editions say and look like."""
    content = {"tree": editions_as_json(trees), "template": template_version, "options": dict(options)}
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
