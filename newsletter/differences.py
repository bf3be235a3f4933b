"""What changed between two compilations of an issue, node by node."""

from typing import Any

from newsletter.highlights import Highlights, Told


def differences(before: Highlights | None, after: Highlights) -> list[dict[str, Any]]:
    """List what changed in what the record says, and which editors' texts are stale now.

    Each entry has key, what (added, removed, changed, stale), before and after.
    """
    old = {node.key: node for node in before.told()} if before else {}
    new = {node.key: node for node in after.told()}
    entries = [_entry(key, old.get(key), node) for key, node in new.items()]
    entries += [_entry(key, node, None) for key, node in old.items() if key not in new]
    return [entry for entry in entries if entry is not None]


def _entry(key: str, old: Told | None, new: Told | None) -> dict[str, Any] | None:
    if old is None or new is None:
        what = "added" if old is None else "removed"
    elif old.text != new.text:
        what = "stale" if new.is_stale else "changed"
    else:
        return None
    return {"key": key, "what": what, "before": old.text if old else None, "after": new.text if new else None}
