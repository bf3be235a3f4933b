"""Machines to back up and to restore on."""

from pathlib import Path

import pytest

from calendar_feed.publication import publish
from iscm.settings import Settings, load_settings
from models.database import Database
from tests.archives import SECRET
from tests.iscm.restoring.machines import DOCUMENT, NOW, MachineOf
from tests.letters import add_readers
from tests.postgresql import Server


@pytest.fixture
def machine(tmp_path: Path, request: pytest.FixtureRequest) -> MachineOf:
    """Make the settings of a machine: a data folder of its own, and a database without tables."""

    def make(name: str, *, kind: str = "sqlite", **given: object) -> Settings:
        if kind == "postgresql":
            server: Server = request.getfixturevalue("postgresql")
            given["database_url"] = server.url(server.create())
        settings = load_settings(data_dir=tmp_path / name, **given)
        # The key is a setting only where a test says so.
        if "secret_key" not in given:
            (settings.data_dir / "secret_key").write_text(SECRET)
            settings = load_settings(data_dir=tmp_path / name, **given)
        return settings

    return make


@pytest.fixture
def home(tmp_path: Path, registry: Database) -> Settings:
    """A machine with the registry, three readers, a document and published feeds, on either database."""
    folder = tmp_path / "home"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / DOCUMENT).write_bytes(b"%PDF-1.7")
    (folder / "secret_key").write_text(SECRET)
    url = registry.url.render_as_string(hide_password=False)
    settings = load_settings(data_dir=folder, database_url=url)
    with registry.writing() as session:
        add_readers(session, 3)
        publish(session, now=NOW, base_url="http://127.0.0.1:8000", languages=settings.languages)
    registry.close()
    return settings
