"""What changed between two compilations of an issue, node by node."""

from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.highlights import Highlights, Told
from templates.languages import ENGLISH


def differences(before: Mapping[str, Highlights], after: Mapping[str, Highlights]) -> list[dict[str, Any]]:
    """List what changed in what the record says, and which editors' texts are stale now.

    Each entry has key, language, what (added, removed, changed, stale), before, after, and edited: an
    editor's text that stays over it. What changed in English is told in English alone, but a text that is
    stale in another language is told in that one, and so is what changed only there.
    """
    entries: list[dict[str, Any]] = []
    told: set[str] = set()
    for language, tree in after.items():
        for entry in _of_edition(before.get(language), tree):
            if language == ENGLISH or entry["what"] == "stale" or entry["key"] not in told:
                entries.append(entry)
            told.add(entry["key"])
    return entries


def _of_edition(before: Highlights | None, after: Highlights) -> Iterator[dict[str, Any]]:
    if before is None:
        yield {
            "key": "",
            "language": after.language,
            "what": "added",
            "before": None,
            "after": after.title,
            "edited": None,
        }
        return
    old = {node.key: node for node in before.told()}
    new = {node.key: node for node in after.told()}
    for key, node in new.items():
        yield from _entry(after.language, key, old.get(key), node)
    for key, node in old.items():
        if key not in new:
            yield from _entry(after.language, key, node, None)


def _entry(language: str, key: str, old: Told | None, new: Told | None) -> Iterator[dict[str, Any]]:
    if old is None or new is None:
        what = "added" if old is None else "removed"
    elif old.text != new.text:
        what = "stale" if new.is_stale else "changed"
    else:
        return
    yield {
        "key": key,
        "language": language,
        "what": what,
        "before": old.text if old else None,
        "after": new.text if new else None,
        "edited": new.edited if new and not new.edited_in else None,
    }
