"""A meeting as schema.org's Event."""

import json
import re
from datetime import date, datetime

import pytest

from models import Database, When
from models.mechanism import MechanismType
from models.meeting import MeetingStatus, Mode
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import BASE_URL, visitor
from web.pages.meeting_event import end_date, start_date

BRUSSELS = When.moments(datetime(2027, 3, 27, 9, 30), datetime(2027, 3, 28, 17, 0), "Europe/Brussels")  # noqa: DTZ001 - wall clock


def told(database: Database, slug: str = "a-meeting") -> dict[str, object]:
    """What the page of a meeting tells machines, read as they read it."""
    text = visitor(database).get(f"/meetings/{slug}").text
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    event: dict[str, object] = json.loads(found)
    return event


def test_event_says_all_that_is_known(database: Database) -> None:
    """Hours with the venue's offset on each day, place and link, both organizers, the working languages."""
    with database.writing() as session:
        khartoum = a_mechanism(
            session, "khartoum-process", languages=["en", "ar"], website="https://k.example"
        )
        rabat = a_mechanism(session, "rabat-process", type=MechanismType.IRF, languages=["fr", "en"])
        a_meeting(
            session,
            khartoum,
            rabat,
            when=BRUSSELS,
            mode=Mode.HYBRID,
            venue="Egmont Palace",
            city="Brussels",
            country="BE",
            latitude=50.84,
            longitude=4.36,
            join_link="https://meet.example.org/1",
            theme="Return and reintegration",
        )
    assert told(database) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"{BASE_URL}/meetings/a-meeting",
        "url": f"{BASE_URL}/meetings/a-meeting",
        "identifier": "uid-of-a-meeting",
        "name": "A meeting",
        "description": "Return and reintegration",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "startDate": "2027-03-27T09:30:00+01:00",
        "endDate": "2027-03-28T17:00:00+02:00",
        "location": [
            {
                "@type": "Place",
                "name": "Egmont Palace",
                "address": {"@type": "PostalAddress", "addressLocality": "Brussels", "addressCountry": "BE"},
                "geo": {"@type": "GeoCoordinates", "latitude": 50.84, "longitude": 4.36},
            },
            {"@type": "VirtualLocation", "url": "https://meet.example.org/1"},
        ],
        "organizer": [
            {"@type": "Organization", "name": "Khartoum Process on Migration", "url": "https://k.example"},
            {
                "@type": "Organization",
                "name": "Rabat Process on Migration",
                "url": f"{BASE_URL}/mechanisms/rabat-process",
            },
        ],
        "inLanguage": ["en", "ar", "fr"],
    }


@pytest.mark.parametrize(
    ("status", "moved_from", "said", "previous"),
    [
        (MeetingStatus.CONFIRMED, None, "EventScheduled", None),
        (MeetingStatus.CONFIRMED, date(2027, 3, 3), "EventRescheduled", "2027-03-03"),
        (MeetingStatus.CANCELLED, None, "EventCancelled", None),
        (MeetingStatus.POSTPONED, date(2027, 3, 3), "EventPostponed", None),
    ],
)
def test_event_says_how_it_stands(
    database: Database, status: MeetingStatus, moved_from: date | None, said: str, previous: str | None
) -> None:
    """A cancelled or postponed meeting keeps its dates and says so; a moved one says when it was to begin."""
    before = When.days(moved_from, None).as_json() if moved_from else None
    with database.writing() as session:
        a_meeting(session, a_mechanism(session), status=status, previous_when=before)
    event = told(database)
    assert event["eventStatus"] == f"https://schema.org/{said}"
    assert (event["startDate"], event["endDate"]) == ("2027-06-08", "2027-06-10")
    assert event.get("previousStartDate") == previous


def test_event_online_is_at_its_link_or_its_page(database: Database) -> None:
    """A meeting online has no place on earth, even where its record names a country."""
    with database.writing() as session:
        a_meeting(session, a_mechanism(session), mode=Mode.ONLINE, country="PE")
    event = told(database)
    assert event["location"] == {"@type": "VirtualLocation", "url": f"{BASE_URL}/meetings/a-meeting"}
    assert event["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"


@pytest.mark.parametrize(
    ("when", "dates"),
    [
        (When.days(date(2027, 3, 3), None), ("2027-03-03", None)),
        (When.month(2027, 5, 2027, 6), ("2027-05", "2027-06")),
        (When.quarter(2027, 3), ("2027", "2027")),
        (When.year(2027), ("2027", "2027")),
        (When.unknown(), (None, None)),
    ],
)
def test_event_is_dated_no_more_exactly_than_is_known(
    when: When, dates: tuple[str | None, str | None]
) -> None:
    """A month is not made a day."""
    assert (start_date(when), end_date(when)) == dates


def test_event_cannot_end_its_script(database: Database) -> None:
    """Whatever an editor pastes stays inside the data."""
    with database.writing() as session:
        a_meeting(session, a_mechanism(session), title="</script><script>alert(1)//<!--")
    assert told(database)["name"] == "</script><script>alert(1)//<!--"
