"""Whatever goes wrong while feeds are written, nothing of others is touched and every file is whole."""

import errno
import fcntl
import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from calendar_feed.on_disk.register import NAME, NotOurs
from calendar_feed.on_disk.tree import LOCK, AnotherWrites, CannotWrite, SomethingInTheWay
from models.meeting_add import add_meeting
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk
from tests.calendar_feed.on_disk.feed_folder import (
    behind,
    tree,
    write,
)


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
