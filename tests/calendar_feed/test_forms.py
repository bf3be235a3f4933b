"""The other forms: each says what the calendar says, in a format of its own."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest

from calendar_feed.asked import Asked, Form
from calendar_feed.forms.csv_table import csv_table
from calendar_feed.forms.events import Calendar, Event, urn
from calendar_feed.served import ServedFeed, read_feed
from models.mechanism_change import change_mechanism
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting
from models.meeting_delete import delete_meeting
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk, dates
from tests.calendar_feed.factory import BASE_URL

ATOM = "{http://www.w3.org/2005/Atom}"
GONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
TIMED = dates("2027-03-17T09:30", "2027-03-17T17:00", precision="moment", zone="Europe/Brussels")


def _read(desk: Desk, form: Form, key: str = "all") -> ServedFeed:
    with desk.database.reading() as session:
        found = read_feed(session, Asked(key, form=form))
    assert found is not None
    return found


def _xml(feed: ServedFeed) -> ET.Element:
    return ET.fromstring(feed.body)  # noqa: S314 - we wrote it


@pytest.mark.parametrize(
    ("form", "content_type"),
    [
        (Form.JSON, "application/feed+json; charset=utf-8"),
        (Form.JCAL, "application/calendar+json; charset=utf-8"),
        (Form.CSV, "text/csv; charset=utf-8; header=present"),
        (Form.ATOM, "application/atom+xml; charset=utf-8"),
    ],
)
def test_every_form_holds_the_same_meetings(desk: Desk, form: Form, content_type: str) -> None:
    """All 158 of the real record, each by its UID, under the time of the calendar."""
    found = _read(desk, form)
    calendar: Any = icalendar.Calendar.from_ical(desk.feed("all"))
    uids = [str(event["UID"]) for event in calendar.walk("VEVENT")]
    text = found.body.decode("utf-8-sig")
    told: dict[Form, Callable[[], list[str]]] = {
        Form.JSON: lambda: [item["_iscm"]["uid"] for item in json.loads(text)["items"]],
        Form.JCAL: lambda: [str(e["UID"]) for e in icalendar.Calendar.from_jcal(text).walk("VEVENT")],
        Form.CSV: lambda: [row["uid"] for row in csv.DictReader(io.StringIO(text))],
        Form.ATOM: lambda: [
            str(entry.findtext(f"{ATOM}id")).removeprefix("urn:uuid:")
            for entry in _xml(found).iter(f"{ATOM}entry")
        ],
    }
    assert sorted(told[form]()) == sorted(uids)
    assert len(uids) == 158
    assert found.content_type == content_type
    assert found.last_modified == calendar["LAST-MODIFIED"].dt


def test_json_feed_tells_hours_and_days(desk: Desk) -> None:
    """The days of a conference, both included, and the hours of a sitting at the venue and in UTC."""
    days = desk.do(add_meeting, MEETING)
    hours = desk.do(add_meeting, MEETING | TIMED | {"title": "SOM of MIDSA", "kind": "senior_officials"})
    desk.publish(NOW + HOUR)
    feed = json.loads(_read(desk, Form.JSON).body)
    assert (feed["version"], feed["feed_url"], feed["home_page_url"]) == (
        "https://jsonfeed.org/version/1.1",
        f"{BASE_URL}/feeds/all.json",
        f"{BASE_URL}/",
    )
    items = {item["_iscm"]["uid"]: item for item in feed["items"]}
    names = ("start", "end", "zone", "start_utc", "end_utc", "status", "sequence")
    told = [tuple(items[desk.uid(slug)]["_iscm"][name] for name in names) for slug in (days, hours)]
    assert told == [
        ("2027-06-08", "2027-06-10", None, None, None, "confirmed", 0),
        (
            *("2027-03-17T09:30", "2027-03-17T17:00", "Europe/Brussels"),
            *("2027-03-17T08:30:00Z", "2027-03-17T16:00:00Z", "confirmed", 0),
        ),
    ]
    assert items[desk.uid(days)]["date_modified"] == "2026-11-23T13:00:00Z"


def test_atom_tells_changes_by_their_time_and_buries_what_was_deleted(desk: Desk) -> None:
    """What changed last comes first; a deleted meeting has a tombstone in the feeds it stood in."""
    kept = desk.do(add_meeting, MEETING)
    gone = desk.do(add_meeting, MEETING | {"title": "SOM of MIDSA", "kind": "senior_officials"})
    desk.publish(NOW)
    uid = desk.uid(gone)
    desk.do(delete_meeting, gone, now=NOW + HOUR)
    desk.do(change_meeting, kept, {"city": "Ndola"}, now=NOW + HOUR)
    desk.publish(NOW + 2 * HOUR)
    feed = _xml(_read(desk, Form.ATOM, "mechanism/midsa"))
    first = next(feed.iter(f"{ATOM}entry"))
    assert (first.findtext(f"{ATOM}id"), first.findtext(f"{ATOM}updated")) == (
        urn(desk.uid(kept)),
        "2026-11-23T14:00:00Z",
    )
    assert [(one.get("ref"), one.get("when")) for one in feed.iter(GONE)] == [
        (f"urn:uuid:{uid}", "2026-11-23T13:00:00Z")
    ]
    other = _xml(_read(desk, Form.ATOM, "mechanism/gfmd"))
    assert list(other.iter(GONE)) == []
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": f"{BASE_URL}/feeds/mechanism/midsa.atom",
        "alternate": f"{BASE_URL}/mechanisms/midsa",
    }


def test_a_cell_is_never_a_formula() -> None:
    """A title that begins like one is shown as it is and run by no spreadsheet."""
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    event = Event(
        uid="u",
        title='=HYPERLINK("x")',
        description="",
        start=date(2027, 6, 8),
        end=date(2027, 6, 8),
        zone=None,
        status="confirmed",
        sequence=0,
        created=moment,
        changed=moment,
        url="https://iscm.example.org/meetings/x",
        location="@home",
        point=None,
        categories=("RCP",),
    )
    calendar = Calendar("urn:x", "name", "about", "https://x", "https://x", moment, (event,))
    (row,) = csv.DictReader(io.StringIO(csv_table(calendar).decode("utf-8-sig")))
    assert (row["title"], row["location"], row["status"]) == ('\'=HYPERLINK("x")', "'@home", "confirmed")


def test_a_tombstone_appears_when_its_event_leaves_and_never_before(desk: Desk) -> None:
    """Deleted, not yet published: the entry stands. Published: it is buried, and the feed's time moves."""
    gone = desk.do(add_meeting, MEETING)
    desk.publish(NOW)
    uid = desk.uid(gone)
    before = _read(desk, Form.ATOM, "country/zm")
    desk.do(delete_meeting, gone, now=NOW)
    assert _read(desk, Form.ATOM, "country/zm") == before
    desk.publish(NOW)
    after = _read(desk, Form.ATOM, "country/zm")
    assert [one.get("ref") for one in _xml(after).iter(GONE)] == [f"urn:uuid:{uid}"]
    assert after.last_modified > before.last_modified


def test_a_state_that_joins_does_not_bury_what_it_never_had(desk: Desk) -> None:
    """A tombstone stands in the feeds that showed the meeting; one that gets its sources later has none."""
    gone = desk.do(add_meeting, MEETING)
    desk.publish(NOW)
    desk.do(delete_meeting, gone, now=NOW)
    desk.publish(NOW + HOUR)
    states = {"members": ["CH"], "observers": [], "organizations": {}}
    desk.do(change_mechanism, "midsa", {"participants": states})
    desk.publish(NOW + 2 * HOUR)
    assert list(_xml(_read(desk, Form.ATOM, "country/ch")).iter(GONE)) == []
