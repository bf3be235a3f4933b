"""Filing: the bytes of documents come into their folder with the record that names them, and go with it."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Facts
from models.database import Database
from models.document import Document
from models.document_file import LARGEST, UnwelcomeFile, copy_name, sort_of
from models.keeping import alone

_STAGED: Final = ".staged-"
_PORTION: Final = 1 << 20
_MODE: Final = 0o644


def documents_folder(data_dir: Path) -> Path:
    """Return the folder of the documents' files, each of which is named by its SHA-256 in hex."""
    return data_dir / "documents"


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file that lies in the folder under a name of passage; facts are what the record says of it."""

    path: Path
    facts: Facts


@contextmanager
def filing(
    database: Database, folder: Path, *, source: Path | None = None, slug: str | None = None
) -> Iterator[tuple[Session, Facts]]:
    """Give a writing session, and the field "file" of the document that is written in it (empty: no source).

    source is a file to take in; slug is the document that is changed or deleted. The bytes are copied before
    the record is locked and put in their place before it is committed, so that no record ever names a file
    that is not there. Afterwards those that no document names any more are removed, also when the block
    failed. Raises UnwelcomeFile.
    """
    with _staging(folder, source) as staged:
        touched = {staged.facts["sha256"]} if staged else set()
        try:
            with database.writing() as session:
                alone(session)
                touched |= set(session.scalars(select(Document.file_sha256).where(Document.slug == slug)))
                if staged:
                    _put(staged.path, folder / staged.facts["sha256"])
                yield session, {"file": staged.facts} if staged else {}
        finally:
            _let_go(database, folder, touched - {None})


@contextmanager
def _staging(folder: Path, source: Path | None) -> Iterator[_Staged | None]:
    if source is None:
        yield None
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_STAGED, dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as copy:
            try:
                with source.open("rb") as original:
                    sha256, size = _copied(original, copy, source.name)
            except OSError as error:
                raise UnwelcomeFile(f"{source} cannot be read: {error.strerror}.") from error
            copy.flush()
            os.fchmod(copy.fileno(), _MODE)
            os.fsync(copy.fileno())
        ending, media_type = sort_of(source.name, path)
        facts = {"name": copy_name(source.name, ending), "type": media_type, "size": size, "sha256": sha256}
        yield _Staged(path, facts)
    finally:
        path.unlink(missing_ok=True)


def _copied(original: BinaryIO, copy: BinaryIO, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while portion := original.read(_PORTION):
        size += len(portion)
        if size > LARGEST:
            raise UnwelcomeFile(
                f"“{name}” is larger than {LARGEST // 1_000_000} MB; make it smaller, or link to it."
            )
        digest.update(portion)
        copy.write(portion)
    if not size:
        raise UnwelcomeFile(f"“{name}” is empty.")
    return digest.hexdigest(), size


def _put(staged: Path, place: Path) -> None:
    """Put a whole file in its place at once; the same bytes may lie there already."""
    staged.replace(place)
    handle = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _let_go(database: Database, folder: Path, touched: Iterable[str]) -> None:
    """Remove those files that no document names. Nobody adds one meanwhile: the record is locked."""
    if not (touched := set(touched)):
        return
    with database.writing() as session:
        alone(session)
        named = set(session.scalars(select(Document.file_sha256).where(Document.file_sha256.in_(touched))))
        for sha256 in touched - named:
            (folder / sha256).unlink(missing_ok=True)
