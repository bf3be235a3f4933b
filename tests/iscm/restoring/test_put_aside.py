"""What stood where a backup comes back is replaced only by force, and kept beside it."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from iscm.restoring.restore import HoldsRecords
from iscm.settings import Settings, load_settings
from models.database import Database
from tests.archives import all_rows
from tests.iscm.restoring.machines import LATER, MachineOf, back_up, bring_back, depart, rows_of, states
from tests.signing import pem


def test_records_are_replaced_only_by_force_and_a_file_is_kept(home: Settings, tmp_path: Path) -> None:
    """Without it nothing changes; with it the old file stands beside the new one."""
    path = back_up(home, tmp_path / "a.tar.gz")
    depart(home, "reader1@example.org", now=LATER)
    before = rows_of(home)
    with pytest.raises(HoldsRecords, match=r"then restore with --force"):
        bring_back(home, path)
    assert rows_of(home) == before
    done = bring_back(home, path, force=True)
    if home.database_url.startswith("sqlite"):
        old = Database(f"sqlite:///{done.aside[0]}")
        assert all_rows(old) == before
        old.close()
    else:
        assert done.aside == []


def test_a_damaged_file_is_put_aside_by_force(home: Settings, machine: MachineOf, tmp_path: Path) -> None:
    """That is what a backup is for: it counts as one with records, and is kept all the same."""
    path = back_up(home, tmp_path / "a.tar.gz")
    away = machine("away")
    (away.data_dir / "iscm.db").write_bytes(b"no database at all" * 1000)
    with pytest.raises(HoldsRecords):
        bring_back(away, path)
    done = bring_back(away, path, force=True)
    assert done.aside[0].read_bytes() == b"no database at all" * 1000
    assert len(states(away)) == 3


def test_journals_and_keys_of_another_history_are_put_aside(
    home: Settings, machine: MachineOf, tmp_path: Path
) -> None:
    """Journals tell of letters the record no longer has; the DKIM key comes into the data folder."""
    key = tmp_path / "dkim.pem"
    key.write_bytes(pem())
    signing = {"dkim_selector": "a", "dkim_domain": "example.org", "dkim_key_file": key}
    own = load_settings(data_dir=home.data_dir, database_url=home.database_url, **signing)
    path = back_up(own, tmp_path / "a.tar.gz")
    away = machine("away")
    (away.data_dir / "journals").mkdir()
    (away.data_dir / "journals" / "one.journal").write_text("x")
    (away.data_dir / "dkim_key").write_text("older")
    done = bring_back(away, path)
    assert (away.data_dir / "dkim_key").read_bytes() == pem()
    assert sorted(one.name.partition(".")[0] for one in done.aside) == ["dkim_key", "journals"]
    assert not (away.data_dir / "journals").exists()


def test_a_wal_of_the_old_file_never_meets_the_new_one(home: Settings, tmp_path: Path) -> None:
    """What a killed service left in it goes into the old file before that is put aside."""
    if not home.database_url.startswith("sqlite"):
        return
    path = back_up(home, tmp_path / "a.tar.gz")
    file = Path(home.database_url.removeprefix("sqlite:///"))
    _leave_a_wal(file)
    done = bring_back(home, path, force=True)
    old = sqlite3.connect(done.aside[0])
    assert old.execute("SELECT count(*) FROM regions WHERE slug = 'late'").fetchone() == (1,)
    old.close()
    assert len(states(home)) == 3


def _leave_a_wal(file: Path) -> None:
    """Leave a WAL with a committed row, as a process does that is killed."""
    copy = file.with_name("copy.db")
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("INSERT INTO regions (slug, name, position) VALUES ('late', 'Late', 99)")
    for ending in ("", "-wal"):
        shutil.copy(f"{file}{ending}", f"{copy}{ending}")
    connection.close()
    for ending in ("", "-wal"):
        Path(f"{copy}{ending}").replace(f"{file}{ending}")
