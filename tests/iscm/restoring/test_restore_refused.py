"""A backup that cannot come back whole leaves everything as it was."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from iscm.restoring.restore import NoRoom
from iscm.restoring.target import InUse
from iscm.settings import Settings
from models.archive.tar import BadArchive
from models.database import Database
from tests.archives import read_all, remade
from tests.iscm.restoring.machines import (
    MachineOf,
    back_up,
    bring_back,
    rows_of,
)


def test_nothing_is_replaced_while_anybody_works_with_the_database(home: Settings, tmp_path: Path) -> None:
    """A service, a command: whoever has it open is found out, whatever is forced."""
    path = back_up(home, tmp_path / "a.tar.gz")
    before = rows_of(home)
    other = Database(home.database_url)
    with other.reading() as session:
        session.execute(text("SELECT 1 FROM publication")).all()
        with pytest.raises(InUse, match=r"Stop it, then restore"):
            bring_back(home, path, force=True)
    other.close()
    assert rows_of(home) == before
    bring_back(home, path, force=True)


def _with(rows: bytes, path: Path, to: Path) -> Path:
    return remade(path, to, {"tables/revisions.jsonl": rows})


def test_a_failure_half_way_leaves_everything_as_it_was(home: Settings, tmp_path: Path) -> None:
    """A row in the last third that does not fit: database, keys and folder are untouched."""
    good = back_up(home, tmp_path / "a.tar.gz")
    lines = read_all(good)["tables/revisions.jsonl"].splitlines(keepends=True)
    bad = _with(b"".join([*lines, lines[-1]]), good, tmp_path / "bad.tar.gz")
    before = rows_of(home)
    files = {file: file.stat().st_size for file in home.data_dir.rglob("*") if file.is_file()}
    with pytest.raises(BadArchive, match=r"its rows of revisions do not fit"):
        bring_back(home, bad, force=True)
    assert rows_of(home) == before
    after = {file: file.stat().st_size for file in home.data_dir.rglob("*") if file.is_file()}
    assert after == files
    assert not list(tmp_path.rglob(".*.part*"))


def test_a_newer_revision_is_refused(home: Settings, machine: MachineOf, tmp_path: Path) -> None:
    """Its tables are unknown here; the sentence says what to do."""
    path = back_up(home, tmp_path / "a.tar.gz")
    manifest = json.loads(read_all(path)["manifest.json"])
    newer = json.dumps({**manifest, "revision": "0999"}).encode()
    remade(path, tmp_path / "b.tar.gz", {"manifest.json": newer}, honest=False)
    with pytest.raises(BadArchive, match=r"newer release .*revision 0999"):
        bring_back(machine("away"), tmp_path / "b.tar.gz")


def test_a_disk_without_room_is_told_before_anything_is_done(
    home: Settings, machine: MachineOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In megabytes, and nothing is there afterwards."""
    path = back_up(home, tmp_path / "a.tar.gz")
    away = machine("away")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1000))
    with pytest.raises(NoRoom, match=r"needs about \d+ MB .* and 0 MB are free"):
        bring_back(away, path)
    assert [file.name for file in away.data_dir.iterdir()] == ["secret_key"]
