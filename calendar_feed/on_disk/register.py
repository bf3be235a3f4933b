"""What was written into a folder: the mark that it is ours, and how each file was left."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from calendar_feed.on_disk.tree import LOCK, PART, New, Tree
from models.refusal import Refusal

NAME: Final = ".iscm-feeds.json"
_MARK: Final = "iscm feeds publish"
_FORM: Final = 1


class NotOurs(Refusal):
    """The folder holds something, and not what this program wrote."""


@dataclass(frozen=True, slots=True)
class Left:
    """How a file and its compressed copy were left: sizes in bytes, mtime in seconds since 1970.

    `mark` says what it was made of; it is empty for one that may be half-way to another version.
    """

    mark: str
    size: int = 0
    packed: int = 0
    mtime: int = 0


@dataclass(slots=True)
class Register:
    """Every file ever written that is still to be there, by address."""

    files: dict[str, Left] = field(default_factory=dict)

    def keep(self, tree: Tree) -> None:
        """Write it down, whole."""
        files = {
            address: [left.mark, left.size, left.packed, left.mtime]
            for address, left in sorted(self.files.items())
        }
        text = json.dumps({"written_by": _MARK, "form": _FORM, "files": files}, separators=(",", ":"))
        tree.place([New((), NAME, text.encode())])


def read_register(tree: Tree) -> Register:
    """Return what was written into a folder, nothing for an empty one. Raises NotOurs."""
    kept = tree.file((), NAME)
    if kept is None:
        if others := [name for name in tree.entries(()) if not _is_begun(name)]:
            raise NotOurs(
                f"{tree.root} holds {min(others)} and was not written by this program. Name an empty folder, "
                "or one that feeds were published to before."
            )
        return Register()
    try:
        known = json.loads(kept[0])
        files = {address: Left(*left) for address, left in known["files"].items()}
        is_ours = (known["written_by"], known["form"]) == (_MARK, _FORM)
    except (ValueError, KeyError, TypeError, AttributeError):
        is_ours = False
    if not is_ours:  # it is replaced whole, so this is another hand's
        raise NotOurs(
            f"{Path(tree.root, NAME)} cannot be read. Delete it together with the folders of feeds beside "
            "it, or name an empty folder."
        )
    return Register(files)


def _is_begun(name: str) -> bool:
    """Say whether a first run that was killed may have left this."""
    return name == LOCK or (name.startswith(".") and name.endswith(PART))
