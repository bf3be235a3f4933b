"""Variants: the same meetings told otherwise, made from kept bodies alone."""

import itertools
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_feed.asked import Asked
from calendar_feed.calendar import ZoneUse
from calendar_feed.compose import compose_event
from calendar_feed.content_line import unfold
from calendar_feed.event import render_event
from calendar_feed.facts import MeetingFacts
from calendar_feed.selfcheck import feed_faults
from calendar_feed.served import read_feed
from calendar_feed.states import Shown, state_of
from calendar_feed.variants import Variant, varied, zones_told
from models.meeting import MeetingStatus
from models.meeting_add import add_meeting
from models.when import When
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk, dates, events_of, value
from tests.calendar_feed.factory import BASE_URL, SITE, hours, meeting

AS_OF = date(2026, 11, 23)
MONTH = When.month(2027, 9)


def _body(facts: MeetingFacts) -> bytes:
    shown = state_of(facts, as_of=AS_OF, language="en")
    assert isinstance(shown, Shown)
    return render_event(compose_event(facts, shown=shown, sequence=0, language="en", site=SITE))


def _event(body: bytes) -> str:
    return unfold(body).decode()


def test_busy_takes_up_time_only_for_what_will_take_place() -> None:
    """A confirmed meeting does; a cancelled or postponed one, or a month's marker, does not."""
    facts = [
        meeting(),
        meeting(status=MeetingStatus.CANCELLED),
        meeting(status=MeetingStatus.POSTPONED),
        meeting(when=MONTH, status=MeetingStatus.PLANNED),
    ]
    told = [_event(body) for body in varied(map(_body, facts), [Variant.BUSY])]
    names = ("TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")
    free, busy = ("TRANSPARENT", "FREE"), ("OPAQUE", "BUSY")
    assert [tuple(value(event, name) for name in names) for event in told] == [busy, free, free, free]


def test_cancelled_visible_keeps_the_title_and_confirms() -> None:
    """Google hides what is cancelled; so the word stands in the title alone."""
    body = _body(meeting(status=MeetingStatus.CANCELLED))
    (told,) = varied([body], [Variant.CANCELLED_VISIBLE])
    assert told == body.replace(b"STATUS:CANCELLED", b"STATUS:CONFIRMED")
    assert value(_event(told), "SUMMARY").startswith("CANCELLED: ")


def test_tbc_omit_leaves_out_what_has_only_a_month() -> None:
    """All others stay as they are, in their order."""
    bodies = [_body(one) for one in (meeting(), meeting(when=MONTH), meeting(status=MeetingStatus.TENTATIVE))]
    assert varied(bodies, [Variant.TBC_OMIT]) == [bodies[0], bodies[2]]


@given(
    st.sampled_from(
        ["Europe/Brussels", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia", "America/Lima"]
    ),
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 12, 31)),  # noqa: DTZ001 - wall clocks
)
def test_utc_is_the_same_instant_without_a_zone(zone: str, start: datetime) -> None:
    """Whatever the zone and the hour: what a clock there shows, as UTC."""
    start = start.replace(hour=9, minute=30, second=0, microsecond=0)
    body = _body(meeting(when=hours(f"{start:%Y-%m-%d %H:%M}", f"{start:%Y-%m-%d} 17:00", zone)))
    (told,) = varied([body], [Variant.UTC])
    instant = start.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert value(_event(told), "DTSTART") == f"{instant:%Y%m%dT%H%M%SZ}"
    assert zones_told([body]) == [ZoneUse(zone, start.year, start.year + (f"{start:%m%d}" == "1231"))]
    assert zones_told([told]) == []


def test_sessions_are_one_event_a_day_with_the_hours_of_the_venue() -> None:
    """Three days in Lusaka from nine to five: own UIDs that name the meeting, numbered in the title."""
    body = _body(meeting(when=hours("2027-06-08 09:00", "2027-06-10 17:00", "Africa/Lusaka")))
    assert "DTSTART;VALUE=DATE:20270608" in _event(body)
    told = [_event(part) for part in varied([body], [Variant.SESSIONS])]
    uid = value(_event(body), "UID")
    summary = value(_event(body), "SUMMARY")
    assert [
        tuple(value(part, name) for name in ("UID", "RELATED-TO", "DTSTART", "DTEND", "SUMMARY"))
        for part in told
    ] == [
        (f"{uid}-{day}", uid, f"{day}T090000", f"{day}T170000", f"{summary} ({number}/3)")
        for number, day in enumerate(("20270608", "20270609", "20270610"), start=1)
    ]
    assert all("DTSTART;TZID=Africa/Lusaka:" in part and "X-ISCM-HOURS" not in part for part in told)


def test_days_without_hours_are_no_sessions() -> None:
    """A meeting of which only the days are known stays one event, to the byte."""
    body = _body(meeting())
    assert varied([body], [Variant.SESSIONS]) == [body]


@pytest.mark.parametrize("number", range(1, len(Variant) + 1))
def test_every_variant_of_the_real_calendar_is_sound(desk: Desk, number: int) -> None:
    """Each combination of so many words is a calendar without a fault, and has a name of its own."""
    desk.do(
        add_meeting,
        MEETING | dates("2027-06-08T09:00", "2027-06-10T17:00", precision="moment", zone="Africa/Lusaka"),
    )
    desk.publish(NOW + HOUR)
    identities = set()
    for words in itertools.combinations(Variant, number):
        with desk.database.reading() as session:
            feed = read_feed(session, Asked("all", variants=words))
        assert feed is not None
        assert feed_faults(feed.body) == []
        calendar = icalendar.Calendar.from_ical(feed.body)
        address = "/feeds/v/" + "/".join(words) + "/all.ics"
        assert str(calendar["SOURCE"]) == BASE_URL + address
        identities.add(str(calendar["X-WR-RELCALID"]))
        assert len(events_of(feed.body)) == len(events_of(desk.feed("all"))) - (
            Variant.TBC_OMIT in words
        ) * _months(desk) + 2 * (Variant.SESSIONS in words)
    assert len(identities) == len(list(itertools.combinations(Variant, number)))


def _months(desk: Desk) -> int:
    return desk.feed("all").count(b"X-ISCM-DATE-PRECISION:MONTH")
