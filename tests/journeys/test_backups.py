"""Backing up a service at work and bringing it back: nothing is blocked, and nothing happens twice."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.database import Database
from tests.journeys.house import House
from tests.postgresql import Server

EDITOR = """
import sys, threading, time
from datetime import datetime, UTC
from models import add_meeting
from models.database import Database
database = Database(sys.argv[1])
begun = time.monotonic()
number = 0
longest = 0.0
told = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), told.set()), daemon=True).start()
while not told.is_set():
    at = time.monotonic()
    with database.writing() as session:
        slug = add_meeting(
            session,
            {
                "title": f"Round table number {number}",
                "mechanisms": ["midsa"],
                "kind": "other",
                "status": "planned",
                "city": "Lusaka",
                "country": "ZM",
                "when": {
                    "precision": "day",
                    "start": f"2027-{number % 12 + 1:02}-{number % 28 + 1:02}",
                    "end": None,
                    "zone": None,
                },
            },
            editor="load",
            now=datetime.now(UTC),
        ).slug
    longest = max(longest, time.monotonic() - at)
    number += 1
    rest = begun + number / 100 - time.monotonic()
    if rest > 0:
        time.sleep(rest)
    if number == 1:
        print("begun", flush=True)
print(number, longest, flush=True)
"""


def _house(tmp_path: Path, name: str, kind: str, server: Callable[[], Server]) -> House:
    folder = tmp_path / name
    folder.mkdir()
    if kind == "sqlite":
        return House(folder)
    return House(folder, database_url=server().url(server().create()))


@pytest.mark.parametrize(
    ("kind", "other"),
    [("sqlite", "postgresql"), pytest.param("postgresql", "sqlite", marks=pytest.mark.soak)],
)
def test_a_backup_during_edits_is_one_moment_of_them(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str, other: str
) -> None:
    """Edits come up to a hundred a second and none waits; what is restored elsewhere is whole and adds up."""
    server: Callable[[], Server] = lambda: request.getfixturevalue("postgresql")  # noqa: E731 - only where it is needed
    house: House = request.getfixturevalue("house" if kind == "sqlite" else "postgresql_house")
    url = house.database_url or f"sqlite:///{house.database_file}"
    editing = subprocess.Popen(
        [sys.executable, "-c", EDITOR, url],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert editing.stdout is not None
    assert editing.stdout.readline() == "begun\n"
    archives = [tmp_path / f"{number}.tar.gz" for number in (1, 2)]
    for archive in archives:
        house.run("database", "backup", str(archive))
    said, _ = editing.communicate(timeout=120)
    edits, longest = int(said.split()[0]), float(said.split()[1])
    assert edits > 5
    assert longest < 5.0, "a backup stood in the way of an edit"

    for number, archive in enumerate(archives):
        away = _house(tmp_path, f"away{number}", other, server)
        away.run("database", "restore", str(archive))
        counts = _manifest(archive)["rows"]
        # One snapshot: each edit is a meeting, its place in a mechanism, and a revision; all or none.
        added = counts["meetings"] - 159
        revisions = _count(away, "SELECT count(*) FROM revisions WHERE editor = 'load'")
        places = _count(
            away,
            "SELECT count(*) FROM meeting_mechanisms JOIN meetings ON meetings.id = meeting_id "
            "WHERE title LIKE 'Round table number %'",
        )
        assert (added, revisions) == (places, places)
        assert 0 < added <= edits
        assert _count(away, "SELECT count(*) FROM meetings") == counts["meetings"]
        assert _count(away, "SELECT count(*) FROM mechanisms") == counts["mechanisms"]
        assert "sound" in away.run("database", "check")
    # Once is enough here: every feed is read and compared, and both were published by the same code.
    assert away.run("feeds", "check").endswith("feeds are sound.\n")


def test_a_restore_killed_at_any_moment_leaves_the_old_record(house: House, tmp_path: Path) -> None:
    """Killed by -9 early, in the middle, late: what was there is there, and the next restore goes through."""
    house.run("database", "backup", "a.tar.gz")
    house.run("subscribers", "add", "ana@example.org", "--confirmed")
    begun = time.monotonic()
    copy = House(tmp_path / "copy")
    shutil.copytree(tmp_path / "data", tmp_path / "copy" / "data")
    copy.run("database", "restore", "--force", str(tmp_path / "a.tar.gz"))
    takes = time.monotonic() - begun
    killed = 0
    for share in (0.4, 0.75, 0.9):
        process = subprocess.Popen(
            [sys.executable, "-m", "iscm", "database", "restore", "--force", "a.tar.gz"],
            cwd=tmp_path,
            env=house.environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(takes * share)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        if not list((tmp_path / "data").glob("*.before-restore-*")):
            assert [one["address"] for one in house.listed("subscribers", "list")] == ["ana@example.org"]
            assert "sound" in house.run("database", "check")
        else:
            break
    assert killed
    house.run("database", "restore", "--force", "a.tar.gz")
    assert house.listed("subscribers", "list") == []
    assert not list((tmp_path / "data").glob(".*.part*"))


def test_a_service_that_runs_is_not_pulled_from_under(house: House, tmp_path: Path) -> None:
    """While it serves, a restore is refused; afterwards feeds are fresh for a client that had them before."""
    with house.serving():
        before = _feed(house)
        house.run("database", "backup", "a.tar.gz")
        assert "Stop it, then restore" in house.run("database", "restore", "--force", "a.tar.gz", code=1)
        assert [path.name[:5] for path in (tmp_path / "data" / "backups").iterdir()] == ["iscm-"]
    house.run("database", "restore", "--force", "a.tar.gz")
    with house.serving():
        conditions = {"If-None-Match": before["etag"], "If-Modified-Since": before["last-modified"]}
        for name, value in conditions.items():
            answer = house.ask("/feeds/all.ics", headers={name: value})
            assert answer.status == 200, name
            assert answer.headers["etag"] != before["etag"]


def _feed(house: House) -> dict[str, str]:
    end = time.monotonic() + 30
    while (answer := house.ask("/feeds/all.ics")).status != 200:
        assert time.monotonic() < end
        time.sleep(0.1)
    return dict(answer.headers)


def _manifest(archive: Path) -> dict[str, dict[str, int]]:
    with tarfile.open(archive) as opened:
        file = opened.extractfile("manifest.json")
        assert file is not None
        return dict(json.load(file))


def _count(house: House, query: str) -> int:
    from sqlalchemy import text

    database = Database(house.database_url or f"sqlite:///{house.database_file}")
    with database.reading() as session:
        number = session.scalar(text(query))
    database.close()
    return int(number or 0)
