"""The same record on the same as-of day gives the same bytes, in every process and after every restart."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from models.database import Database
from tests.calendar_feed.desk import NOW, Desk

ROOT = Path(__file__).parents[2]

# Renders everything from the record, without anything kept, and prints what each calendar hashes to.
FAMILIES = ("all", "type", "mechanism", "region", "country", "kind", "theme", "archive")
PROGRAM = """
import hashlib, json, sys, zoneinfo
from datetime import datetime
zoneinfo.reset_tzpath(to=[])
from calendar_feed.publication import publish
from models.database import Database
from tests.calendar_feed.desk import Desk

database = Database(sys.argv[1])
with database.writing() as session:
    publish(session, now=datetime.fromisoformat(sys.argv[2]), base_url="https://iscm.example.org")
families = ("all", "type", "mechanism", "region", "country", "kind", "theme", "archive")
served = Desk(database).served(*families)
print(json.dumps({path: hashlib.sha256(feed.body).hexdigest() for path, feed in served.items()}))
"""


def _published_by(process: dict[str, str], file: Path) -> dict[str, str]:
    """Publish a database in a process of its own; return the hash of each calendar."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"sqlite:///{file}", NOW.isoformat()],
        env={**os.environ, "PYTHONPATH": str(ROOT), **process},
        check=True,
        capture_output=True,
        text=True,
    )
    hashes: dict[str, str] = json.loads(ran.stdout)
    return hashes


def test_two_processes_with_other_seeds_and_places_give_the_same_bytes(
    loaded_sqlite: Path, tmp_path: Path
) -> None:
    """Hash seed, time zone and locale of a process are not in its bytes."""
    processes = [
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Apia", "LC_ALL": "C.UTF-8", "LANGUAGE": "fr"},
    ]
    found = []
    for number, process in enumerate(processes):
        file = tmp_path / f"{number}.db"
        shutil.copy(loaded_sqlite, file)
        found.append(_published_by(process, file))
    assert found[0] == found[1]
    assert len(found[0]) == 322 + 158


def test_a_restart_serves_what_was_published(published_sqlite: Path, tmp_path: Path) -> None:
    """Another process, started later, serves the same; publishing again changes nothing."""
    file = tmp_path / "iscm.db"
    shutil.copy(published_sqlite, file)
    database = Database(f"sqlite:///{file}")
    served = Desk(database).served(*FAMILIES)
    here = {path: hashlib.sha256(feed.body).hexdigest() for path, feed in served.items()}
    database.close()
    assert _published_by({"PYTHONHASHSEED": "7"}, file) == here


def test_both_databases_give_the_same_bytes(any_desk: Desk, loaded_sqlite: Path, tmp_path: Path) -> None:
    """PostgreSQL sorts text by other rules; feeds do not."""
    any_desk.publish()
    file = tmp_path / "reference.db"
    shutil.copy(loaded_sqlite, file)
    other = Database(f"sqlite:///{file}")
    desk = Desk(other)
    desk.publish()
    feeds = [
        {path: _without_created(data) for path, data in one.feeds(*FAMILIES).items()}
        for one in (any_desk, desk)
    ]
    other.close()
    assert feeds[0] == feeds[1]


def _without_created(data: bytes) -> bytes:
    """The two databases were loaded at two moments, and CREATED says so."""
    return b"\r\n".join(line for line in data.split(b"\r\n") if not line.startswith(b"CREATED:"))
