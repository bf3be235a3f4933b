"""The backup of every night: one a day, read back, and old ones go while new ones come."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.archive.check import check_archive
from models.archive.nightly import DAYS, MONTHS, Nightly, back_up, kept_days, prune
from models.database import Database
from tests.archives import belongings

NIGHT = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def _nightly(tmp_path: Path) -> Nightly:
    return Nightly(folder=tmp_path / "backups", belongings=belongings(tmp_path), program="1")


def _name(day: date) -> str:
    return f"iscm-{day}.tar.gz"


def test_a_night_leaves_one_sound_backup(database: Database, tmp_path: Path) -> None:
    """It is whole, its owner's alone, and not made again: it may be the one that was restored."""
    nightly = _nightly(tmp_path)
    assert back_up(database, nightly, day=NIGHT, now=NOW) == "iscm-2026-11-23.tar.gz holds 1 rows"
    [file] = nightly.folder.iterdir()
    assert check_archive(file).manifest.taken_at == NOW
    assert (file.stat().st_mode & 0o777, nightly.folder.stat().st_mode & 0o777) == (0o600, 0o700)
    before = file.stat()
    assert back_up(database, nightly, day=NIGHT, now=NOW + timedelta(hours=1)) is None
    assert file.stat() == before


def test_a_failing_night_leaves_no_half_file_and_deletes_nothing(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """What is there stays until a new one is sound."""
    nightly = _nightly(tmp_path)
    nightly.folder.mkdir()
    old = [nightly.folder / _name(NIGHT - timedelta(days=number)) for number in range(1, 40)]
    for file in old:
        file.write_bytes(b"x")
    closed = Database(f"sqlite:///{tmp_path / 'nothing' / 'iscm.db'}")
    with pytest.raises(Exception, match="unable to open database file"):
        back_up(closed, nightly, day=NIGHT, now=NOW)
    assert sorted(nightly.folder.iterdir()) == sorted(old)


def test_only_backups_of_nights_are_ever_deleted(tmp_path: Path) -> None:
    """A name that differs by a letter, a folder, a link: not ours to delete. Drafts of the dead are."""
    for number in range(60):
        (tmp_path / _name(NIGHT - timedelta(days=number))).write_bytes(b"x")
    others = ["iscm-2020-01-01.tar.gz.gpg", "iscm-2020-13-01.tar.gz", "before-upgrade.tar.gz", "iscm.db"]
    for name in others:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "iscm-2020-01-02.tar.gz").mkdir()
    (tmp_path / "iscm-2020-01-03.tar.gz").symlink_to(tmp_path / "iscm.db")
    dead, living = (tmp_path / f".iscm-2026-11-2{number}.tar.gz.1.ab.part" for number in (2, 3))
    for draft in (dead, living):
        draft.write_bytes(b"x")
    os.utime(dead, (0, 0))
    deleted = prune(tmp_path)
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {
        *others,
        "iscm-2020-01-02.tar.gz",
        "iscm-2020-01-03.tar.gz",
        living.name,
        *(_name(NIGHT - timedelta(days=number)) for number in range(14)),
        "iscm-2026-11-01.tar.gz",
        "iscm-2026-10-01.tar.gz",
        "iscm-2026-09-25.tar.gz",
    }
    assert len(deleted) == 60 - 14 - 3
    assert prune(tmp_path) == []


def test_a_year_of_nights_leaves_fourteen_days_and_twelve_months() -> None:
    """Night after night, as it happens: the firsts of months outlive their neighbours."""
    kept: set[date] = set()
    for number in range(800):
        day = date(2025, 1, 1) + timedelta(days=number)
        kept = kept_days({*kept, day})
        assert day in kept
    newest = date(2025, 1, 1) + timedelta(days=799)
    assert newest == date(2027, 3, 11)
    days = {newest - timedelta(days=number) for number in range(14)}
    months = {date(2026, month, 1) for month in range(4, 13)} | {date(2027, month, 1) for month in (1, 2, 3)}
    assert kept == days | months


@given(st.sets(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), min_size=1))
def test_the_newest_is_never_deleted_whatever_the_clock_said(days: set[date]) -> None:
    """Backups are counted: years apart or of the future, the newest fourteen stay."""
    kept = kept_days(days)
    assert set(sorted(days)[-DAYS:]) <= kept <= days
    assert len(kept) <= DAYS + MONTHS
