"""The database that is replaced: what it holds, whether anybody uses it, and the moment of exchange."""

import os
import secrets
import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from calendar_feed.restored import ToldSince, read_told
from models import Refusal
from models.archive import schema
from models.archive.placing import DRAFT, aside_of
from models.archive.write import kept_tables
from models.database import Database
from models.departures import fsync_folder

_WAIT_SECONDS: Final = 2
# What a database holds that was only just made, or that a service ran on without a record.
_NO_RECORDS: Final = frozenset(
    {"publication", "occurrences", "job_standings", "alarms", "operator_mails", "feeds", "feed_entries"}
)
_LOOK_SECONDS: Final = 0.05
_SIDE_FILES: Final = ("-wal", "-shm", "-journal")

_IN_USE: Final = (
    "Something works with the database: iscm serve, a command, or a console of the database itself. "
    "Stop it, then restore."
)


_OTHER_SESSIONS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND application_name = current_setting('application_name')"
)


class InUse(Refusal):
    """Another process works with the database."""


class MadeByNewer(Refusal):
    """The database that is there was made by a newer release."""


@dataclass(frozen=True, slots=True)
class Present:
    """What stands in the place of the database that is restored."""

    holds_records: bool
    told: ToldSince


@dataclass(slots=True)
class Filling:
    """A database without tables of ours, and the connection, in a transaction, that fills it.

    `others` are tables that belong to somebody else. `aside` is where the old file is kept, once exchanged.
    """

    database: Database
    connection: Connection
    others: Collection[str] = ()
    aside: Path | None = None


def look_at(database: Database) -> Present:
    """Return what is there. A file that cannot be read counts as one that holds records."""
    path = _file_of(database)
    if path is not None and (not path.exists() or path.stat().st_size == 0):
        return Present(holds_records=False, told=ToldSince())
    try:
        with database.reading() as session:
            there = set(inspect(session.connection()).get_table_names())
            tables = [table for table in kept_tables() if table.name in there - _NO_RECORDS]
            holds = any(
                session.execute(select(text("1")).select_from(table).limit(1)).first() for table in tables
            )
            return Present(holds, read_told(session))
    except SQLAlchemyError:
        if path is None:
            raise
        return Present(holds_records=True, told=ToldSince())


@contextmanager
def replaced(database: Database, *, now: datetime) -> Iterator[Filling]:
    """Give what is filled; when the block ends well, and only then, it stands in the old one's place.

    A file is made beside the old one and takes its name; the old one is kept under another. On PostgreSQL
    everything is one transaction. Raises InUse.
    """
    path = _file_of(database)
    with _replaced_tables(database) if path is None else _replaced_file(database, path, now=now) as filling:
        yield filling


def _file_of(database: Database) -> Path | None:
    return Path(str(database.url.database)) if database.is_sqlite else None


@contextmanager
def _replaced_tables(database: Database) -> Iterator[Filling]:
    database.engine.dispose()
    with database.engine.begin() as connection:
        _require_alone(connection)
        if inspect(connection).has_table("alembic_version"):
            revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
            if not schema.is_known_revision(str(revision)):
                raise MadeByNewer(
                    "The database was made by a newer release of this program. Restore with that one, or "
                    "make an empty database on the server and restore into it."
                )
        schema.empty_out(connection)
        yield Filling(database, connection, others=inspect(connection).get_table_names())


def _require_alone(connection: Connection) -> None:
    """Raise InUse where another session of this database goes by the name this one has."""
    until = time.monotonic() + _WAIT_SECONDS
    while connection.scalar(_OTHER_SESSIONS):
        if time.monotonic() > until:
            raise InUse(_IN_USE)
        # Our own, closed a moment ago, may still be ending.
        time.sleep(_LOOK_SECONDS)
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))


@contextmanager
def _replaced_file(database: Database, path: Path, *, now: datetime) -> Iterator[Filling]:
    database.close()
    _forget_drafts(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}{DRAFT}")
    with _held(path):
        fresh = Database(f"sqlite:///{draft}")
        try:
            with fresh.engine.connect() as connection:
                _make_quick(connection)
                with connection.begin():
                    filling = Filling(fresh, connection)
                    yield filling
            fresh.close()
            draft.chmod(0o600)
            _sync(draft)
            filling.aside = _exchange(draft, path, now=now)
        finally:
            fresh.close()
            for ending in ("", *_SIDE_FILES):
                draft.with_name(draft.name + ending).unlink(missing_ok=True)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Keep every other process from the file for the block; nothing of it stays outside it (its WAL)."""
    if not path.exists():
        yield
        return
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
    try:
        try:
            # In this mode the lock that leaving WAL takes is kept; it is refused while anybody has it open.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = MEMORY")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise InUse(_IN_USE) from error
            raise
        except sqlite3.DatabaseError:
            pass  # damaged, or no database at all: that is what a backup is for
        yield
    finally:
        connection.close()


def _make_quick(connection: Connection) -> None:
    """Wait for no disk: until it is whole, the new file is nothing."""
    raw = connection.connection.driver_connection
    for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF"):
        raw.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]  # it is connected


def _exchange(draft: Path, path: Path, *, now: datetime) -> Path | None:
    """Give the draft the name of the file; return where the old one is kept now."""
    aside: Path | None = None
    if path.exists():
        aside = aside_of(path, now=now)
        aside.hardlink_to(path)
        for (
            ending
        ) in _SIDE_FILES:  # only beside a damaged file; another database must not take them for its own
            side = path.with_name(path.name + ending)
            if side.exists():
                side.rename(aside.with_name(aside.name + ending))
        draft.replace(path)
    else:
        path.hardlink_to(draft)
    fsync_folder(path.parent)
    return aside


def _forget_drafts(path: Path) -> None:
    """Delete what a restore left that was killed."""
    for left in path.parent.glob(f".{path.name}.*{DRAFT}*"):
        left.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
