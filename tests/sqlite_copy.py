"""A SQLite database of a test's own, copied from one that others copy too."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.database import Database


@contextmanager
def sqlite_copy(template: Path, folder: Path) -> Iterator[Database]:
    """Copy a database file into a folder as iscm.db, and have it open for a while."""
    file = folder / "iscm.db"
    shutil.copy(template, file)
    database = Database(f"sqlite:///{file}")
    try:
        yield database
    finally:
        database.close()
