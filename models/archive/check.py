"""Reading an archive that anybody may have made: all of it is looked at before anything is changed."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.archive.contents import (
    DEPARTURES,
    DKIM_KEY,
    MANIFEST,
    SECRET_KEY,
    Entry,
    Manifest,
    is_known,
    rows_name,
    table_of,
)
from models.archive.tar import BadArchive, Member, read_members
from models.departures import Line, read_lines

LONGEST_LINE: Final = 32_000_000
"""Bytes of the longest row that is read; the longest known, an edition with its letter, has a million."""

_MOST_MEMBERS: Final = 500_000
_LARGEST: Final = {MANIFEST: 100_000_000, SECRET_KEY: 10_000, DKIM_KEY: 100_000}

_CUT_SHORT: Final = "The archive is cut short. Take another copy of it, or another backup."
_DAMAGED: Final = "The archive is damaged: {}. Take another copy of it, or another backup."


@dataclass(frozen=True, slots=True)
class Archive:
    """A file that was found to be whole, and what it says of itself."""

    path: Path
    manifest: Manifest

    @contextmanager
    def members(self) -> Iterator[Iterator[Member]]:
        """Give its members once more, each compared again with the manifest when it has been read."""
        with members_of(self.path) as members:
            yield self._same(members)

    def read(self, name: str) -> bytes | None:
        """Return a small member's content, None where the archive has none of that name."""
        with self.members() as members:
            for member in members:
                if member.name == name:
                    return b"".join(member.chunks())
        return None

    def departures(self) -> list[Line]:
        """Return the lines of its copy of the file of departures."""
        with self.members() as members:
            for member in members:
                if member.name == DEPARTURES:
                    return list(read_lines(_lines(member)))
        return []

    def _same(self, members: Iterator[Member]) -> Iterator[Member]:
        for member in members:
            yield member
            for _ in member.chunks():
                pass
            if member.name != MANIFEST and self.manifest.members.get(member.name) != _entry(member):
                raise BadArchive(_DAMAGED.format("it changed while it was read"))


def check_archive(path: Path, *, progress: Callable[[int], None] = lambda _bytes: None) -> Archive:
    """Read the whole archive and return what it is, or raise BadArchive with the reason it is not used.

    Every member must be one of ours and be as long, and have the hash, that the manifest says. `progress` is
    told how many more bytes of the file were read. Raises OSError where the file cannot be read.
    """
    found: dict[str, Entry] = {}
    rows: dict[str, int] = {}
    manifest: Manifest | None = None
    with members_of(path, progress=progress) as members:
        for member in members:
            _require_fit(member, found)
            if manifest is not None:
                raise BadArchive(_DAMAGED.format("something stands after its manifest"))
            if member.name == MANIFEST:
                manifest = Manifest.read(b"".join(member.chunks()))
                continue
            table = table_of(member.name)
            if table is not None:
                rows[table] = sum(1 for _ in member.lines(longest=LONGEST_LINE)) - 1
            for _ in member.chunks():
                pass
            found[member.name] = _entry(member)
    if manifest is None:
        raise BadArchive("The archive has no manifest: it is cut short, or no backup of this program.")
    _compare(manifest, found, rows)
    return Archive(path, manifest)


@contextmanager
def members_of(
    path: Path, *, progress: Callable[[int], None] = lambda _bytes: None
) -> Iterator[Iterator[Member]]:
    """Give the members of a file for the block. Raises BadArchive where it is not gzip, or is damaged."""
    with path.open("rb") as raw, gzip.GzipFile(fileobj=raw, mode="rb") as packed:

        def watched() -> Iterator[Member]:
            before = 0
            for member in read_members(packed):
                yield member
                progress(raw.tell() - before)
                before = raw.tell()

        try:
            yield watched()
        except EOFError as error:
            raise BadArchive(_CUT_SHORT) from error
        except gzip.BadGzipFile as error:
            reason = "its checksum is wrong" if "CRC" in str(error) else "it is not packed by gzip"
            raise BadArchive(_DAMAGED.format(reason)) from error
        except zlib.error as error:
            raise BadArchive(_DAMAGED.format("it cannot be unpacked")) from error


def _require_fit(member: Member, found: dict[str, Entry]) -> None:
    if not is_known(member.name):
        raise BadArchive("The archive holds a file that no backup of ours does, so it is not used.")
    if member.name in found or len(found) > _MOST_MEMBERS:
        raise BadArchive("The archive holds a file twice, as no backup of ours does.")
    if member.size > _LARGEST.get(member.name, member.size):
        raise BadArchive(f"The archive is not one of ours: {member.name} is too large.")


def _compare(manifest: Manifest, found: dict[str, Entry], rows: dict[str, int]) -> None:
    if missing := sorted(manifest.members.keys() - found.keys()):
        raise BadArchive(_DAMAGED.format(f"{missing[0]} is missing"))
    if strange := sorted(found.keys() - manifest.members.keys()):
        raise BadArchive(_DAMAGED.format(f"its manifest does not know {strange[0]}"))
    for name, entry in found.items():
        if manifest.members[name] != entry:
            raise BadArchive(_DAMAGED.format(f"{name} is not what the manifest says"))
    if rows != dict(manifest.rows) or SECRET_KEY not in found:
        raise BadArchive(_DAMAGED.format("its counts of rows are wrong"))
    if any(rows_name(table) not in found for table in rows):
        raise BadArchive(_DAMAGED.format("the rows of a table are missing"))


def _entry(member: Member) -> Entry:
    return Entry(member.size, member.sha256)


def _lines(member: Member) -> Iterator[bytes]:
    """Yield whole lines; the last one may be torn, since the file was being written to."""
    rest = b""
    for chunk in member.chunks():
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line + b"\n" for line in whole)
