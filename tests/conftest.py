"""What tests are given: databases of both kinds, the bundled registry, a browser; and a guard around them."""

import os
import shutil
import subprocess
import sys
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from models.database import Database
from tests.loopback import stay_on_loopback
from tests.postgresql import Server, programs
from tests.sqlite_copy import sqlite_copy
from tests.system_packages import missing

CHROMIUM = Path("/usr/bin/chromium")
SQLITE, POSTGRESQL = "sqlite", "postgresql"

zoneinfo.reset_tzpath(to=[])
stay_on_loopback()
# Two busy cores make any single example slow; the same examples every time make a red run repeatable.
hypothesis.settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that use the browser last: Playwright's event loop stays, and no other runs beside it."""
    uses_browser = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path in uses_browser)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server for the whole run (one for each worker of a parallel run)."""
    found = programs()
    if found is None:
        missing("PostgreSQL")
    server = Server(found)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without a record, to be copied."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    _upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def loaded_sqlite(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Path:
    """A SQLite file with the bundled registry, to be copied."""
    folder = tmp_path_factory.mktemp("loaded")
    shutil.copy(empty_sqlite, folder / "iscm.db")
    _load_registry(f"sqlite:///{folder / 'iscm.db'}", folder)
    return folder / "iscm.db"


@pytest.fixture(scope="session")
def empty_postgresql(postgresql: Server) -> str:
    """The name of a migrated PostgreSQL database without a record, to be copied."""
    name = postgresql.create()
    _upgrade(postgresql.url(name))
    return name


@pytest.fixture(scope="session")
def loaded_postgresql(
    postgresql: Server, empty_postgresql: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a PostgreSQL database with the bundled registry, to be copied."""
    name = postgresql.create(empty_postgresql)
    _load_registry(postgresql.url(name), tmp_path_factory.mktemp("loaded"))
    return name


@pytest.fixture
def sqlite_database(empty_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database of the test's own, without a record."""
    with sqlite_copy(empty_sqlite, tmp_path) as copy:
        yield copy


@pytest.fixture
def sqlite_registry(loaded_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A SQLite database of the test's own with the bundled registry."""
    with sqlite_copy(loaded_sqlite, tmp_path) as copy:
        yield copy


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database of the test's own without a record: once SQLite, once PostgreSQL."""
    if request.param == SQLITE:
        with sqlite_copy(request.getfixturevalue("empty_sqlite"), tmp_path) as copy:
            yield copy
    else:
        server, template = (request.getfixturevalue(name) for name in ("postgresql", "empty_postgresql"))
        yield from _postgresql_copy(server, template)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own with the bundled registry: once SQLite, once PostgreSQL."""
    if request.param == SQLITE:
        with sqlite_copy(request.getfixturevalue("loaded_sqlite"), tmp_path) as copy:
            yield copy
    else:
        server, template = (request.getfixturevalue(name) for name in ("postgresql", "loaded_postgresql"))
        yield from _postgresql_copy(server, template)


@pytest.fixture
def address_of() -> Callable[[Database], str]:
    """The address of a database as ISCM_DATABASE_URL takes it, for a process started by the test."""
    return lambda database: database.url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How pytest-playwright starts the system's chromium: silent, and kept on this machine."""
    if not CHROMIUM.exists():
        missing("chromium")
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    # Chromium's sandbox does not run as root, and a container's shared memory is small.
    narrow = ["--no-sandbox", "--disable-dev-shm-usage"] if os.geteuid() == 0 else []
    return {"executable_path": CHROMIUM, "args": [*quiet, *narrow]}


def _postgresql_copy(server: Server, template: str) -> Iterator[Database]:
    name = server.create(template)
    database = Database(server.url(name))
    yield database
    database.close()
    server.drop(name)


def _upgrade(url: str) -> None:
    database = Database(url)
    database.upgrade()
    database.close()


def _load_registry(url: str, folder: Path) -> None:
    """By the command itself, as an operator would."""
    subprocess.run(
        [sys.executable, "-m", "iscm", "reference", "load"],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "ISCM_DATABASE_URL": url, "ISCM_DATA_DIR": str(folder)},
    )
