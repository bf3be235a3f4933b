"""A backup comes back whole, on any machine and database."""

from pathlib import Path

import pytest

from calendar_feed.overview import check_feeds
from calendar_feed.publication import publish
from iscm.settings import Settings, load_settings
from iscm.soundness import damage, errors
from models.database import Database
from tests.archives import SECRET
from tests.iscm.restoring.machines import (
    DOCUMENT,
    NOW,
    MachineOf,
    back_up,
    bring_back,
    depart,
    rows_of,
    states,
)

# What a restore changes by intent, and what follows from it.
_RAISED = {"publication", "rendered", "renderings", "feeds", "feed_entries"}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_moves_to_another_machine_and_either_database(
    home: Settings, machine: MachineOf, tmp_path: Path, kind: str
) -> None:
    """Every row, the key, the documents; feeds are sound, the search is whole, references hold."""
    depart(home, "reader1@example.org", now=NOW)
    before = rows_of(home)
    path = back_up(home, tmp_path / "a.tar.gz")
    away = machine("away", kind=kind)
    (away.data_dir / "secret_key").write_text("another key, made when iscm was first started here")
    away = load_settings(data_dir=away.data_dir, database_url=away.database_url)
    done = bring_back(away, path)

    after = rows_of(away)
    assert {name: len(rows) for name, rows in after.items()} == dict(done.manifest.rows)
    assert {name for name in after if after[name] != before[name]} <= _RAISED
    assert (away.data_dir / "secret_key").read_text().strip() == SECRET
    assert (away.data_dir / "documents" / DOCUMENT).read_bytes() == b"%PDF-1.7"
    assert (away.data_dir / "departures").read_bytes() == (home.data_dir / "departures").read_bytes()
    database = Database(away.database_url)
    with database.reading() as session:
        assert check_feeds(session) == []
    assert damage(database) + errors(database) == []
    database.close()
    assert [path.read_text()[:11] for path in done.aside] == ["another key"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_that_was_only_made_is_replaced_without_force(
    home: Settings, machine: MachineOf, tmp_path: Path, kind: str
) -> None:
    """Tables, the clock's notes and empty feeds are no records: nothing would be lost."""
    path = back_up(home, tmp_path / "a.tar.gz")
    away = machine("away", kind=kind)
    database = Database(away.database_url)
    database.upgrade()
    with database.writing() as session:
        publish(session, now=NOW, base_url="http://127.0.0.1:8000")
    database.close()
    bring_back(away, path)
    assert len(states(away)) == 3
