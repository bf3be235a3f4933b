"""Desks at databases that hold the bundled registry."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database
from tests.calendar_feed.desk import HOUR, NOW, Desk
from tests.sqlite_copy import sqlite_copy


@pytest.fixture(scope="session")
def published_sqlite(loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the bundled registry, published the day before, to be copied."""
    folder = tmp_path_factory.mktemp("published")
    with sqlite_copy(loaded_sqlite, folder) as database:
        Desk(database).publish(NOW - 24 * HOUR)
    return folder / "iscm.db"


@pytest.fixture
def desk(published_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk at SQLite, the registry published the day before."""
    with sqlite_copy(published_sqlite, tmp_path) as database:
        yield Desk(database)


@pytest.fixture
def any_desk(registry: Database) -> Desk:
    """A desk at SQLite, and again at PostgreSQL; the registry is loaded and nothing published."""
    return Desk(registry)
