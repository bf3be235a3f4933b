"""Which files there are to be: each stored feed, told otherwise in one way, and in every form."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import calendar_feed
from calendar_feed.asked import Asked, Form
from calendar_feed.forms.atom import Gone
from calendar_feed.on_disk.tree import Parts
from calendar_feed.standings import Standings
from calendar_feed.variants import Variant
from calendar_feed.zone_history import zone_release

PACKED: Final = ".gz"
"""How the name of a compressed copy ends."""

_PLAIN: Final = re.compile(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)?")
_LENGTH: Final = 24


def files_of(asked: Asked) -> Iterator[Asked]:
    """Yield what is written of one stored feed: itself, its five variants, and its four other forms.

    Several variants at once, and variants in other forms, are thousands of files that nearly nobody asks for:
    the service answers those.
    """
    yield asked
    for variant in Variant:
        yield Asked(asked.key, asked.language, (variant,))
    for form in Form:
        if form is not Form.ICS:
            yield Asked(asked.key, asked.language, (), form)


def place_of(address: str) -> tuple[Parts, str]:
    """Return the folder and the name of the file for an address of the site."""
    *folders, name = address.removeprefix("/").split("/")
    return tuple(folders), name


def is_writable(key: str) -> bool:
    """Say whether a key can be a path: as every slug and every kind can."""
    return _PLAIN.fullmatch(key) is not None


def file_mark(mark: str, *, gone: Iterable[Gone]) -> str:
    """Return letters that change when a file may be another: with its feed, what left it, the code."""
    told = "\n".join([_program(), mark, *(f"{one.uid} {one.at.isoformat()}" for one in gone)])
    return hashlib.sha256(told.encode()).hexdigest()[:_LENGTH]


def moved_map(standings: Standings) -> bytes:
    """Return the keys that lead to another key, as lines of an nginx `map`."""
    taken = {one.asked.key for one in standings.feeds.values()}
    pairs: Mapping[str, str] = standings.moved
    lines = [
        f"{old} {new};\n"
        for old, new in sorted(pairs.items())
        if old not in taken and is_writable(old) and is_writable(new)
    ]
    return "".join(lines).encode("ascii")


@cache
def _program() -> str:
    """Return what besides the record decides about bytes: this room's code and the zones' rules."""
    room = Path(calendar_feed.__file__).parent
    digest = hashlib.sha256(zone_release().encode())
    for file in sorted(room.rglob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
