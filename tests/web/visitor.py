"""A visitor of the pages: an HTTP client before the application, on a day of the test's choice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlalchemy import event
from starlette.testclient import TestClient

from models import Database
from newsletter.keys import Keys
from web.application import build_application
from web.site import Site

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEYS = Keys("a secret for tests, long enough for them")
BASE_URL = "http://127.0.0.1:8000"


def site(*, base_url: str = BASE_URL, mailbox: Path | None = None, documents: Path | None = None) -> Site:
    """An installation like that of `make run`."""
    return Site(
        base_url=base_url,
        languages=("en", "fr", "es", "ar"),
        keys=KEYS,
        contact="ISCM Highlights <highlights@iscm.example>",
        postal_address="1 Example Street, 1211 Geneva",
        mailbox=mailbox,
        documents=documents,
    )


def visitor(
    database: Database,
    *,
    now: datetime = NOW,
    of: Site | None = None,
    raise_defects: bool = True,
) -> TestClient:
    """A client that follows no redirect, so that a test sees what was answered."""
    application = build_application(database=database, site=of or site(), clock=lambda: now)
    return TestClient(
        application, base_url=BASE_URL, follow_redirects=False, raise_server_exceptions=raise_defects
    )


def noon(day: date) -> datetime:
    """Noon of a day in UTC."""
    return datetime.combine(day, time(12), UTC)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collect the statements sent to the database during the block."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def dump(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Everything the database holds, table by table, to compare before and after."""
    from models.base import Record

    with database.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in Record.metadata.sorted_tables
        }
