"""Feeds as files have the service's bytes and times, and nothing stands beside them."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from calendar_feed.on_disk.register import NAME
from calendar_feed.on_disk.tree import LOCK
from calendar_feed.on_disk.writing import MOVED
from calendar_feed.overview import NothingPublished
from calendar_feed.standings import read_standings
from models.database import Database
from tests.calendar_feed.desk import HOUR, NOW, Desk
from tests.calendar_feed.on_disk.feed_folder import EACH, WORLD, Site, behind, served, write


def test_first_run_writes_ten_files_of_every_feed_and_a_copy_of_each(
    written: Site,
) -> None:
    """At the paths of their addresses, readable by everybody whatever the umask, and nothing besides."""
    folder, file, done = written
    database = Database(f"sqlite:///{file}")
    with database.reading() as session:
        feeds = len(read_standings(session).feeds)
    database.close()
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert (done.feeds, done.files, done.written, done.removed) == (feeds, EACH * feeds, EACH * feeds, 0)
    assert len(found) == 2 * EACH * feeds + len({NAME, LOCK, MOVED})
    assert {path.stat().st_mode & 0o777 for path in found} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_dir()} == {0o755}


def test_files_have_the_bytes_and_the_time_that_the_service_tells(
    written: Site,
) -> None:
    """Every feed in each variant and form, and the same in the copy when unpacked."""
    folder, file, _ = written
    database = Database(f"sqlite:///{file}")
    desk = Desk(database)
    looked = 0
    for path in sorted(folder.rglob("*.*")):
        if path.suffix not in {".gz", ".map"} and path.is_file() and not path.name.startswith("."):
            looked += 1
            body, at = served(desk, str(path.relative_to(folder)))
            packed = path.with_name(path.name + ".gz")
            assert (path.read_bytes(), path.stat().st_mtime_ns) == (body, at * 10**9)
            assert (gzip.decompress(packed.read_bytes()), packed.stat().st_mtime_ns) == (body, at * 10**9)
            assert packed.read_bytes()[4:8] == b"\0\0\0\0"
    database.close()
    assert looked == EACH * len(WORLD)


def test_moved_keys_stand_in_a_map_for_nginx(written: Site) -> None:
    """Old names of mechanisms; no feed that is there is led away from."""
    folder, _, _ = written
    lines = (folder / MOVED).read_text().splitlines()
    assert "mechanism/igad-rcp mechanism/mid-igad;" in lines
    assert "mechanism/mid-igad" not in {line.split()[0] for line in lines}


def test_nothing_is_written_before_anything_is_published(sqlite_registry: Database, tmp_path: Path) -> None:
    """An empty folder would look like calendars without a meeting."""
    with pytest.raises(NothingPublished):
        write(Desk(sqlite_registry), tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_both_databases_give_the_same_files(any_desk: Desk, tmp_path: Path) -> None:
    """What is written from PostgreSQL is what it serves."""
    any_desk.publish()
    done = write(any_desk, tmp_path / "site")
    assert done.written == done.files == EACH * done.feeds
    for path in (
        "feeds/all.ics",
        "feeds/v/sessions/all.ics",
        "feeds/region/africa.atom",
        "feeds/type/irf.jcal",
    ):
        assert (tmp_path / "site" / path).read_bytes() == served(any_desk, path)[0]
    any_desk.advance(date(2027, 1, 1))
    any_desk.publish(NOW + HOUR)
    assert write(any_desk, tmp_path / "site").files >= done.files
    assert behind(any_desk, tmp_path / "site") == 0
