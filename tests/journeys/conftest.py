"""Houses to make journeys through."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.house import House
from tests.postgresql import Server


@pytest.fixture
def languages() -> str | None:
    """What houses speak; the journeys about feeds and about serving say None instead: as shipped."""
    return "en"


@pytest.fixture
def empty_house(tmp_path: Path, languages: str | None) -> House:
    """An empty folder."""
    return House(tmp_path, languages=languages)


@pytest.fixture
def house(tmp_path: Path, loaded_sqlite: Path, languages: str | None) -> House:
    """A house on SQLite with the bundled registry."""
    (tmp_path / "data").mkdir()
    shutil.copy(loaded_sqlite, tmp_path / "data" / "iscm.db")
    return House(tmp_path, languages=languages)


@pytest.fixture
def postgresql_house(
    tmp_path: Path, postgresql: Server, loaded_postgresql: str, languages: str | None
) -> Iterator[House]:
    """A house on PostgreSQL with the bundled registry."""
    name = postgresql.create(loaded_postgresql)
    yield House(tmp_path, database_url=postgresql.url(name), languages=languages)
    postgresql.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def each_house(request: pytest.FixtureRequest) -> House:
    """The same, once on each database."""
    name = "house" if request.param == "sqlite" else "postgresql_house"
    found = request.getfixturevalue(name)
    assert isinstance(found, House)
    return found


@pytest.fixture
def another(tmp_path_factory: pytest.TempPathFactory) -> Callable[[House], House]:
    """Give a second machine with the same database and key: another data folder, another port."""

    def make(one: House) -> House:
        secret = (one.folder / "data" / "secret_key").read_text(encoding="ascii").strip()
        return House(
            tmp_path_factory.mktemp("another"),
            database_url=one.database_url or f"sqlite:///{one.database_file}",
            settings={
                "ISCM_BASE_URL": f"http://127.0.0.1:{one.port}",
                **one.settings,
                "ISCM_SECRET_KEY": secret,
            },
            languages=one.languages,
        )

    return make
