"""Plain tar, written and read as a stream, and nothing of tar but regular files.

The standard library's reader follows links, takes extension headers of any size into memory and trusts names.
An archive that somebody was handed may hold any of that; this reader knows one kind of member.
"""

import gzip
import hashlib
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from models.refusal import Refusal

BLOCK: Final = 512
CHUNK: Final = 1 << 20
_LONGEST_NAME: Final = 100

Stream = BinaryIO | gzip.GzipFile


class BadArchive(Refusal):
    """The file is no archive of this program, or is damaged."""


def write_member(out: Stream, name: str, *, size: int, chunks: Iterable[bytes], at: int) -> None:
    """Write one file of `size` bytes, dated `at` (seconds since 1970)."""
    out.write(_header(name, size=size, at=at))
    written = 0
    for chunk in chunks:
        out.write(chunk)
        written += len(chunk)
    if written != size:
        raise OSError(5, f"{name} changed while it was read")
    out.write(b"\0" * (-size % BLOCK))


def write_end(out: Stream) -> None:
    """Write what ends an archive."""
    out.write(b"\0" * 2 * BLOCK)


@dataclass(slots=True)
class Member:
    """One file of an archive that is being read: its name, its size in bytes, and its content, once."""

    name: str
    size: int
    _file: Stream
    _left: int
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        """The SHA-256, in hexadecimal, of what was read of it so far."""
        return self._digest.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Yield what is left of its content, in pieces of a megabyte at most."""
        while self._left:
            chunk = self._file.read(min(CHUNK, self._left))
            if not chunk:
                raise BadArchive("The archive is cut short. Take another copy of it, or another backup.")
            self._left -= len(chunk)
            self._digest.update(chunk)
            yield chunk

    def lines(self, *, longest: int) -> Iterator[bytes]:
        """Yield its content line by line. Raises BadArchive for a line of more than `longest` bytes."""
        rest = b""
        for chunk in self.chunks():
            *whole, rest = (rest + chunk).split(b"\n")
            yield from (line + b"\n" for line in whole)
            if len(rest) > longest:
                raise BadArchive(f"The archive is not one of this program: a line of {self.name} has no end.")
        if rest:
            raise BadArchive(f"The archive is damaged: the last line of {self.name} is torn.")


def read_members(file: Stream) -> Iterator[Member]:
    """Yield the members in their order; each must be read, or is passed over, before the next is asked for.

    Raises BadArchive for anything but regular files with plain headers.
    """
    while True:
        block = _exactly(file, BLOCK)
        if not any(block):
            _read_out(file)
            return
        member = _member(block, file)
        yield member
        for _ in member.chunks():
            pass
        _exactly(file, -member.size % BLOCK)


def _header(name: str, *, size: int, at: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, at
    # GNU's form is the one that has room for more than 8 GB, and the older one for longer names.
    is_long = len(name.encode()) > _LONGEST_NAME
    return info.tobuf(format=tarfile.USTAR_FORMAT if is_long else tarfile.GNU_FORMAT)


def _member(block: bytes, file: Stream) -> Member:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.HeaderError, ValueError) as error:
        raise BadArchive("The file is not a backup of this program, or it is damaged.") from error
    if info.type != tarfile.REGTYPE or info.size < 0:
        raise BadArchive("The archive holds something else than plain files, as no backup of ours does.")
    return Member(info.name, info.size, file, info.size)


def _exactly(file: Stream, size: int) -> bytes:
    block = file.read(size)
    if len(block) < size:
        raise BadArchive("The archive is cut short. Take another copy of it, or another backup.")
    return block


def _read_out(file: Stream) -> None:
    """Read to the end, where gzip looks at its checksum; nothing but the end's zeros may stand there."""
    rest = file.read(CHUNK)
    if any(rest) or len(rest) >= CHUNK:
        raise BadArchive("The archive goes on after its end, as no backup of ours does.")
