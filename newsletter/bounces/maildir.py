"""A Maildir of returned mails: each is read in a transaction of its own, then moved from new to cur.

Nothing is deleted. What cannot be read stays where it is, and is told of.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from models import Database, Refusal
from newsletter.bounces.raw import RawMail, read_raw
from newsletter.bounces.reading import Did, Reading, Why, take_mail
from newsletter.keys import Keys

# S: read. F: flagged, for what a person should look at.
_SEEN: Final = ":2,S"
_FOR_A_PERSON: Final = ":2,FS"


class NoMaildir(Refusal):
    """The folder is no Maildir, or cannot be used."""


@dataclass(frozen=True, slots=True)
class MailRead:
    """One mail of the folder, by its file's name, and what reading it did."""

    name: str
    reading: Reading


def read_maildir(
    database: Database,
    keys: Keys,
    folder: Path,
    *,
    clock: Callable[[], datetime],
    again: bool = False,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Iterator[MailRead]:
    """Read every mail that is new, and with `again` those in cur too; yield what each did.

    A mail is moved after what it says is kept: killed between the two, it is read once more and known.
    Raises NoMaildir, and what the database raises.
    """
    for place in ("new", "cur") if again else ("new",):
        for name in _names(folder, place):
            if is_stopping():
                return
            path = folder / place / name
            try:
                raw = _read_file(path)
            except OSError as error:
                if isinstance(error, FileNotFoundError):
                    continue  # another process has moved it
                reason = (error.strerror or "it cannot be read").lower()
                yield MailRead(name, Reading(did=Did.UNREAD, said=f"it stays where it is: {reason}"))
                continue
            reading = read_one(database, keys, raw, now=clock())
            if place == "new":
                reading = _moved(path, folder, reading)
            yield MailRead(name, reading)


def read_one(database: Database, keys: Keys, raw: RawMail, *, now: datetime, recipient: str = "") -> Reading:
    """Read one mail in a transaction of its own."""
    with database.writing() as session:
        return take_mail(session, keys, raw, recipient=recipient, now=now)


def require_maildir(folder: Path) -> None:
    """Raise NoMaildir unless mails can be taken out of new and put into cur."""
    for place in ("new", "cur"):
        if not (folder / place).is_dir():
            raise NoMaildir(
                f"{folder} is no Maildir: it has no folder {place}. Name the folder the mail server delivers "
                "to, in which cur, new and tmp are."
            )
        if not os.access(folder / place, os.R_OK | os.W_OK | os.X_OK):
            raise NoMaildir(
                f"{folder / place} cannot be read and written by this user. Let it do so, for instance by "
                "delivering the mails as the user the service runs as."
            )


def _names(folder: Path, place: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder / place) if not name.startswith("."))  # noqa: PTH208 - names alone
    except OSError as error:
        require_maildir(folder)
        raise NoMaildir(f"{folder / place} cannot be read ({error.strerror}).") from error


def _read_file(path: Path) -> RawMail:
    # Neither a link to somewhere else nor a pipe that never ends is a mail.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "It is no file")
        return read_raw(file)


def _moved(path: Path, folder: Path, reading: Reading) -> Reading:
    flags = _FOR_A_PERSON if reading.why in {Why.NOT_A_REPORT, Why.NOTHING_SAID} else _SEEN
    target = folder / "cur" / f"{path.name.partition(':')[0]}{flags}"
    fault = "there is one of its name in cur" if target.exists() else None
    try:
        if fault is None:
            with suppress(FileNotFoundError):
                path.rename(target)
    except OSError as error:
        fault = (error.strerror or "it cannot be moved").lower()
    if fault is None:
        return reading
    return replace(reading, did=Did.UNREAD, said=f"{reading.said}; but it stays in new: {fault}")
