"""`iscm feeds`: what is published, and whether it is fit to be served."""

import gzip
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, not_, or_, select, update

from calendar_feed.asked import asked_for
from calendar_feed.publication import publish
from calendar_feed.served import read_feed
from models.database import Database
from models.publication import Publication
from models.rendering import Feed, Rendering
from tests.iscm.commands.record_commands import environment, iscm

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def _publish(database: Database, *languages: str) -> None:
    with database.writing() as session:
        publish(session, now=NOW, base_url="http://127.0.0.1:8000", languages=languages or ("en",))


def test_list_names_every_stored_feed_with_its_address(registry: Database) -> None:
    """As an array of objects for programs; 322 feeds, the empty ones too."""
    _publish(registry)
    ran = iscm(registry, "feeds", "list", "--json")
    rows = {row["path"]: row for row in ran.json}
    assert (ran.code, len(rows)) == (0, 322)
    assert rows["/feeds/mechanism/igc.ics"] == {
        "path": "/feeds/mechanism/igc.ics",
        "url": "http://127.0.0.1:8000/feeds/mechanism/igc.ics",
        "name": "ISCM – IGC",
        "family": "mechanism",
        "language": "en",
        "events": 0,
        "bytes": rows["/feeds/mechanism/igc.ics"]["bytes"],
        "changed_at": "2026-11-23T12:00:00+00:00",
    }
    assert rows["/feeds/all.ics"]["events"] == 158


def test_list_prints_lines_for_people_and_tools(sqlite_registry: Database) -> None:
    """Tab-separated under headings where it is no terminal."""
    _publish(sqlite_registry)
    lines = iscm(sqlite_registry, "feeds", "list").out.splitlines()
    assert lines[0].split("\t") == ["path", "name", "family", "language", "events", "bytes", "changed at"]
    assert lines[1].split("\t")[:5] == ["/feeds/all.ics", "ISCM – All meetings", "all", "en", "158"]
    assert len(lines) == 323


def test_list_gives_one_language_or_one_family(sqlite_registry: Database) -> None:
    """English first, then by family; each may be asked for alone."""
    _publish(sqlite_registry, "en", "fr")
    paths = [row["path"] for row in iscm(sqlite_registry, "feeds", "list", "--json").json]
    assert (len(paths), paths[0], paths[322]) == (644, "/feeds/all.ics", "/fr/feeds/all.ics")
    asked = iscm(sqlite_registry, "feeds", "list", "--language", "fr", "--family", "type", "--json").json
    assert [row["path"] for row in asked] == [f"/fr/feeds/type/{one}.ics" for one in ("global", "irf", "rcp")]


def test_check_finds_sound_feeds_sound(registry: Database) -> None:
    """Exit 0, a line for each family in each language, and one sentence."""
    _publish(registry, "en", "ar")
    ran = iscm(registry, "feeds", "check")
    lines = [line.split("\t") for line in ran.out.splitlines()]
    assert (ran.code, ran.err, lines[-1]) == (0, "", ["All 644 feeds are sound."])
    assert lines[0] == ["family", "language", "feeds", "events", "bytes", "unsound"]
    families = ["all", "type", "mechanism", "region", "country", "kind", "theme", "archive"]
    assert [line[:2] for line in lines[1:-1]] == [[one, "en"] for one in families] + [
        [one, "ar"] for one in families
    ]
    assert {line[5] for line in lines[1:-1]} == {"0"}
    assert sum(int(line[2]) for line in lines[1:-1]) == 644


def test_check_names_what_is_wrong_and_exits_1(sqlite_registry: Database) -> None:
    """Bytes changed by another hand: the event is named with all that is wrong with it."""
    _publish(sqlite_registry)
    with sqlite_registry.writing() as session:
        (body,) = [one for one in session.scalars(select(Rendering)) if b"(Riohacha)" in one.body]
        body.body = body.body.replace(b"(Riohacha)", b"(Rio\x07hacha)")
        uid = body.uid
    ran = iscm(sqlite_registry, "feeds", "check")
    *faults, last = ran.err.splitlines()
    assert (ran.code, "sound." in ran.out) == (1, False)
    assert last == "iscm: The stored feeds are not sound; what is wrong stands above."
    assert {fault.split(": ")[0] for fault in faults} == {f"event {uid} (en)"}
    assert f"event {uid} (en): its bytes are not those that were published" in faults
    assert any("a control character or a bare line end stands at byte" in fault for fault in faults)


def test_check_tells_the_alarm_of_the_last_publishing(sqlite_registry: Database) -> None:
    """What was held back is no secret of the log."""
    _publish(sqlite_registry)
    with sqlite_registry.writing() as session:
        session.execute(update(Publication).values(alarm="gfmd-x: 02:30 does not exist"))
    ran = iscm(sqlite_registry, "feeds", "check")
    assert (ran.code, ran.err.splitlines()[0]) == (1, "gfmd-x: 02:30 does not exist")


def test_nothing_published_yet_is_said_with_the_way(sqlite_registry: Database, tmp_path: Path) -> None:
    """List, check and publish refuse alike."""
    for command in (["list"], ["check"], ["publish", str(tmp_path / "site")]):
        ran = iscm(sqlite_registry, "feeds", *command)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == "iscm: No feed has been published yet. Start the service with: iscm serve\n"


def _shrink(database: Database) -> None:
    """Leave the feeds of mechanisms and types: what is written is what is stored."""
    _publish(database)
    kept = or_(Feed.path.like("mechanism/%"), Feed.path.like("type/%"), Feed.path == "all")
    with database.writing() as session:
        session.execute(delete(Feed).where(not_(kept)))


def test_publish_writes_files_and_says_how_many(registry: Database, tmp_path: Path) -> None:
    """For people in a sentence, for programs as JSON; the second run writes nothing."""
    _shrink(registry)
    folder = tmp_path / "site"
    first = iscm(registry, "feeds", "publish", str(folder), "--json").json
    counted = {name: first[name] for name in ("feeds", "files", "written", "unchanged", "removed", "whole")}
    assert counted == {"feeds": 39, "files": 390, "written": 390, "unchanged": 0, "removed": 0, "whole": True}
    assert first["bytes"] == sum(
        file.stat().st_size
        for file in (folder / "feeds").rglob("*.*")
        if file.suffix != ".gz" and file.is_file()
    )
    second = iscm(registry, "feeds", "publish", str(folder))
    assert (second.code, second.err) == (0, "")
    assert second.out.startswith(
        "390 files of 39 feeds: 0 written, 0 given another time, 390 as they were, 0 removed ("
    )


def test_publish_refuses_a_folder_of_somebody_else(sqlite_registry: Database, tmp_path: Path) -> None:
    """Exit 1, one sentence, nothing written."""
    _publish(sqlite_registry)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").touch()
    ran = iscm(sqlite_registry, "feeds", "publish", str(tmp_path / "home"))
    assert (ran.code, ran.out) == (1, "")
    assert "holds letter.txt and was not written by this program. Name an empty folder" in ran.err
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("rounds", [3, pytest.param(30, marks=pytest.mark.soak)])
def test_publish_killed_in_the_middle_leaves_whole_files(
    sqlite_registry: Database, tmp_path: Path, rounds: int
) -> None:
    """By SIGKILL, again and again: each file is whole at every time, and the last run completes them."""
    _shrink(sqlite_registry)
    folder = tmp_path / "site"
    words = [sys.executable, "-m", "iscm", "feeds", "publish", str(folder)]
    for number in range(1, rounds + 1):
        process = subprocess.Popen(
            words, env=environment(sqlite_registry), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while process.poll() is None and len(_files(folder)) < 780 * number // (rounds + 1):
            time.sleep(0.01)
        process.kill()
        process.wait()
        with sqlite_registry.reading() as session:
            for file in _files(folder):
                asked = asked_for("/" + str(file.relative_to(folder)).removesuffix(".gz"))
                assert asked is not None
                feed = read_feed(session, asked)
                data = file.read_bytes()
                assert feed is not None
                assert (gzip.decompress(data) if file.suffix == ".gz" else data) == feed.body
    done = iscm(sqlite_registry, "feeds", "publish", str(folder), "--json").json
    assert (done["files"], done["whole"], done["written"] < 390) == (390, True, True)
    assert list(folder.rglob("*.iscm-part")) == []
    assert len(_files(folder)) == 780


def _files(folder: Path) -> list[Path]:
    return [file for file in (folder / "feeds").rglob("[!.]*.*") if not file.name.endswith("part")]
