"""Feeds as a calendar program meets them, while the record is changed from the command line."""

import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest

from tests.calendar_feed.libical import parsed
from tests.journeys.house import ON_POSTGRESQL, House, until

SHOWN_WITHIN = 2.0
"""Seconds from the end of a command to the feed that tells of its change."""

PUBLISHED = 158
"""The bundled meetings that stand in feeds: one of the 159 is known by its year and nothing more exact."""

EVERYWHERE = {"ISCM_BASE_URL": "https://iscm.example.org"}


@pytest.fixture
def languages() -> None:
    """Every language there is, as shipped: what is promised in seconds is promised with them all."""


def events(body: bytes) -> dict[str, str]:
    """The events of a calendar by UID, unfolded."""
    text = body.decode().replace("\r\n ", "")
    found = re.findall(r"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", text, re.DOTALL)
    return {line(event, "UID"): event for event in found}


def line(event: str, name: str) -> str:
    """The value of a property."""
    found = re.search(rf"^{name}(?:;[^:\r\n]*)?:(.*)\r$", event, re.MULTILINE)
    assert found is not None, f"no {name} in {event}"
    return found[1]


def whole(house: House, path: str = "/feeds/all.ics") -> dict[str, str]:
    """The events of a feed that is published, waiting for the first publishing."""

    def look() -> dict[str, str]:
        answer = house.ask(path)
        return events(answer.body) if answer.status == 200 else {}

    return until(look, seconds=20, what=f"{path} is served")


def all_feeds(house: House) -> dict[str, tuple[bytes, str, str]]:
    """Every feed of a house as bytes, ETag and Last-Modified, by its address."""
    assert len(whole(house)) == PUBLISHED
    slugs = [mechanism["slug"] for mechanism in house.listed("mechanisms", "list")]
    paths = ["/feeds/all.ics"]
    paths += [f"/feeds/type/{kind}.ics" for kind in ("rcp", "irf", "global")]
    paths += [f"/feeds/mechanism/{slug}.ics" for slug in slugs]
    answers = {path: house.ask(path) for path in paths}
    assert {answer.status for answer in answers.values()} == {200}
    return {
        path: (answer.body, answer.headers["etag"], answer.headers["last-modified"])
        for path, answer in answers.items()
    }


def differing_lines(before: str, after: str) -> set[str]:
    """The names of the properties that are not the same in both."""
    first, second = set(before.splitlines()), set(after.splitlines())
    return {re.split("[;:]", one)[0] for one in first ^ second}


def test_feed_follows_the_command_line_within_two_seconds(each_house: House) -> None:
    """A meeting that is added, moved, cancelled and deleted is seen so in time, and no other event moves."""
    house = each_house
    address = ["meetings", "add", "--mechanism", "midsa", "--title", "Ministerial Conference"]
    with house.serving():
        bundled = whole(house)
        house.run(
            *address, "--from", "2027-06-08", "--to", "2027-06-10", "--city", "Lusaka", "--country", "ZM"
        )
        (slug,) = [one["slug"] for one in house.listed("meetings", "list") if one["start"] == "2027-06-08"]
        (uid,) = [one["uid"] for one in house.listed("meetings", "list") if one["slug"] == slug]

        def shown(condition: Callable[[str], bool], path: str = "/feeds/all.ics") -> str:
            begun = time.monotonic()

            def look() -> str:
                found = events(house.ask(path).body).get(uid, "")
                return found if found and condition(found) else ""

            event = until(look, seconds=20, what=f"the change in {path}")
            assert time.monotonic() - begun < SHOWN_WITHIN
            return event

        added = shown(lambda event: "20270608" in line(event, "DTSTART"))
        house.run("meetings", "change", slug, "--from", "2027-06-15", "--to", "2027-06-17")
        moved = shown(lambda event: "20270615" in line(event, "DTSTART"))
        for path in ("/feeds/type/rcp.ics", "/feeds/mechanism/midsa.ics"):
            assert shown(lambda event: event == moved, path) == moved
        house.run("meetings", "cancel", slug, "--reason", "The host withdrew.")
        cancelled = shown(lambda event: line(event, "STATUS") == "CANCELLED")
        others = whole(house)
        house.run("meetings", "delete", slug)
        until(lambda: uid not in whole(house), seconds=SHOWN_WITHIN, what="the meeting leaves the feed")

    del others[uid]
    assert others == bundled
    assert [line(event, "SEQUENCE") for event in (added, moved, cancelled)] == ["0", "1", "2"]
    stamps = [line(event, "LAST-MODIFIED") for event in (added, moved, cancelled)]
    assert stamps == sorted(set(stamps))
    assert differing_lines(added, moved) == {
        "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "DESCRIPTION"
    }  # fmt: skip


@ON_POSTGRESQL
def test_feeds_are_the_same_bytes_in_every_process_and_after_a_restart(
    each_house: House, another: Callable[[House], House]
) -> None:
    """Two processes with other hash seeds, and the first one started anew, serve the same to the byte."""
    house = each_house
    house.settings = EVERYWHERE
    with house.serving(PYTHONHASHSEED="1"):
        first = all_feeds(house)
        second = another(house)
        with second.serving("--only", "web", PYTHONHASHSEED="2"):
            assert all_feeds(second) == first
    with house.serving(PYTHONHASHSEED="3"):
        assert all_feeds(house) == first


def test_feeds_made_from_nothing_twice_differ_in_their_stamps_alone(
    house: House, postgresql_house: House
) -> None:
    """Two databases of two kinds, filled and published by processes with other hash seeds, say the same."""
    house.settings = postgresql_house.settings = EVERYWHERE
    made = []
    for seed, one in (("1", house), ("2", postgresql_house)):
        with one.serving(PYTHONHASHSEED=seed):
            made.append({path: unstamped(body) for path, (body, _, _) in all_feeds(one).items()})
    assert made[0] == made[1]


def unstamped(body: bytes) -> bytes:
    """The bytes without the lines that say when something was published or put on record."""
    return re.sub(rb"(?m)^(DTSTAMP|LAST-MODIFIED|CREATED):.*\r\n", b"", body)


ZONED = (
    ("2027-03-17 09:30", "2027-03-17 17:00", "Europe/Brussels"),
    ("2027-03-28 01:30", "2027-03-28 12:00", "Europe/Zurich"),
    ("2027-02-20 10:00", "2027-02-20 11:00", "Africa/Casablanca"),
    ("2027-11-07 00:30", "2027-11-07 09:00", "America/New_York"),
    ("2027-07-01 09:00", "2027-07-01 16:00", "Asia/Tokyo"),
)
"""Meetings with hours: an ordinary one, nights when clocks are put, Ramadan, a zone without summer time."""


def test_feed_has_the_same_instants_for_two_parsers(house: House) -> None:
    """Icalendar (with its own zones) and libical (with ours) read the same start and end of every event."""
    for start, end, zone in ZONED:
        house.run(
            *("meetings", "add", "--mechanism", "rabat-process", "--title", f"Meeting in {zone}"),
            *("--from", start, "--to", end, "--zone", zone),
        )
    with house.serving():
        until(lambda: len(whole(house)) == PUBLISHED + len(ZONED), seconds=10, what="all meetings")
        body = house.ask("/feeds/all.ics").body
    first = {
        str(event.uid): (instant(event.start), instant(event.end))
        for event in icalendar.Calendar.from_ical(body).events
    }
    with parsed(body) as calendar:
        assert (calendar.errors, calendar.is_allowed) == (0, True)
        starts, ends = calendar.starts(), calendar.ends()
    assert first == {uid: (starts[uid], ends[uid]) for uid in starts}
    wanted = {
        tuple(instant(datetime.fromisoformat(one).replace(tzinfo=ZoneInfo(zone))) for one in (start, end))
        for start, end, zone in ZONED
    }
    assert wanted <= set(first.values())


def instant(value: date | datetime) -> datetime:
    """A moment in UTC; a day is its midnight in UTC, as libical gives it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value, datetime.min.time(), UTC)


def test_feed_of_an_old_name_leads_to_the_new_one(house: House) -> None:
    """An alias answers 308 with the address that stands, an unknown name 404 in plain words."""
    with house.serving():
        whole(house)
        moved, unknown = house.ask("/feeds/mechanism/igad-rcp.ics"), house.ask("/feeds/mechanism/nobody.ics")
    assert (moved.status, moved.headers["location"]) == (308, "/feeds/mechanism/mid-igad.ics")
    assert (unknown.status, unknown.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_first_feed_is_served_within_three_seconds_of_the_start(house: House) -> None:
    """On a warm disk, from the start of the command to the bytes of a feed that was published before."""
    with house.serving():
        whole(house)
    begun = time.monotonic()
    with house.serving(ready="Site") as serving:
        whole(house)
        took = time.monotonic() - begun
        assert took - serving.waited_for_a_core() < 3.0
