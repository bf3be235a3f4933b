"""A database that is locked, read-only, missing or full: one clear sentence, and nothing lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import Database, database
from tests.iscm.commands.record_commands import environment, iscm

SLUG = "grcp-20171010-grcp"
CHANGE = ("meetings", "change", SLUG, "--city", "Bern")


def _city(kept: Database) -> str:
    (row,) = iscm(kept, "meetings", "list", "--mechanism", "grcp", "--year", "2017", "--json").json
    return str(row["city"])


def test_locked_database_is_waited_for_and_then_refused(
    sqlite_registry: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process holds the file a change is refused after a while, and reading goes on."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    holder = sqlite3.connect(str(sqlite_registry.url.database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    ran = iscm(sqlite_registry, *CHANGE)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "iscm: The database is busy: another process has held it for too long. Try again in a moment.\n"
    )
    assert _city(sqlite_registry) == "Geneva"
    holder.execute("ROLLBACK")
    holder.close()
    assert iscm(sqlite_registry, *CHANGE).code == 0
    assert _city(sqlite_registry) == "Bern"


@pytest.fixture
def read_only(loaded_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A database that may be read but not written, in a folder of the same sort."""
    folder = tmp_path / "read-only"
    folder.mkdir()
    shutil.copy(loaded_sqlite, folder / "iscm.db")
    # In WAL mode SQLite cannot even read in a folder that it cannot write; an operator's copy is not in it.
    with sqlite3.connect(folder / "iscm.db") as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    (folder / "iscm.db").chmod(0o444)
    folder.chmod(0o555)
    kept = Database(f"sqlite:///{folder / 'iscm.db'}")
    yield kept
    kept.close()
    folder.chmod(0o755)


def test_read_only_database_can_be_read_and_refuses_a_change(read_only: Database) -> None:
    """Lists are shown as ever; a change is refused with what to do, and the file has not moved by a byte."""
    file = Path(str(read_only.url.database))
    before = file.read_bytes()
    listed = _bound_by_permissions(read_only, "meetings", "list", "--mechanism", "grcp", "--year", "2017")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout.splitlines()[1].startswith(f"{SLUG}\t")
    refused = _bound_by_permissions(read_only, *CHANGE)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "iscm: The database cannot be written: its file or folder is read-only. Let the service write "
        "there.\n"
    )
    assert file.read_bytes() == before


def _bound_by_permissions(kept: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command that file permissions bind; they bind root only once that right is taken from it."""
    freed = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*freed, sys.executable, "-m", "iscm", *arguments],
        env=environment(kept),
        capture_output=True,
        text=True,
        check=False,
    )


def test_missing_database_names_the_command_that_makes_it(tmp_path: Path) -> None:
    """Where no file is, none is made; the sentence says how to make one."""
    absent = Database(f"sqlite:///{tmp_path / 'nowhere' / 'iscm.db'}")
    for arguments in (("meetings", "list"), CHANGE, ("reference", "load"), ("updates", "list")):
        ran = iscm(absent, *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == (
            f"iscm: There is no database at {tmp_path / 'nowhere' / 'iscm.db'} yet. Run: iscm database "
            "upgrade\n"
        )
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """A file of another sort is refused by name of the setting, and not written over."""
    file = tmp_path / "iscm.db"
    file.write_bytes(b"This is a letter, not a database. " * 100)
    before = file.read_bytes()
    ran = iscm(Database(f"sqlite:///{file}"), *CHANGE)
    assert (ran.code, ran.out, ran.err) == (
        1,
        "",
        "iscm: The file is not a database of this program. Check ISCM_DATABASE_URL.\n",
    )
    assert file.read_bytes() == before


def test_server_that_is_not_there_is_named() -> None:
    """A PostgreSQL server that does not answer is said to be the reason."""
    absent = Database("postgresql+psycopg://iscm@127.0.0.1:1/iscm")
    ran = iscm(absent, "meetings", "list")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "iscm: The database server does not answer. Check that it runs and that ISCM_DATABASE_URL is right.\n"
    )
