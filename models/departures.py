"""Who left, and which issue began to be sent: lines in a file outside the database.

A database that is restored from a backup has forgotten what happened since. This file has not: it is only
ever appended to, and after a restore it is read, so that nobody who left is written to and no issue that
began is sent twice. It holds no address, only the keyed hash under which an address is suppressed.
"""

import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import event
from sqlalchemy.orm import Session

from models.refusal import Refusal

FILE: Final = "departures"
"""The file's name in the data folder."""

DEPARTED: Final = frozenset({"left", "erased", "bounced", "complained", "editor"})
"""What is said of somebody nothing may be sent to: the reasons of a suppression."""

MOVED: Final = "moved"
"""What is said of an address whose owner is written to at another one, or whose post another person holds."""

RETURNED: Final = "returned"
BEGUN: Final = "begun"

_KEY: Final = "departures"
_LONGEST: Final = 1000

_log = logging.getLogger(__name__)


class DepartureNotKept(Refusal):
    """The file cannot be written, so what was asked for is not done either."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One thing that happened, at an aware moment. who is an address's hash, or an issue's code for begun."""

    at: datetime
    what: str
    who: str

    def written(self) -> bytes:
        """The line as the file has it."""
        return json.dumps([self.at.astimezone(UTC).isoformat(), self.what, self.who]).encode("ascii") + b"\n"


class Departures:
    """The file. Any number of processes may append to it at once."""

    def __init__(self, path: Path) -> None:
        """Take its place; it is made with the first line."""
        self.path = path

    def append(self, lines: Iterable[Line]) -> None:
        """Add lines and wait until the disk has them. Raises DepartureNotKept."""
        content = b"".join(line.written() for line in lines)
        if not content:
            return
        try:
            is_new = not self.path.exists()
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                _write(descriptor, content)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if is_new:
                fsync_folder(self.path.parent)
        except OSError as error:
            reason = (error.strerror or "it cannot be written").lower()
            raise DepartureNotKept(
                f"The file of departures, {self.path}, cannot be written ({reason}), so nothing was changed."
            ) from error

    def read(self) -> list[Line]:
        """Return its lines, none where there is no file. Raises OSError."""
        try:
            with self.path.open("rb") as file:
                return list(read_lines(file))
        except FileNotFoundError:
            return []


def read_lines(content: Iterable[bytes]) -> Iterator[Line]:
    """Yield the lines that can be read; a torn one was never finished, and neither was what it tells of."""
    for raw in content:
        line = _line(raw)
        if line is not None:
            yield line


def note_departure(session: Session, who: str, *, reason: str, now: datetime) -> None:
    """Write down at once that somebody is gone, before the transaction that makes it so commits.

    Where that transaction fails afterwards the line stays: too much is written down, never too little. Raises
    DepartureNotKept.
    """
    _append(session, [Line(now, reason, who)])


def note_move(session: Session, who: str, *, now: datetime) -> None:
    """Write down at once that an address is given up for another one. Raises DepartureNotKept."""
    _append(session, [Line(now, MOVED, who)])


def note_return(session: Session, hashes: Iterable[str], *, now: datetime) -> None:
    """Write down that somebody came back, once the transaction that makes it so has committed."""
    lines = [Line(now, RETURNED, who) for who in hashes]

    def committed(_session: Session) -> None:
        try:
            _append(session, lines)
        except DepartureNotKept as error:
            # They are back, and only a restored database would take them off once more.
            _log.warning("a return could not be written down: %s", error)

    event.listen(session, "after_commit", committed, once=True)


def note_beginning(session: Session, code: str, *, now: datetime) -> None:
    """Write down that an issue begins to be sent, before anything of it is. Raises DepartureNotKept."""
    _append(session, [Line(now, BEGUN, code)])


def kept_in(departures: Departures | None) -> dict[str, object]:
    """What sessions carry so that the acts above find the file; without one they write nothing."""
    return {_KEY: departures}


def fsync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _append(session: Session, lines: Iterable[Line]) -> None:
    departures = session.info.get(_KEY)
    if isinstance(departures, Departures):
        departures.append(lines)


def _write(descriptor: int, content: bytes) -> None:
    size = os.fstat(descriptor).st_size
    # A full disk can take half a line; a newline after it keeps what follows readable.
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        content = b"\n" + content
    if os.write(descriptor, content) < len(content):
        raise OSError(28, "No space left on device")


def _line(raw: bytes) -> Line | None:
    if not raw.endswith(b"\n") or len(raw) > _LONGEST:
        return None
    try:
        match json.loads(raw):
            case [str(at), str(what), str(who)]:
                moment = datetime.fromisoformat(at)
                return Line(moment.astimezone(UTC), what, who) if moment.tzinfo else None
    except ValueError:
        pass
    return None
