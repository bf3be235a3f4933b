"""Folders that were written from a small world."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.calendar_feed.desk import HOUR, NOW, Desk
from tests.calendar_feed.on_disk.feed_folder import Site, small_world, write
from tests.sqlite_copy import sqlite_copy


@pytest.fixture(autouse=True)
def few_feeds() -> Iterator[None]:
    """Every test of this folder lives in the small world."""
    with small_world():
        yield


@pytest.fixture(scope="session")
def written(loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A folder that was written once, for tests that only look."""
    home = tmp_path_factory.mktemp("written")
    folder = home / "site"
    with sqlite_copy(loaded_sqlite, home) as database, small_world():
        desk = Desk(database)
        desk.publish(NOW - 24 * HOUR)
        done = write(desk, folder)
    return folder, home / "iscm.db", done


@pytest.fixture(scope="session")
def published_sqlite(written: Site) -> Path:
    """The small world, published: the file that others copy holds every feed, and is not to be made here."""
    return written[1]


@pytest.fixture
def site(written: Site, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A desk, and the folder that was written from it: copies of the test's own, times kept."""
    folder, file, _ = written
    shutil.copytree(folder, tmp_path / "site")
    with sqlite_copy(file, tmp_path) as database:
        yield SimpleNamespace(desk=Desk(database), folder=tmp_path / "site")
