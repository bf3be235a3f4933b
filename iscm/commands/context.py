"""What a command works with: the settings, the database, the moment, and who acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from iscm.belongings import open_database
from iscm.logs import start_logging
from iscm.settings import Settings, load_settings
from models.database import Database
from models.refusal import Refusal


class NoDatabase(Refusal):
    """The database file is not there yet."""


@dataclass(frozen=True)
class House:
    """One run of a command. `now` is an aware UTC moment, the same all through the run."""

    settings: Settings
    database: Database
    now: datetime

    @property
    def editor(self) -> str:
        """Who acts, as revisions name them."""
        return self.settings.editor_name


@contextmanager
def opened(*, current: bool = True) -> Iterator[House]:
    """Give what a command works with, and close the database afterwards.

    With `current`, raises a Refusal that names `iscm database upgrade` unless the tables are this program's;
    only the commands that mend the database go without.
    """
    settings = load_settings()
    start_logging(level=settings.log_level, form=settings.log_format)
    database = open_database(settings)
    try:
        if current:
            _require_file(database)
            database.require_current()
        yield House(settings=settings, database=database, now=datetime.now(UTC))
    finally:
        database.close()


def _require_file(database: Database) -> None:
    """SQLite would make an empty file where none is; a reader of the message is helped more by a refusal."""
    if database.is_sqlite and database.url.database and not Path(database.url.database).exists():
        raise NoDatabase(f"There is no database at {database.url.database} yet. Run: iscm database upgrade")
