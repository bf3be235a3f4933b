"""A folder that is written to: every file whole or not there, no link followed, one writer at a time."""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.refusal import Refusal

PART: Final = ".iscm-part"
"""How the name of a file ends that is being written; one that a killed run left is deleted by the next."""

LOCK: Final = ".iscm-feeds.lock"

_HERE: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_AGAIN_SECONDS: Final = 0.1
_SECOND: Final = 1_000_000_000

Parts = tuple[str, ...]
"""A folder below the root, by the names that lead to it."""


@dataclass(frozen=True, slots=True)
class New:
    """A file to be: its folder, its name, its bytes, its time in seconds since 1970 (None: now)."""

    parts: Parts
    name: str
    data: bytes
    mtime: int | None = None


class CannotWrite(Refusal):
    """The folder cannot be written; what was there before is whole."""


class SomethingInTheWay(Refusal):
    """At the place of one of our files lies what is not ours."""


class AnotherWrites(Refusal):
    """Another process writes into the folder just now."""


class Tree:
    """The folders below one root, each reached from the one above it and held open."""

    def __init__(self, root: Path) -> None:
        """Open the root, a folder that is there. Links on the way to it are the operator's own."""
        self.root = root
        self._held: dict[Parts, int] = {(): os.open(root.resolve(), _HERE & ~os.O_NOFOLLOW)}
        self._lock: int | None = None

    def close(self) -> None:
        """Let go of everything, the lock too."""
        for handle in (*self._held.values(), *([] if self._lock is None else [self._lock])):
            os.close(handle)
        self._held, self._lock = {}, None

    def lock(self, *, patience: float) -> None:
        """Be the only writer until it is closed; waits up to `patience` seconds. Raises AnotherWrites."""
        if self._lock is None:
            way = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            self._lock = os.open(LOCK, way, 0o644, dir_fd=self._held[()])
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise AnotherWrites(
                        f"Another process writes the feeds into {self.root} just now. Wait until it is done."
                    ) from None
                time.sleep(_AGAIN_SECONDS)
            else:
                return

    def folder(self, parts: Parts, *, make: bool) -> int | None:
        """Return the handle of a folder; where it is not there, make it or return None.

        Raises SomethingInTheWay for a link, and for a file where a folder should be.
        """
        if parts in self._held:
            return self._held[parts]
        above = self.folder(parts[:-1], make=make)
        if above is None:
            return None
        is_new = False
        try:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(parts[-1], 0o755, dir_fd=above)
                    is_new = True
            handle = os.open(parts[-1], _HERE, dir_fd=above)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENOTDIR}:
                raise self._in_the_way(parts, "no folder") from None
            raise
        if is_new:
            os.fchmod(handle, 0o755)  # whatever the umask: a web server under another name reads it
        self._held[parts] = handle
        return handle

    def entries(self, parts: Parts) -> dict[str, os.stat_result]:
        """Return what lies in a folder, by name; nothing where it is not there."""
        handle = self.folder(parts, make=False)
        if handle is None:
            return {}
        with os.scandir(handle) as found:
            return {one.name: one.stat(follow_symlinks=False) for one in found}

    def files(self, parts: Parts, names: set[str]) -> dict[str, os.stat_result]:
        """Return those of the named files that are there. Raises SomethingInTheWay for what is no file."""
        found = {name: told for name, told in self.entries(parts).items() if name in names}
        for name, told in found.items():
            if not stat.S_ISREG(told.st_mode):
                raise self._in_the_way((*parts, name), "no plain file")
        return found

    def file(self, parts: Parts, name: str) -> tuple[bytes, os.stat_result] | None:
        """Return a file's bytes and what the system says of it, None where there is none."""
        handle = self.folder(parts, make=False)
        if handle is None:
            return None
        try:
            found = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=handle)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise self._in_the_way((*parts, name), "no plain file") from None
            raise
        with os.fdopen(found, "rb") as file:
            return file.read(), os.fstat(found)

    def sweep(self, parts: Parts) -> None:
        """Delete what a killed run left half-written in a folder; only for who holds the lock."""
        for name, told in self.entries(parts).items():
            if name.startswith(".") and name.endswith(PART) and stat.S_ISREG(told.st_mode):
                os.unlink(name, dir_fd=self._held[parts])

    def place(self, files: Iterable[New]) -> None:
        """Put files in their places: all written beside them first, then on the disk, then renamed.

        So the disk is waited for once and not for each of them. The folders must have been opened before.
        """
        begun: list[tuple[int, int, str]] = []
        try:
            for file in files:
                folder = self._held[file.parts]
                with suppress(FileNotFoundError):
                    os.unlink(_part(file.name), dir_fd=folder)
                begun.append((os.open(_part(file.name), _NEW, 0o644, dir_fd=folder), folder, file.name))
                _fill(begun[-1][0], file)
            for handle, _, _ in begun:
                os.fsync(handle)
            for _, folder, name in begun:
                os.replace(_part(name), name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            for _, folder, name in begun:
                with suppress(OSError):
                    os.unlink(_part(name), dir_fd=folder)
            raise
        finally:
            for handle, _, _ in begun:
                os.close(handle)

    def date(self, parts: Parts, name: str, *, mtime: int) -> None:
        """Give a file another time and leave its bytes."""
        times = (mtime * _SECOND, mtime * _SECOND)
        os.utime(name, ns=times, dir_fd=self._held[parts], follow_symlinks=False)

    def remove(self, parts: Parts, name: str) -> bool:
        """Delete a file and say whether there was one; what is no plain file stays."""
        handle = self.folder(parts, make=False)
        if handle is None:
            return False
        with suppress(FileNotFoundError):
            if stat.S_ISREG(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode):
                os.unlink(name, dir_fd=handle)
                return True
        return False

    def clear(self, parts: Parts) -> None:
        """Delete a folder that is empty, and those above it that are empty then."""
        while parts and self.folder(parts, make=False) is not None and not self.entries(parts):
            os.close(self._held.pop(parts))
            os.rmdir(parts[-1], dir_fd=self._held[parts[:-1]])
            parts = parts[:-1]

    def keep(self) -> None:
        """Have the disk know every name as it stands now."""
        for handle in self._held.values():
            os.fsync(handle)

    def _in_the_way(self, parts: Parts, what: str) -> SomethingInTheWay:
        place = self.root.joinpath(*parts)
        return SomethingInTheWay(
            f"{place} is {what}, so no feed can be written there. Links are never followed: remove it."
        )


def _part(name: str) -> str:
    return f".{name}{PART}"


def _fill(handle: int, file: New) -> None:
    rest = memoryview(file.data)
    while rest:
        rest = rest[os.write(handle, rest) :]
    os.fchmod(handle, 0o644)
    if file.mtime is not None:
        os.utime(handle, ns=(file.mtime * _SECOND, file.mtime * _SECOND))


@contextmanager
def told_plainly(root: Path) -> Iterator[None]:
    """Turn what the system says of a folder into the sentence that a person reads."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(_sentence(error)(root)) from error


def _sentence(error: OSError) -> Callable[[Path], str]:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return (
            "The disk of {0} is full. Every file there is whole, some are the earlier ones: make room, and "
            "the next run writes the rest."
        ).format
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return (
            "{0} cannot be written: " + (error.strerror or "it is read-only") + ". Every file there is "
            "whole: let the user of the service write there."
        ).format
    return ("{0} cannot be written: " + (error.strerror or repr(error)) + ".").format
