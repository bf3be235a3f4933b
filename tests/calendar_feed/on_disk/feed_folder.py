"""A folder of feeds: written from a small world, looked at file by file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from calendar_feed.asked import asked_for
from calendar_feed.on_disk.register import NAME
from calendar_feed.on_disk.writing import Written, files_behind, write_feeds
from calendar_feed.selection import all_feeds
from calendar_feed.served import read_feed
from tests.calendar_feed.desk import Desk

EACH = 10
"""Files of one feed: itself, five variants, four other forms."""


def write(desk: Desk, folder: Path, *, patience: float = 0.0) -> Written:
    """Write the feeds once."""
    with desk.database.reading() as session:
        return write_feeds(session, folder, patience=patience)


def behind(desk: Desk, folder: Path) -> int:
    """How many files are not current."""
    with desk.database.reading() as session:
        return files_behind(session, folder)


def tree(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file below a folder but the register: its inode, its time, its bytes."""
    return {
        str(file.relative_to(folder)): (file.stat().st_ino, file.stat().st_mtime_ns, file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != NAME
    }


def served(desk: Desk, path: str) -> tuple[bytes, int]:
    """What the service answers at the address of a file: bytes and Last-Modified."""
    asked = asked_for(f"/{path}")
    assert asked is not None
    with desk.database.reading() as session:
        feed = read_feed(session, asked)
    assert feed is not None
    return feed.body, int(feed.last_modified.timestamp())


Site = tuple[Path, Path, Written]
"""A folder, the database it was written from, and what the first run said."""
WORLD = {
    *("all", "type/rcp", "type/irf", "mechanism/midsa", "mechanism/mid-igad", "region/africa", "country/zm"),
    *("kind/ministerial", "theme/gcm", "archive/2017"),
}
"""One feed of every family, and some more."""


@contextmanager
def small_world() -> Iterator[None]:
    """Few feeds for a while: hundreds of them would prove nothing more, and keep the disk busy."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            "calendar_feed.feed_rows.all_feeds",
            lambda known: {key: sources for key, sources in all_feeds(known).items() if key in WORLD},
        )
        yield
