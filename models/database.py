"""The database: SQLite embedded by default, PostgreSQL for more. Sessions that read, sessions that write."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from models.departures import Departures, kept_in
from models.refusal import Refusal
from models.search.index import fill_search
from models.search.upkeep import keep_entries
from models.staleness import RecordSession

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0020"
"""The newest migration; a test holds it. Alembic takes a third of a second to load, so no start asks it."""

keep_entries(RecordSession)

BUSY_SECONDS = 10.0
"""How long a writer waits for another one on SQLite before it gives up."""


class UnreadableAddress(Refusal):
    """The database URL cannot be understood."""


class NotUpgraded(Refusal):
    """The database's tables are not those of this program."""


class Database:
    """One database; it connects only when first used.

    Raises UnreadableAddress for a URL it does not understand.
    """

    def __init__(self, url: str, *, departures: Departures | None = None) -> None:
        """Take an SQLAlchemy URL, sqlite:///path or postgresql+psycopg://..., and the file of departures."""
        try:
            parsed = make_url(url)
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            if self.is_sqlite:
                self.engine = _sqlite_engine(url)
            else:
                self.engine = create_engine(
                    parsed,
                    pool_pre_ping=True,
                    pool_size=8,
                    max_overflow=8,
                    hide_parameters=True,
                    # By this name a restore finds out whether a service works with the database.
                    connect_args={"fallback_application_name": "iscm"},
                )
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise UnreadableAddress(
                "The database address is not one this program can use; write "
                "sqlite:///path/to/file.db or postgresql+psycopg://user:password@host/name."
            ) from error
        self.url = parsed
        reading: dict[str, Any] = (
            {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        writing: dict[str, Any] = {"iscm_writes": True} if self.is_sqlite else {}
        self._reading = sessionmaker(
            self.engine.execution_options(**reading), class_=RecordSession, autoflush=False
        )
        self._writing = sessionmaker(
            self.engine.execution_options(**writing),
            class_=RecordSession,
            expire_on_commit=False,
            info=kept_in(departures),
        )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and writes nothing."""
        with self._reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose work is committed on leaving and undone on an exception.

        On SQLite it takes the write lock at once (BEGIN IMMEDIATE), so that no writer fails half-way.
        """
        with self._writing.begin() as session:
            yield session

    @contextmanager
    def within(self, connection: Connection) -> Iterator[Session]:
        """Give a session whose work is part of a connection's transaction, which goes on afterwards."""
        with self._writing(bind=connection, join_transaction_mode="rollback_only") as session:
            yield session
            session.flush()

    def upgrade(self) -> None:
        """Bring the tables to this program's state, from nothing or from any earlier release.

        What search knows of the record is made anew where this release makes it otherwise.
        """
        from alembic import command  # noqa: PLC0415 - see NEWEST

        with self._for_migration() as connection:
            command.upgrade(migrations(connection), "head")
        with self.writing() as session:
            fill_search(session)

    def revision(self) -> tuple[str | None, str]:
        """Tell the migration the database is at (None: empty) and the one this program needs."""
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None, NEWEST
            return connection.scalar(text("SELECT version_num FROM alembic_version")), NEWEST

    def require_current(self) -> None:
        """Raise NotUpgraded unless the tables are exactly those of this program."""
        found, needed = self.revision()
        if found != needed:
            state = "is empty" if found is None else f"is at revision {found}, this program needs {needed}"
            raise NotUpgraded(f"The database {state}. Run: iscm database upgrade")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    @contextmanager
    def _for_migration(self) -> Iterator[Connection]:
        options = {"iscm_writes": True} if self.is_sqlite else {}
        with self.engine.execution_options(**options).begin() as connection:
            yield connection


def migrations(connection: Connection | None = None) -> "Config":
    """Return what Alembic is told: where migrations are, and the connection whose transaction they join."""
    from alembic.config import Config  # noqa: PLC0415 - see NEWEST

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _sqlite_engine(url: str) -> Engine:
    # Parameters are people's addresses: an error that quotes its statement leaves them out.
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, record: object) -> None:
        del record
        # The driver's own transactions begin too late and without IMMEDIATE; _begin below does it instead.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        # A folder or file that cannot be written keeps the journal mode it has: reading must still work.
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            return

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("iscm_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


_SENTENCES = (
    (
        "database is locked",
        "The database is busy: another process has held it for too long. Try again in a moment.",
    ),
    (
        "readonly database",
        "The database cannot be written: its file or folder is read-only. Let the service write there.",
    ),
    (
        "disk is full",
        "The disk is full, so nothing was written. Make room and try again; what was there is unharmed.",
    ),
    (
        "disk i/o error",
        "The disk could not be read or written. Nothing was changed; check the disk and try again.",
    ),
    (
        "unable to open database file",
        "The database file cannot be opened. Check that its folder exists and may be written.",
    ),
    ("not a database", "The file is not a database of this program. Check ISCM_DATABASE_URL."),
    ("malformed", "The database file is damaged. Restore a backup."),
    ("no such table", "The database has no tables of this program yet. Run: iscm database upgrade"),
    (
        "connection refused",
        "The database server does not answer. Check that it runs and that ISCM_DATABASE_URL is right.",
    ),
    (
        "password authentication failed",
        "The database server refuses the user or password of ISCM_DATABASE_URL.",
    ),
    ('relation "', "The database has no tables of this program yet. Run: iscm database upgrade"),
    (
        "does not exist",
        "The database that ISCM_DATABASE_URL names does not exist on the server. Create it first.",
    ),
    ("no space left", "The database server's disk is full, so nothing was written. Make room and try again."),
    (
        "not currently accepting",
        "The database server takes no connections to this database just now. Try again later.",
    ),
    ("starting up", "The database server is still starting. Try again in a moment."),
    ("shutting down", "The database server is shutting down. Start it again, then try again."),
    (
        "read-only transaction",
        "The database server accepts no writing just now (it is a standby or read-only).",
    ),
)


def explain(error: BaseException) -> str | None:
    """Give the sentence a person should read for an error of the database, or None for any other error."""
    if not isinstance(error, DBAPIError | sqlite3.Error):
        return None
    said = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    for sign, sentence in _SENTENCES:
        if sign in said:
            return sentence
    if isinstance(error, OperationalError | sqlite3.OperationalError):
        return f"The database did not answer as it should ({said.splitlines()[0]}). Nothing was changed."
    return None
