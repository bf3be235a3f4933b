"""Desks at databases that hold the bundled registry."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database
from tests.calendar_feed.desk import HOUR, NOW, Desk


@pytest.fixture(scope="session")
def published_sqlite(loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the bundled registry, published the day before, to be copied."""
    file = tmp_path_factory.mktemp("published") / "iscm.db"
    shutil.copy(loaded_sqlite, file)
    database = Database(f"sqlite:///{file}")
    Desk(database).publish(NOW - 24 * HOUR)
    database.close()
    return file


@pytest.fixture
def desk(published_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk at SQLite, the registry published the day before."""
    shutil.copy(published_sqlite, tmp_path / "iscm.db")
    database = Database(f"sqlite:///{tmp_path / 'iscm.db'}")
    yield Desk(database)
    database.close()


@pytest.fixture
def any_desk(registry: Database) -> Desk:
    """A desk at SQLite, and again at PostgreSQL; the registry is loaded and nothing published."""
    return Desk(registry)
