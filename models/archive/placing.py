"""Putting a file in its place whole or not at all: written beside it, on the disk, then named."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from models.departures import fsync_folder
from models.refusal import Refusal

DRAFT: Final = ".part"


class AlreadyThere(Refusal):
    """A file of that name exists and is not overwritten."""


@contextmanager
def placed(path: Path, *, replace: bool = False) -> Iterator[BinaryIO]:
    """Give a file to write, which takes its place when the block ends well, readable by its owner alone.

    A block that fails leaves nothing. Raises OSError, and AlreadyThere unless it may `replace` what is there.
    """
    if not replace:
        _require_free(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}{DRAFT}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            _name(draft, path)
        fsync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def put_aside(path: Path, *, now: datetime) -> Path | None:
    """Rename what is there to its name and the moment; return the new name, None when nothing was there."""
    aside = aside_of(path, now=now)
    try:
        path.rename(aside)
    except FileNotFoundError:
        return None
    fsync_folder(path.parent)
    return aside


def aside_of(path: Path, *, now: datetime) -> Path:
    """Return a free name that says when a file was put aside."""
    first = path.with_name(f"{path.name}.before-restore-{now:%Y-%m-%dT%H%M%SZ}")
    names = [first, *(first.with_name(f"{first.name}-{number}") for number in range(2, 100))]
    return next(name for name in names if not name.exists())


def _name(draft: Path, path: Path) -> None:
    try:
        # A link fails where somebody else was quicker; a rename would replace their file.
        path.hardlink_to(draft)
    except FileExistsError:
        raise _there(path) from None
    except OSError:  # file systems without links
        _require_free(path)
        draft.rename(path)


def _require_free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise _there(path)


def _there(path: Path) -> AlreadyThere:
    return AlreadyThere(f"{path} exists already and is not overwritten. Name another file.")
