"""Newer zone data is an edit of the meetings it moves, and of no other: with two real releases.

2026b has Morocco at UTC+1 for good but for Ramadan, 2026c at UTC from 20 September 2026 on.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from calendar_feed.zone_history import zone_history
from models.database import Database
from tests.calendar_feed.libical import parsed
from tests.calendar_feed.zoned import RELEASES, install_zones, run_with_zones
from tests.iscm.commands.record_commands import iscm

# Adds the meetings, publishes, and prints everything that a reader of feeds could notice.
PROGRAM = """
import json, sys, zoneinfo
from datetime import UTC, datetime
zoneinfo.reset_tzpath(to=[])
from sqlalchemy import select
from calendar_feed.asked import Asked, Form
from calendar_feed.publication import publish
from calendar_feed.served import read_feed
from calendar_feed.standings import read_standings
from calendar_feed.variants import Variant
from calendar_feed.zone_history import zone_release
from models.change import Change
from models.database import Database
from models.meeting_add import add_meeting
from models.rendering import Rendered, Rendering

url, now, meetings = sys.argv[1], datetime.fromisoformat(sys.argv[2]), json.loads(sys.argv[3])
database = Database(url)
with database.writing() as session:
    slugs = [add_meeting(session, one, editor="test", now=now).slug for one in meetings]
with database.writing() as session:
    done = publish(session, now=now, base_url="https://iscm.example.org", languages=("en", "fr"))
with database.writing() as session:
    again = publish(session, now=now, base_url="https://iscm.example.org", languages=("en", "fr"))
with database.reading() as session:
    told = {row.uid: row.sequence for row in session.scalars(select(Rendered))}
    kept = {f"{row.uid} {row.language}": row.body.decode() for row in session.scalars(select(Rendering))}
    marks = {path: one.mark for path, one in read_standings(session).feeds.items()}
    served = {}
    for words in ((), (Variant.UTC,), (Variant.SESSIONS,)):
        asked = Asked("all", variants=words)
        feed = read_feed(session, asked)
        served[asked.address] = [feed.body.decode(), feed.last_modified.isoformat()]
    changes = [[one.uid, one.kind.value, one.before["instants"], one.after["instants"]]
               for one in session.scalars(select(Change).order_by(Change.id)) if one.kind.value == "clock"]
print(json.dumps({
    "release": zone_release(), "slugs": slugs, "moved": done.moved_by_zones, "again": len(again.changed),
    "sequences": told, "bodies": kept, "marks": marks, "served": served, "changes": changes,
}))
"""

DAY = {"mechanisms": ["rabat-process"], "kind": "other", "status": "confirmed", "country": "MA"}


def meeting(title: str, start: str, end: str, zone: str | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """A meeting as editors write it."""
    precision = "moment" if zone else "day"
    when = {"precision": precision, "start": start, "end": end, "zone": zone}
    return {**DAY, "title": title, "when": when, **more}


MEETINGS = {
    "rabat": meeting("Meeting in Rabat", "2026-11-26T09:30", "2026-11-26T17:00", "Africa/Casablanca"),
    "days": meeting("Two days in Rabat", "2027-05-04T09:00", "2027-05-05T17:00", "Africa/Casablanca"),
    "before": meeting("Before the change", "2026-09-15T09:30", "2026-09-15T12:00", "Africa/Casablanca"),
    "ramadan": meeting("In Ramadan", "2027-02-16T09:30", "2027-02-16T12:00", "Africa/Casablanca"),
    "laayoune": meeting(
        "In El Aaiún", "2026-12-08T10:00", "2026-12-08T12:00", "Africa/El_Aaiun", country=None
    ),
    "whole days": meeting("Whole days in Rabat", "2027-06-01", "2027-06-02", None),
    "brussels": meeting(
        "In Brussels", "2026-12-01T09:30", "2026-12-01T17:00", "Europe/Brussels", country="BE"
    ),
}
MOVED = {"rabat", "days", "laayoune"}
NIGHT = "2026-11-23T12:00:00+00:00"
MORNING = "2026-11-24T07:00:00+00:00"


@pytest.fixture(scope="session")
def zones(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of both releases."""
    folder = tmp_path_factory.mktemp("zones")
    return {release: install_zones(release, folder) for release in RELEASES}


def publish_with(home: Path, database: Database, now: str, meetings: list[dict[str, Any]]) -> dict[str, Any]:
    """Publish in a process of its own that has these zones installed."""
    url = database.url.render_as_string(hide_password=False)
    *log, printed = run_with_zones(home, PROGRAM, url, now, json.dumps(meetings)).splitlines()
    found: dict[str, Any] = json.loads(printed)
    return found | {"log": log}


def starts(feed: str) -> dict[str, datetime]:
    """The start of each event as libical takes it from our own VTIMEZONE, under names it does not know."""
    for zone in ("Africa/Casablanca", "Africa/El_Aaiun", "Europe/Brussels"):
        feed = feed.replace(zone, f"Our/{zone.partition('/')[2]}")
    with parsed(feed.encode()) as calendar:
        assert calendar.errors == 0
        return calendar.starts()


def test_newer_zones_restamp_what_they_move_and_nothing_else(
    registry: Database, zones: dict[str, Path]
) -> None:
    """09:30 in Rabat in November 2026 is 08:30 UTC by 2026b and 09:30 by 2026c, and everybody is told so."""
    before = publish_with(zones["2026b"], registry, NIGHT, list(MEETINGS.values()))
    after = publish_with(zones["2026c"], registry, MORNING, [])
    assert (before["release"], after["release"]) == ("2026.2", "2026.3")
    assert (before["moved"], after["again"]) == ([], 0)

    assert (len(before["log"]), len(after["log"])) == (0, 1)
    assert "zone data changed; these meetings are at another instant now" in after["log"][0]

    slugs = dict(zip(MEETINGS, before["slugs"], strict=True))
    rows = {row["slug"]: row for row in iscm(registry, "meetings", "list", "--json").json}
    uids = {name: rows[slug]["uid"] for name, slug in slugs.items()}
    assert set(after["moved"]) == {slugs[name] for name in MOVED}

    # Every event but those keeps its bytes in every language; those have a higher stamp and SEQUENCE.
    differing = {key for key, body in before["bodies"].items() if after["bodies"][key] != body}
    assert differing == {f"{uids[name]} {language}" for name in MOVED for language in ("en", "fr")}
    raised = {uid: after["sequences"][uid] - told for uid, told in before["sequences"].items()}
    assert {uid: more for uid, more in raised.items() if more} == {uids[name]: 1 for name in MOVED}
    for key in differing:
        stamps = [_line(one["bodies"][key], "LAST-MODIFIED") for one in (before, after)]
        assert stamps == ["20261123T120000Z", "20261124T070000Z"]

    # The feeds that hold one of them move, and no other.
    touched = {path.split("/")[-1] for path, mark in before["marks"].items() if after["marks"][path] != mark}
    assert {"all.ics", "rabat-process.ics", "irf.ics", "2026.ics", "2027.ics"} <= touched
    assert touched.isdisjoint({"midsa.ics", "rcp.ics", "global.ics", "2017.ics"})
    for address in ("/feeds/all.ics", "/feeds/v/utc/all.ics", "/feeds/v/sessions/all.ics"):
        assert before["served"][address][0] != after["served"][address][0]
        assert before["served"][address][1] < after["served"][address][1]

    # Both feeds lead to the right instants, by our own VTIMEZONE.
    for one, hour in ((before, 8), (after, 9)):
        found = starts(one["served"]["/feeds/all.ics"][0])
        assert found[uids["rabat"]] == datetime(2026, 11, 26, hour, 30, tzinfo=UTC)
        assert found[uids["laayoune"]] == datetime(2026, 12, 8, hour + 1, 0, tzinfo=UTC)
        assert found[uids["before"]] == datetime(2026, 9, 15, 8, 30, tzinfo=UTC)
        assert found[uids["ramadan"]] == datetime(2027, 2, 16, 9, 30, tzinfo=UTC)
        assert found[uids["brussels"]] == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
        said = _line(one["bodies"][f"{uids['rabat']} en"], "DESCRIPTION")
        assert f"({hour:02}:30–{hour + 8}:00 UTC)" in said

    # It stays on record for readers and editors.
    assert {uid: kind for uid, kind, _, _ in after["changes"]} == {uids[name]: "clock" for name in MOVED}
    (rabat,) = [one for one in after["changes"] if one[0] == uids["rabat"]]
    assert rabat[2:] == [
        ["2026-11-26T08:30:00+00:00", "2026-11-26T16:00:00+00:00"],
        ["2026-11-26T09:30:00+00:00", "2026-11-26T17:00:00+00:00"],
    ]
    listed = {row["slug"]: row for row in iscm(registry, "meetings", "moved-by-zones", "--json").json}
    assert set(listed) == {slugs[name] for name in MOVED}
    assert listed[slugs["rabat"]] == {
        "told_at": "2026-11-24T07:00:00+00:00",
        "slug": slugs["rabat"],
        "uid": uids["rabat"],
        "title": "Meeting in Rabat",
        "start": "2026-11-26T09:30",
        "zone": "Africa/Casablanca",
        "before": "2026-11-26T08:30:00+00:00",
        "after": "2026-11-26T09:30:00+00:00",
    }


def _line(event: str, name: str) -> str:
    flat = event.replace("\r\n ", "")
    return next(line.partition(":")[2] for line in flat.split("\r\n") if line.startswith(name))


ZONE_PROGRAM = """
import sys, zoneinfo
zoneinfo.reset_tzpath(to=[])
from tests.calendar_feed.test_zones import _compare
for zone in sys.argv[1:]:
    for first, last in ((2024, 2030), (2026, 2026), (2027, 2045)):
        _compare(zone, first, last)
print("the same hours as zoneinfo")
"""


@pytest.mark.parametrize("release", RELEASES)
def test_vtimezone_is_right_with_both_releases(zones: dict[str, Path], release: str) -> None:
    """Every hour around every change of the clock, in the zones that 2026c changed."""
    said = run_with_zones(
        zones[release], ZONE_PROGRAM, "Africa/Casablanca", "Africa/El_Aaiun", "America/Edmonton"
    )
    assert said == "the same hours as zoneinfo\n"


def test_zone_data_in_use_is_not_older_than_the_change() -> None:
    """The newest release here has Morocco at UTC for the winter of 2026."""
    history = zone_history("Africa/Casablanca")
    last = [change for change in history.listed if change.onset.year == 2026][-1]
    assert (f"{last.onset:%Y-%m-%d}", last.after.offset) == ("2026-09-20", 0)
