"""What is done on machines of a test's own: back up, bring back, let a reader leave, see every row."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from iscm.belongings import belongings_of, open_database
from iscm.restoring.restore import Restored, restore
from iscm.settings import Settings
from models import Subscriber, SubscriberState
from models.archive.check import check_archive
from models.archive.placing import placed
from models.archive.write import write_archive
from models.database import Database
from newsletter.keys import Keys
from newsletter.subscription import leave_reader
from tests.archives import all_rows

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=12)
DOCUMENT = "d" * 64
MachineOf = Callable[..., Settings]


def back_up(settings: Settings, path: Path, *, now: datetime = NOW) -> Path:
    """Write a machine's archive."""
    database = open_database(settings)
    with placed(path) as out:
        write_archive(database, out, belongings=belongings_of(settings), program="1", now=now)
    database.close()
    return path


def bring_back(
    settings: Settings, path: Path, *, force: bool = False, given: tuple[Path, ...] = ()
) -> Restored:
    """Restore an archive on a machine."""
    archive = check_archive(path)
    return restore(settings, archive, departures=given, force=force, now=LATER, progress=lambda _rows: None)


def rows_of(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a machine's database."""
    database = Database(settings.database_url)
    rows = all_rows(database)
    database.close()
    return rows


def depart(settings: Settings, address: str, *, now: datetime) -> None:
    """Let a reader leave, as their link does."""
    database = open_database(settings)
    with database.writing() as session:
        reader = session.scalars(select(Subscriber).where(Subscriber.address == address)).one()
        leave_reader(session, Keys(settings.secret_key), reader, source="test", now=now)
    database.close()


def states(settings: Settings) -> dict[str, SubscriberState]:
    """How each reader stands."""
    database = Database(settings.database_url)
    with database.reading() as session:
        found = {one.address: one.state for one in session.scalars(select(Subscriber))}
    database.close()
    return found
