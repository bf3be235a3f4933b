"""Databases that are locked, full, read-only or gone: a clear sentence, nothing lost, feeds as they were."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.journeys.house import House, Serving, until
from tests.journeys.test_feeds import SHOWN_WITHIN, whole

MEETING = (
    "--mechanism",
    "midsa",
    "--title",
    "Technical Meeting",
    "--from",
    "2027-03-02",
    "--to",
    "2027-03-03",
)

BACK_WITHIN = 5.0 + SHOWN_WITHIN
"""Seconds until a change is shown after a trouble is over: a failing job is left alone for five at most."""


@pytest.fixture
def filesystem(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, mounted as the data folder of the house."""
    folder = tmp_path / "data"
    folder.mkdir()
    mounted = mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder))
    if mounted.returncode:
        pytest.skip(f"a small disk needs the right to mount ({mounted.stderr.strip()})")
    yield folder
    unmount(folder)


def mount(*words: str) -> subprocess.CompletedProcess[str]:
    """Mount something."""
    program = shutil.which("mount") or "/bin/mount"
    return subprocess.run([program, *words], check=False, capture_output=True, text=True)


def unmount(folder: Path) -> None:
    """Take away what was mounted last."""
    subprocess.run([shutil.which("umount") or "/bin/umount", "--lazy", folder], check=True)


@pytest.fixture
def small_house(tmp_path: Path, filesystem: Path, loaded_sqlite: Path) -> House:
    """A house whose data folder is a small disk."""
    shutil.copy(loaded_sqlite, filesystem / "iscm.db")
    return House(tmp_path)


def administrate(house: House, *statements: LiteralString) -> None:
    """Have the server's own user do something to the database, and end every connection to it."""
    assert house.database_url is not None
    address = make_url(house.database_url)
    name, host = str(address.database), str(address.query["host"])
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )


def held_up(house: House, serving: Serving, *, sentence: str, over: Callable[[], None]) -> None:
    """Prove the promises while a trouble lasts and after it; sentence is how a refusal of it begins."""
    before = house.ask("/feeds/all.ics")
    assert house.run("meetings", "add", *MEETING, code=1).startswith(f"iscm: {sentence}")
    during = house.ask("/feeds/all.ics")
    assert (during.status, during.body) == (200, before.body)
    assert serving.process.poll() is None
    over()
    slug = house.run("meetings", "add", *MEETING).strip()
    until(lambda: len(whole(house)) == 159, seconds=BACK_WITHIN, what=f"{slug} is shown")
    # A job whose connection was cut in the middle of its work tells of that first, and then of the trouble.
    told = [line.partition("]")[2] for line in serving.log.splitlines() if "failed" in line]
    assert len(set(told)) == len(told), f"told more than once:\n{serving.log}"


def test_locked_database(house: House) -> None:
    """Another program holds the write lock for longer than one waits."""
    with house.serving() as serving:
        whole(house)
        holder = sqlite3.connect(house.database_file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        held_up(
            house,
            serving,
            sentence="The database is busy",
            over=holder.rollback,
        )
        holder.close()


def test_read_only_server(postgresql_house: House) -> None:
    """The server takes no writing for a while, as a standby does."""
    house = postgresql_house
    with house.serving() as serving:
        whole(house)
        administrate(house, "ALTER DATABASE {} SET default_transaction_read_only = on")
        held_up(
            house,
            serving,
            sentence="The database server accepts no writing",
            over=lambda: administrate(house, "ALTER DATABASE {} RESET default_transaction_read_only"),
        )


def test_server_that_is_gone_for_a_while(postgresql_house: House) -> None:
    """The server lets nobody in: feeds go on, pages say why, and everything comes back by itself."""
    house = postgresql_house
    with house.serving() as serving:
        whole(house)
        administrate(house, "ALTER DATABASE {} ALLOW_CONNECTIONS false")
        until(lambda: "publish feeds failed" in serving.log, seconds=10, what="the log tells of it")
        assert house.ask("/readyz").status == 503
        assert house.ask("/").status == 503
        held_up(
            house,
            serving,
            sentence="The database server takes no connections to this database just now",
            over=lambda: administrate(house, "ALTER DATABASE {} ALLOW_CONNECTIONS true"),
        )


def test_full_disk(small_house: House) -> None:
    """Not a byte is left on the disk of the data folder."""
    house = small_house
    with house.serving() as serving:
        whole(house)
        # It would make room when it fails: what it had written is taken away then.
        wait_for_backup(serving)
        filler = house.folder / "data" / "filler"
        fill(filler)
        held_up(
            house,
            serving,
            sentence="The disk is full, so nothing was written",
            over=filler.unlink,
        )


def test_read_only_folder(small_house: House) -> None:
    """The data folder becomes read-only for whoever opens it anew."""
    house = small_house
    folder = house.folder / "data"
    with house.serving() as serving:
        whole(house)
        wait_for_backup(serving)
        # Made read-only beside it, since a file opened for writing in between would keep it writable.
        beside = house.folder / "beside"
        beside.mkdir()
        assert mount("--bind", str(folder), str(beside)).returncode == 0
        assert mount("-o", "remount,bind,ro", str(beside)).returncode == 0
        assert mount("--bind", str(beside), str(folder)).returncode == 0
        unmount(beside)
        held_up(
            house,
            serving,
            sentence="The database cannot be written",
            over=lambda: unmount(folder),
        )


def wait_for_backup(serving: Serving) -> None:
    """Let the first backup of the day be over, which writes for a while."""
    until(lambda: "back up: " in serving.log, seconds=60, what="the log tells of the day's backup")


def fill(filler: Path) -> None:
    """Leave not a byte on the disk, nor room in the log of the database, which keeps what it once took."""
    log = filler.with_name("iscm.db-wal")
    for _ in range(20):
        with closing(sqlite3.connect(filler.with_name("iscm.db"))) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            take_every_byte(filler)
            if not log.stat().st_size:
                return
        filler.unlink()
    pytest.fail("the service wrote each time before the disk was full")


def take_every_byte(filler: Path) -> None:
    """Write until nothing more can be written."""
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 9, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
