"""Feeds as files: the service's bytes, only what changed, whole at every moment, nothing else touched."""

import errno
import fcntl
import gzip
import os
import shutil
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from calendar_feed.asked import asked_for
from calendar_feed.on_disk.register import NAME, NotOurs
from calendar_feed.on_disk.tree import LOCK, AnotherWrites, CannotWrite, SomethingInTheWay
from calendar_feed.on_disk.writing import MOVED, Written, files_behind, write_feeds
from calendar_feed.overview import NothingPublished
from calendar_feed.selection import all_feeds
from calendar_feed.served import read_feed
from calendar_feed.standings import read_standings
from models.database import Database
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting
from models.meeting_delete import delete_meeting
from models.rendering import Feed
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk

A_SECOND = timedelta(seconds=1)
EACH = 10
"""Files of one feed: itself, five variants, four other forms."""


def write(desk: Desk, folder: Path, *, patience: float = 0.0) -> Written:
    """Write the feeds once."""
    with desk.database.reading() as session:
        return write_feeds(session, folder, patience=patience)


def behind(desk: Desk, folder: Path) -> int:
    """How many files are not current."""
    with desk.database.reading() as session:
        return files_behind(session, folder)


def tree(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file below a folder but the register: its inode, its time, its bytes."""
    return {
        str(file.relative_to(folder)): (file.stat().st_ino, file.stat().st_mtime_ns, file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != NAME
    }


def served(desk: Desk, path: str) -> tuple[bytes, int]:
    """What the service answers at the address of a file: bytes and Last-Modified."""
    asked = asked_for(f"/{path}")
    assert asked is not None
    with desk.database.reading() as session:
        feed = read_feed(session, asked)
    assert feed is not None
    return feed.body, int(feed.last_modified.timestamp())


Site = tuple[Path, Path, Written]
"""A folder, the database it was written from, and what the first run said."""


WORLD = {
    *("all", "type/rcp", "type/irf", "mechanism/midsa", "mechanism/mid-igad", "region/africa", "country/zm"),
    *("kind/ministerial", "theme/gcm", "archive/2017"),
}
"""One feed of every family, and some more."""


@pytest.fixture(scope="module", autouse=True)
def small_world() -> Iterator[None]:
    """A world of few feeds: hundreds of them would prove nothing more, and keep the disk busy."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            "calendar_feed.feed_rows.all_feeds",
            lambda known: {key: sources for key, sources in all_feeds(known).items() if key in WORLD},
        )
        yield


@pytest.fixture(scope="module")
def written(loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, small_world: None) -> Site:
    """A folder that was written once, for tests that only look."""
    home = tmp_path_factory.mktemp("written")
    file, folder = home / "iscm.db", home / "site"
    shutil.copy(loaded_sqlite, file)
    database = Database(f"sqlite:///{file}")
    desk = Desk(database)
    desk.publish(NOW - 24 * HOUR)
    done = write(desk, folder)
    database.close()
    return folder, file, done


@pytest.fixture(scope="module")
def published_sqlite(written: Site) -> Path:
    """The small world, published: the file that others copy holds every feed, and is not to be made here."""
    return written[1]


@pytest.fixture
def site(written: Site, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A desk, and the folder that was written from it: copies of the test's own, times kept."""
    folder, file, _ = written
    shutil.copytree(folder, tmp_path / "site")
    shutil.copy(file, tmp_path / "iscm.db")
    database = Database(f"sqlite:///{tmp_path / 'iscm.db'}")
    yield SimpleNamespace(desk=Desk(database), folder=tmp_path / "site")
    database.close()


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


def test_second_run_touches_nothing(site: SimpleNamespace) -> None:
    """No file is written, dated or opened for writing: inode, time and bytes of every one stay."""
    before, register = tree(site.folder), (site.folder / NAME).stat()
    begun = time.monotonic()
    done = write(site.desk, site.folder)
    assert time.monotonic() - begun < 2
    assert not done.did_something
    assert tree(site.folder) == before
    after = (site.folder / NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (register.st_ino, register.st_mtime_ns)
    assert behind(site.desk, site.folder) == 0


def test_edit_of_one_meeting_writes_the_files_of_its_feeds_alone(site: SimpleNamespace) -> None:
    """What changed is what the service serves anew; all other files keep inode and time."""
    desk, folder = site.desk, site.folder
    before, marks = tree(folder), desk.marks()
    slug = desk.do(add_meeting, MEETING)
    desk.publish(NOW + HOUR)
    changed = {path for path, mark in desk.marks().items() if marks.get(path) != mark}
    assert behind(desk, folder) == EACH * len(changed)
    done = write(desk, folder)
    after = tree(folder)
    differing = {path for path in before if before[path] != after[path]}
    assert done.written + done.dated == EACH * len(changed)
    assert {f"/{path}" for path in differing if path.endswith(".ics") and "/v/" not in path} == changed & {
        f"/{path}" for path in before
    }
    for path in (*sorted(differing)[::17], "feeds/v/utc/mechanism/midsa.ics"):
        plain = path.removesuffix(".gz")
        assert (folder / plain).read_bytes() == served(desk, plain)[0]
    assert slug.encode() in (folder / "feeds/all.ics").read_bytes()


def test_times_never_go_back(site: SimpleNamespace) -> None:
    """Through an edit, a deletion, a clock that was put back and a record that is younger than the files."""
    desk, folder = site.desk, site.folder
    file = folder / "feeds/mechanism/midsa.ics"
    times = [file.stat().st_mtime]
    slug = desk.do(add_meeting, MEETING)
    for moment in (NOW + HOUR, NOW - 48 * HOUR):
        desk.publish(moment)
        write(desk, folder)
        times.append(file.stat().st_mtime)
        desk.do(change_meeting, slug, {"city": f"Lusaka {moment:%d}"})
    desk.do(delete_meeting, slug)
    desk.publish(NOW - 48 * HOUR)
    write(desk, folder)
    times.append(file.stat().st_mtime)
    with desk.database.writing() as session:
        row = session.get_one(Feed, ("mechanism/midsa", "en"))
        row.changed_at, row.hash = NOW - 1000 * HOUR, "another"
    write(desk, folder)
    times.append(file.stat().st_mtime)
    assert times == sorted(set(times))
    assert all(time.is_integer() for time in times)


def test_feed_that_is_gone_is_removed_and_other_files_stay(site: SimpleNamespace) -> None:
    """With its copies, variants and forms, and folders that are empty then; what others put there stays."""
    desk, folder = site.desk, site.folder
    strange = {folder / "index.html", folder / "feeds/v/busy/theme/notes.txt", folder / "feeds/own.ics"}
    for file in strange:
        file.write_text("not ours")
    with desk.database.writing() as session:
        themes = [row for row in session.query(Feed) if row.path.startswith("theme/")]
        for row in themes:
            session.delete(row)
    done = write(desk, folder)
    assert done.removed == EACH == EACH * len(themes)
    left = {path for path in folder.rglob("*") if "theme" in str(path.relative_to(folder))}
    assert left == {folder / "feeds/v/busy/theme", folder / "feeds/v/busy/theme/notes.txt"}
    assert {file.read_text() for file in strange} == {"not ours"}


def test_file_that_somebody_deleted_or_spoiled_is_written_again(site: SimpleNamespace) -> None:
    """Also where only the compressed copy is missing; the others stay as they were."""
    desk, folder = site.desk, site.folder
    before = tree(folder)
    (folder / "feeds/all.ics").write_bytes(b"BEGIN:VCALENDAR")
    (folder / "feeds/type/rcp.json").unlink()
    (folder / "feeds/country/zm.ics.gz").unlink()
    done = write(desk, folder)
    after = tree(folder)
    assert done.written == 3
    assert {path: one[2] for path, one in after.items()} == {path: one[2] for path, one in before.items()}
    # At most: a file that is written again may get the number of the one that was deleted.
    untouched = {path for path in before if before[path] == after[path]}
    assert len(before) - len(untouched) <= 4


def test_other_code_compares_bytes_and_leaves_what_is_the_same(
    site: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade every file is made anew, and none is written that has the bytes it should have."""
    before = tree(site.folder)
    monkeypatch.setattr("calendar_feed.on_disk.wanted._program", lambda: "the next release")
    done = write(site.desk, site.folder)
    assert (done.written, done.dated) == (0, 0)
    assert tree(site.folder) == before


def test_folder_that_is_not_ours_is_refused(desk: Desk, tmp_path: Path) -> None:
    """With a file of somebody else's, or a mark that cannot be read; nothing is written there."""
    home, spoiled = tmp_path / "home", tmp_path / "spoiled"
    for folder in (home, spoiled):
        folder.mkdir()
    (home / "letter.txt").write_text("mine")
    (spoiled / NAME).write_text("{}")
    with pytest.raises(NotOurs, match=r"holds letter\.txt and was not written by this program"):
        write(desk, home)
    with pytest.raises(NotOurs, match="cannot be read"):
        write(desk, spoiled)
    assert [path.name for path in home.iterdir()] == ["letter.txt"]
    assert [path.name for path in spoiled.iterdir()] == [NAME]


@pytest.mark.parametrize(
    "place", ["feeds", "feeds/type", "feeds/v/busy", "feeds/all.ics", "feeds/type/rcp.csv.gz"]
)
def test_link_in_the_folder_is_refused(site: SimpleNamespace, tmp_path: Path, place: str) -> None:
    """Nothing outside is written, whatever part of a path leads there."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (site.folder / place).rename(tmp_path / "moved")
    target = outside if (tmp_path / "moved").is_dir() else outside / "file"
    (site.folder / place).symlink_to(target)
    with pytest.raises(SomethingInTheWay, match="Links are never followed"):
        write(site.desk, site.folder)
    assert list(outside.iterdir()) == []


def test_what_a_killed_run_left_half_written_is_deleted(site: SimpleNamespace) -> None:
    """Parts of files are swept from every folder of ours."""
    parts = [site.folder / place / ".x.ics.iscm-part" for place in ("", "feeds", "feeds/v/utc/country")]
    for part in parts:
        part.write_bytes(b"BEGIN:VCAL")
    write(site.desk, site.folder)
    assert [part for part in parts if part.exists()] == []


def test_full_disk_and_read_only_folder_are_told_and_leave_whole_files(
    site: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a sentence; every file is one of the two versions, and the next run writes the rest."""
    desk, folder = site.desk, site.folder
    before = tree(folder)
    desk.do(add_meeting, MEETING)
    desk.publish(NOW + HOUR)
    real, left = os.fsync, [130]

    def fails(handle: int, number: int = errno.ENOSPC) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(number, os.strerror(number))
        real(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fails)
        with pytest.raises(CannotWrite, match=r"The disk of .* is full\. Every file there is whole"):
            write(desk, folder)
    halfway = {path: one[2] for path, one in tree(folder).items()}
    assert [path for path in halfway if path.endswith("part")] == []
    write(desk, folder)
    after = {path: one[2] for path, one in tree(folder).items()}
    assert all(data in (before.get(path, (0, 0, b""))[2], after[path]) for path, data in halfway.items())
    assert 0 < sum(before[path][2] != halfway[path] for path in before) < len(before)
    assert behind(desk, folder) == 0
    with monkeypatch.context() as patched:
        patched.setattr(os, "mkdir", lambda *_, **__: fails(0, errno.EROFS))
        with pytest.raises(CannotWrite, match="let the user of the service write there"):
            write(desk, folder.parent / "other")


def test_two_writers_of_one_folder_take_turns(site: SimpleNamespace) -> None:
    """The second is refused at once or waits as long as it is told to."""
    with (site.folder / LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        begun = time.monotonic()
        with pytest.raises(AnotherWrites, match="Another process writes the feeds"):
            write(site.desk, site.folder, patience=0.3)
        assert time.monotonic() - begun >= 0.3
    assert not write(site.desk, site.folder).did_something


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
