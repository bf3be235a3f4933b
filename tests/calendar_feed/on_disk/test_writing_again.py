"""A run over a written folder touches only what changed."""

import time
from types import SimpleNamespace

import pytest

from calendar_feed.on_disk.register import NAME
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting
from models.meeting_delete import delete_meeting
from models.rendering import Feed
from tests.calendar_feed.desk import HOUR, MEETING, NOW
from tests.calendar_feed.on_disk.feed_folder import EACH, behind, served, tree, write


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
