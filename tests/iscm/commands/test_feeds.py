"""`iscm feeds`: what is published, and whether it is fit to be served."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from calendar_feed.publication import publish
from models.database import Database
from models.publication import Publication
from models.rendering import Rendering
from tests.iscm.commands.record_commands import iscm

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def _publish(database: Database) -> None:
    with database.writing() as session:
        publish(session, now=NOW, base_url="http://127.0.0.1:8000")


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
    assert lines[0].split("\t") == ["path", "name", "events", "bytes", "changed at"]
    assert lines[1].split("\t")[:3] == ["/feeds/all.ics", "ISCM – All meetings", "158"]
    assert len(lines) == 323


def test_check_finds_sound_feeds_sound(registry: Database) -> None:
    """Exit 0 and one sentence."""
    _publish(registry)
    ran = iscm(registry, "feeds", "check")
    assert (ran.code, ran.out, ran.err) == (0, "All 322 feeds are sound.\n", "")


def test_check_names_what_is_wrong_and_exits_1(sqlite_registry: Database) -> None:
    """Bytes changed by another hand: the event is named with all that is wrong with it."""
    _publish(sqlite_registry)
    with sqlite_registry.writing() as session:
        (body,) = [one for one in session.scalars(select(Rendering)) if b"(Riohacha)" in one.body]
        body.body = body.body.replace(b"(Riohacha)", b"(Rio\x07hacha)")
        uid = body.uid
    ran = iscm(sqlite_registry, "feeds", "check")
    *faults, last = ran.err.splitlines()
    assert (ran.code, ran.out) == (1, "")
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


def test_nothing_published_yet_is_said_with_the_way(sqlite_registry: Database) -> None:
    """List and check refuse alike."""
    for command in ("list", "check"):
        ran = iscm(sqlite_registry, "feeds", command)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == "iscm: No feed has been published yet. Start the service with: iscm serve\n"
