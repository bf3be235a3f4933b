"""What one sender did, written down before and after each letter touches the wire.

A row in the database for each letter would cost milliseconds; a line in an append-only file costs two
microseconds, and outlives kill -9, because the kernel has it once write() returns. The file is locked by its
owner for as long as the owner lives, so that whoever finds it unlocked knows that the owner is dead.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Self

from models import Refusal
from newsletter.transport import Fate, Outcome

SUFFIX: Final = ".journal"
_DRAFT: Final = ".draft"
_ON_WIRE: Final = "w"
_OUTCOME: Final = "o"
# Made once: there are two lines for every letter.
_written: Final = json.JSONEncoder(separators=(",", ":")).encode
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class JournalUnwritable(Refusal):
    """The journal cannot be written, so nothing may be sent."""


class Claim(NamedTuple):
    """A delivery as one sender holds it: what it writes is only valid for this epoch."""

    delivery: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Account:
    """What a journal tells of its owner's letters.

    `outcomes` holds each letter that reached the wire: how it ended, or None when the journal does not say.
    `is_complete` is False when the machine itself went down, which may have taken the last lines with it.
    """

    owner: str
    outcomes: dict[Claim, Outcome | None]
    is_complete: bool


class Journal:
    """The open journal of a living sender."""

    def __init__(self, path: Path, descriptor: int) -> None:
        """Take an open, locked file; made by `begin`."""
        self._path = path
        self._descriptor = descriptor
        self._is_torn = False
        self._size = 0

    @classmethod
    def begin(cls, folder: Path, owner: str) -> Self:
        """Create and lock the journal of `owner` (a name that can be a file's) in `folder`."""
        path = folder / f"{owner}{SUFFIX}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            journal = cls(path, _locked_draft(path))
            journal._write(_first_line())
            # Locked first and named afterwards: nobody may ever find a living owner's journal unlocked.
            _draft_of(path).rename(path)
        except OSError as error:
            raise _unwritable(error) from error
        return journal

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._size

    def on_wire(self, claim: Claim) -> None:
        """Write that the letter's body is about to begin. Raise JournalUnwritable, and then it must not."""
        self._append(_ON_WIRE, claim)

    def ended(self, claim: Claim, outcome: Outcome) -> None:
        """Write how the letter ended."""
        self._append(_OUTCOME, claim, outcome.fate.value, outcome.code, outcome.reply, outcome.wait)

    def compact(self, keep: Iterable[tuple[Claim, Outcome | None]]) -> None:
        """Replace the file by one that holds only what the database does not know yet."""
        try:
            descriptor = _locked_draft(self._path)
            old, self._descriptor, self._size = self._descriptor, descriptor, 0
            self._write(_first_line())
            for claim, outcome in keep:
                self.on_wire(claim)
                if outcome is not None:
                    self.ended(claim, outcome)
            _draft_of(self._path).rename(self._path)
        except OSError as error:
            raise _unwritable(error) from error
        os.close(old)

    def close(self) -> None:
        """Let go of the journal and leave it for recovery."""
        os.close(self._descriptor)

    def finish(self) -> None:
        """Delete the journal: everything in it stands in the database."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)

    def _append(self, kind: str, claim: Claim, *facts: object) -> None:
        line = _written([kind, claim.delivery, claim.epoch, *facts])
        try:
            self._write(line.encode("ascii") + b"\n")
        except OSError as error:
            raise _unwritable(error) from error

    def _write(self, line: bytes) -> None:
        # A full disk can take half a line. A newline after it keeps what follows readable.
        if self._is_torn:
            line = b"\n" + line
        written = os.write(self._descriptor, line)
        self._size += written
        self._is_torn = written < len(line)
        if self._is_torn:
            raise OSError(28, "No space left on device")


@contextmanager
def taken_over(path: Path) -> Iterator[Account | None]:
    """Lock a dead owner's journal and yield what it tells; yield None while its owner lives.

    Delete it with `discard` inside the block, after what it tells stands in the database.
    """
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        yield None
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield read(path) if _is_still(path, descriptor) else None
    finally:
        os.close(descriptor)


def discard(path: Path) -> None:
    """Delete a journal that was taken over."""
    path.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Delete the drafts in `folder` whose owners died before they were journals: nothing was done by them."""
    for path in folder.glob(f"*{_DRAFT}"):
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(path, descriptor):
                path.unlink()
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)


def read(path: Path) -> Account:
    """Read what a journal tells, its owner dead or alive. A torn line is one that was never written."""
    outcomes: dict[Claim, Outcome | None] = {}
    boot = None
    with path.open("rb") as file:
        for line in file:
            match _facts(line):
                case ["boot", str(name)]:
                    boot = name
                case [kind, int(delivery), int(epoch), *facts] if kind in {_ON_WIRE, _OUTCOME}:
                    outcomes[Claim(delivery, epoch)] = _outcome(facts)
                case _:
                    continue
    return Account(owner_of(path), outcomes, boot == _boot_name())


def owner_of(path: Path) -> str:
    """Return whose journal it is."""
    return path.name.removesuffix(SUFFIX)


def journals(folder: Path) -> list[Path]:
    """List the journals in `folder`, their owners dead or alive."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def _facts(line: bytes) -> object:
    if not line.endswith(b"\n"):
        return None
    try:
        return json.loads(line)
    except ValueError:
        return None


def _outcome(facts: list[object]) -> Outcome | None:
    match facts:
        case [str(fate), int() | None as code, str(reply), int() | float() | None as wait]:
            return Outcome(Fate(fate), code, reply, wait)
        case _:
            return None


def _locked_draft(path: Path) -> int:
    draft = _draft_of(path)
    while True:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_still(draft, descriptor):
            return descriptor
        # Swept away by another process before the lock was ours.
        os.close(descriptor)


def _draft_of(path: Path) -> Path:
    return path.with_suffix(_DRAFT)


def _is_still(path: Path, descriptor: int) -> bool:
    """Tell whether the name still means the file we locked; its owner may have replaced or deleted it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _first_line() -> bytes:
    return json.dumps(["boot", _boot_name()]).encode("ascii") + b"\n"


def _boot_name() -> str:
    """Return what changes when the machine starts anew; where that is not known, always the same."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"


def _unwritable(error: OSError) -> JournalUnwritable:
    reason = (error.strerror or "it cannot be written").lower()
    return JournalUnwritable(
        f"The journal of the sending cannot be written ({reason}), so nothing more is sent."
    )
