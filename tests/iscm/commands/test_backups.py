"""`iscm database backup` and `restore`, as an operator types them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.archive.check import check_archive
from models.archive.placing import AlreadyThere
from tests.archives import read_all
from tests.iscm.commands.test_database import _run


@pytest.fixture
def record(bare_folder: Path) -> Path:
    """A folder whose data hold the bundled registry."""
    assert _run("database", "upgrade")[0] == 0
    assert _run("reference", "load")[0] == 0
    return bare_folder


def test_backup_and_restore_say_what_they_did(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows, moment and what to do next; the file is whole, and another machine takes it."""
    code, said = _run("database", "backup", "a.tar.gz")
    rows = sum(check_archive(record / "a.tar.gz").manifest.rows.values())
    assert code == 0
    assert said.startswith(f"a.tar.gz holds {rows} rows of ")
    monkeypatch.setenv("ISCM_DATA_DIR", str(record / "away"))
    code, said = _run("database", "restore", "a.tar.gz")
    assert code == 0
    assert said.startswith(f"Restored {rows} rows and 0 documents as of ")
    assert said.endswith("Look at it, then start the service: iscm serve\n")
    assert _run("database", "check")[1].startswith("The database is sound")
    assert _run("feeds", "check")[1].endswith("feeds are sound.\n")


def test_a_backup_never_overwrites_a_file(record: Path) -> None:
    """Nor leaves a half one beside it."""
    (record / "a.tar.gz").write_text("mine")
    with pytest.raises(AlreadyThere, match=r"a.tar.gz exists already"):
        _run("database", "backup", "a.tar.gz")
    assert (record / "a.tar.gz").read_text() == "mine"
    assert {path.name for path in record.iterdir()} == {"a.tar.gz", "data"}


def test_a_backup_goes_to_standard_output(record: Path) -> None:
    """The archive and nothing else, for a pipe to another machine."""
    made = _iscm(record, "database", "backup", "-")
    assert (made.returncode, made.stderr) == (0, b"")
    (record / "piped.tar.gz").write_bytes(made.stdout)
    assert read_all(record / "piped.tar.gz").keys() == {
        *check_archive(record / "piped.tar.gz").manifest.members,
        "manifest.json",
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backup", "/proc/nowhere/a.tar.gz"), "No such file or directory"),
        (("backup", "/dev/full"), "exists already"),
        (("restore", "data/iscm.db"), "The archive is damaged: it is not packed by gzip"),
        (("restore", "empty"), "The archive is cut short"),
    ],
)
def test_trouble_is_one_sentence_and_exit_1(record: Path, words: tuple[str, ...], said: str) -> None:
    """A folder that is not there, a file that is no archive: told, and nothing changed."""
    (record / "empty").touch()
    before = (record / "data" / "iscm.db").read_bytes()
    done = _iscm(record, "database", *words)
    assert (done.returncode, done.stdout) == (1, b"")
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
    assert (record / "data" / "iscm.db").read_bytes() == before


@pytest.mark.skipif(
    os.geteuid() == 0 and not Path("/usr/bin/setpriv").exists(), reason="root writes anywhere"
)
def test_a_folder_that_cannot_be_written_is_told(record: Path) -> None:
    """The operator reads which file it is, and no traceback."""
    _run("database", "backup", "a.tar.gz")
    locked = record / "locked"
    locked.mkdir(mode=0o500)
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    done = _iscm(record, "database", "backup", "locked/b.tar.gz", before=drop)
    assert done.returncode == 1
    assert done.stderr.endswith(b"Permission denied.\n")


def _iscm(folder: Path, *words: str, before: list[str] | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*(before or []), sys.executable, "-m", "iscm", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        check=False,
    )
