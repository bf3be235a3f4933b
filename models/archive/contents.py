"""What an archive is made of: the names of its members, and the manifest that stands at its end."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from models.archive.tar import BadArchive

FORMAT: Final = 1
"""The version of the archive's own form; a program refuses one that is newer than it knows."""

MANIFEST: Final = "manifest.json"
SECRET_KEY: Final = "keys/secret_key"  # noqa: S105 - a member's name
DKIM_KEY: Final = "keys/dkim_key"
DEPARTURES: Final = "departures"
DOCUMENTS: Final = "documents/"

_TABLES: Final = "tables/"
_ROWS: Final = re.compile(r"tables/[a-z][a-z_]{0,60}\.jsonl")
_PART: Final = r"[A-Za-z0-9_-][A-Za-z0-9._ -]{0,150}"
_DOCUMENT: Final = re.compile(rf"documents(/{_PART}){{1,4}}")

# Left out: what is made anew from the rest, and what only tells of processes that ran then.
_LEFT_OUT: Final = frozenset({"alembic_version", "workers"})
_MADE_ANEW: Final = "search"


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is kept with the database: the secret key, and the places of files that may be missing."""

    secret_key: str
    dkim_key: Path | None
    documents: Path
    departures: Path


class Entry(NamedTuple):
    """A member's size in bytes and the SHA-256 of its content, in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive says of itself.

    `revision` is the migration its tables are at, `program` the release that made it, `database` the kind it
    was taken from, `taken_at` (aware, UTC) a moment before its snapshot. `rows` counts by table; `members`
    are all other members, by name.
    """

    format: int
    program: str
    revision: str
    database: str
    taken_at: datetime
    rows: Mapping[str, int]
    members: Mapping[str, Entry]

    def written(self) -> bytes:
        """The manifest as its member holds it."""
        content = {
            "format": self.format,
            "program": self.program,
            "revision": self.revision,
            "database": self.database,
            "taken_at": self.taken_at.isoformat(),
            "rows": dict(self.rows),
            "members": {
                name: {"size": entry.size, "sha256": entry.sha256} for name, entry in self.members.items()
            },
        }
        return json.dumps(content, indent=1).encode("ascii") + b"\n"

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a manifest. Raises BadArchive for one that is newer than this program, or no manifest."""
        try:
            found = json.loads(content)
            version = found["format"]
            if type(version) is int and version > FORMAT:
                raise BadArchive(
                    f"The archive was made by a newer release ({_shown(found.get('program'))}). "
                    "Install that one, then restore."
                )
            return cls._of(found)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadArchive("The archive's manifest cannot be read, so it is not used.") from error

    @classmethod
    def _of(cls, found: Mapping[str, Any]) -> Self:
        taken_at = datetime.fromisoformat(found["taken_at"])
        words = [found[name] for name in ("program", "revision", "database")]
        rows = {name: _number(count) for name, count in found["rows"].items()}
        members = {
            name: Entry(_number(one["size"]), str(one["sha256"])) for name, one in found["members"].items()
        }
        if found["format"] != FORMAT or taken_at.tzinfo is None or not all(type(one) is str for one in words):
            raise ValueError(found["format"])
        return cls(
            format=FORMAT,
            program=found["program"],
            revision=found["revision"],
            database=found["database"],
            taken_at=taken_at.astimezone(UTC),
            rows=rows,
            members=members,
        )


def is_left_out(table: str) -> bool:
    """Say whether a table's rows are not put into archives: they can be made anew, or mean nothing later."""
    return table in _LEFT_OUT or table.startswith(_MADE_ANEW)


def rows_name(table: str) -> str:
    """Return the name of the member with a table's rows."""
    return f"{_TABLES}{table}.jsonl"


def table_of(name: str) -> str | None:
    """Return the table whose rows a member holds, None for another member."""
    return name.removeprefix(_TABLES).removesuffix(".jsonl") if _ROWS.fullmatch(name) else None


def is_known(name: str) -> bool:
    """Say whether a name is one that archives of ours use; none of them leads out of its folder."""
    if name in {MANIFEST, SECRET_KEY, DKIM_KEY, DEPARTURES}:
        return True
    return table_of(name) is not None or is_document(name)


def is_document(name: str) -> bool:
    """Say whether a member is a file of the documents folder."""
    return _DOCUMENT.fullmatch(name) is not None


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value


def _shown(value: object) -> str:
    return re.sub(r"[^A-Za-z0-9.+-]", "", str(value))[:40]
