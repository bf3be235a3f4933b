"""Writing an archive: one snapshot of the database, table by table, then what belongs to it.

Rows pass through a nameless file, because tar wants a member's size before its content; memory stays flat.
"""

import gzip
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Connection, Table, func, select

from models.archive.contents import (
    DEPARTURES,
    DKIM_KEY,
    DOCUMENTS,
    FORMAT,
    MANIFEST,
    SECRET_KEY,
    Belongings,
    Entry,
    Manifest,
    is_document,
    is_left_out,
    rows_name,
)
from models.archive.kinds import UnfitValue
from models.archive.rows import Form
from models.archive.tar import CHUNK, Stream, write_end, write_member
from models.base import Record
from models.database import Database
from models.refusal import Refusal

_AT_ONCE: Final = 1000
_LEVEL: Final = 4


class UnfitRecord(Refusal):
    """The database holds a value that no archive could give back."""


@dataclass(slots=True)
class _Writing:
    out: Stream
    at: int
    entries: dict[str, Entry] = field(default_factory=dict)

    def add(self, name: str, *, size: int, chunks: Iterable[bytes]) -> None:
        digest = hashlib.sha256()

        def counted() -> Iterator[bytes]:
            for chunk in chunks:
                digest.update(chunk)
                yield chunk

        write_member(self.out, name, size=size, chunks=counted(), at=self.at)
        self.entries[name] = Entry(size, digest.hexdigest())


def write_archive(
    database: Database,
    out: BinaryIO,
    *,
    belongings: Belongings,
    program: str,
    now: datetime,
    spool: Path | None = None,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Manifest:
    """Write everything to `out`, as it stood at one moment, while others go on writing; return its manifest.

    `spool` is a folder for what passes through the disk (default: the system's), `program` the release that
    writes. `progress` is told how many more rows are written. Raises UnfitRecord and OSError.
    """
    with (
        gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=_LEVEL, mtime=0) as packed,
        database.reading() as session,
    ):
        writing = _Writing(packed, int(now.timestamp()))
        connection = session.connection()
        rows = {
            table.name: _write_rows(writing, connection, table, spool=spool, progress=progress)
            for table in kept_tables()
        }
        session.close()
        # Read after the snapshot, so nothing that the snapshot speaks of is missing in them.
        _write_belongings(writing, belongings)
        manifest = Manifest(
            format=FORMAT,
            program=program,
            revision=database.revision()[1],
            database="sqlite" if database.is_sqlite else "postgresql",
            taken_at=now,
            rows=rows,
            members=writing.entries,
        )
        content = manifest.written()
        write_member(packed, MANIFEST, size=len(content), chunks=[content], at=writing.at)
        write_end(packed)
    return manifest


def kept_tables() -> list[Table]:
    """Return the tables whose rows an archive holds, each after those it refers to."""
    return [table for table in Record.metadata.sorted_tables if not is_left_out(table.name)]


def count_rows(database: Database) -> int:
    """Return how many rows an archive would hold now."""
    with database.reading() as session:
        counts = (session.scalar(select(func.count()).select_from(table)) for table in kept_tables())
        return sum(count or 0 for count in counts)


def _write_rows(
    writing: _Writing,
    connection: Connection,
    table: Table,
    *,
    spool: Path | None,
    progress: Callable[[int], None],
) -> int:
    form = Form.of(table)
    plain = form.plain_table()
    query = select(plain).order_by(*(plain.c[key.name] for key in table.primary_key))
    count = 0
    with tempfile.TemporaryFile(dir=spool) as file:
        file.write(form.head())
        found = connection.execute(query.execution_options(stream_results=True, yield_per=_AT_ONCE))
        for rows in found.partitions():
            try:
                file.write(b"".join(form.line(row) for row in rows))
            except UnfitValue as error:
                raise UnfitRecord(f"The table {table.name} cannot be put into a backup: {error}.") from error
            count += len(rows)
            progress(len(rows))
        size = file.tell()
        file.seek(0)
        writing.add(rows_name(table.name), size=size, chunks=_chunks(file, size))
    return count


def _write_belongings(writing: _Writing, belongings: Belongings) -> None:
    key = belongings.secret_key.encode() + b"\n"
    writing.add(SECRET_KEY, size=len(key), chunks=[key])
    if belongings.dkim_key is not None:
        _write_file(writing, DKIM_KEY, belongings.dkim_key)
    if belongings.departures.exists():
        _write_file(writing, DEPARTURES, belongings.departures)
    for path in sorted(belongings.documents.rglob("*")):
        name = DOCUMENTS + path.relative_to(belongings.documents).as_posix()
        if is_document(name) and stat.S_ISREG(path.lstat().st_mode):
            _write_file(writing, name, path)


def _write_file(writing: _Writing, name: str, path: Path) -> None:
    try:
        file = path.open("rb")
    except FileNotFoundError:  # deleted since the folder was listed
        return
    with file:
        # As long as it is now: the file of departures may grow while it is read.
        size = os.fstat(file.fileno()).st_size
        writing.add(name, size=size, chunks=_chunks(file, size))


def _chunks(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := file.read(min(CHUNK, size))):
        size -= len(chunk)
        yield chunk
