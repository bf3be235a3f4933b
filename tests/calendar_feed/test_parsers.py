"""Parsers of three families read our feeds without a complaint, and read the same from them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from calendar_feed.calendar import header, join, zone_part
from calendar_feed.compose import compose_event
from calendar_feed.event import render_event, stamped
from calendar_feed.facts import MeetingFacts
from calendar_feed.headings import feed_facts
from calendar_feed.selection import Member, zones_in_use
from calendar_feed.selfcheck import feed_faults
from calendar_feed.spans import Hours
from calendar_feed.states import Shown, state_of
from models.meeting import MeetingStatus, Mode
from models.when import When
from tests.calendar_feed.desk import Desk
from tests.calendar_feed.factory import KHARTOUM, KNOWN, RABAT, SITE, STAMP, days, hours, meeting
from tests.calendar_feed.libical import parsed
from tests.calendar_feed.sample import SAMPLE

AS_OF = date(2026, 11, 20)
CLOCKS = (
    *("Africa/Casablanca", "America/Caracas", "America/New_York", "America/Nuuk", "America/Santiago"),
    *("Asia/Kathmandu", "Australia/Lord_Howe", "Etc/UTC", "Europe/Brussels", "Europe/Dublin", "Pacific/Apia"),
)


def _meetings() -> list[MeetingFacts]:
    """One of every state and form, with everything that can be known, in many zones and letters."""
    timed = [
        meeting(
            uid=f"{zone}-{month}@iscm",
            when=hours(f"2027-{month:02}-15 09:30", f"2027-{month:02}-15 17:00", zone),
            mode=Mode.HYBRID,
            join_link="https://meet.example.org/a?b=c,d;e",
        )
        for zone in CLOCKS
        for month in (1, 4, 7, 10)
    ]
    states = [
        meeting(uid="days", venue="Bâtiment A; salle 1, étage 2"),
        meeting(uid="open", when=days("2027-06-08")),
        meeting(uid="month", when=When.month(2027, 9)),
        meeting(uid="tbc", status=MeetingStatus.TENTATIVE),
        meeting(uid="postponed", status=MeetingStatus.POSTPONED, reason="Élections, à revoir"),
        meeting(uid="cancelled", status=MeetingStatus.CANCELLED, reason='Inondation; "rien à faire"\\'),
        meeting(uid="held", when=days("2017-06-08", "2017-06-09"), status=MeetingStatus.HELD),
        meeting(
            uid="joint",
            mechanisms=(RABAT, KHARTOUM),
            title="Réunion — المنتدى — Форум — Nukuʻalofa — Đà Nẵng",
        ),
        meeting(uid="night", when=hours("2027-03-27 22:00", "2027-03-28 04:00", "Europe/Brussels")),
    ]
    return [SAMPLE, *timed, *states]


def _feed() -> bytes:
    events, members = [], []
    for facts in _meetings():
        shown = state_of(facts, as_of=AS_OF, language="en")
        assert isinstance(shown, Shown)
        event = compose_event(facts, shown=shown, sequence=0, language="en", site=SITE)
        zone = shown.span.zone if isinstance(shown.span, Hours) else None
        member = Member(uid=facts.uid, order=f"{shown.span.order} {facts.uid}", zone=zone, size=0)
        members.append(member)
        events.append((member.order, stamped(render_event(event), at=STAMP)))
    before, after = header(feed_facts("all", known=KNOWN, language="en", site=SITE))
    zones = zone_part(zones_in_use(members), empty=False)
    return join(before, changed_at=STAMP, tail=after + zones, bodies=[body for _, body in sorted(events)])


def _instants() -> dict[str, tuple[datetime, datetime]]:
    """Start and end of every timed meeting, by zoneinfo alone."""
    found = {}
    for facts in _meetings():
        when = facts.when
        if when.start_time and when.end_time and when.first and when.last and when.zone:
            clock = ZoneInfo(when.zone)
            found[facts.uid] = (
                datetime.combine(when.first, when.start_time, clock).astimezone(UTC),
                datetime.combine(when.last, when.end_time, clock).astimezone(UTC),
            )
    return found


def test_our_own_check_finds_nothing() -> None:
    """The feed that the others are given passes our self-check."""
    assert feed_faults(_feed()) == []


def test_libical_reads_the_same_instants_and_allows_everything() -> None:
    """No error, no breach of RFC 5545's restrictions, and each hour as zoneinfo has it."""
    with parsed(_feed()) as calendar:
        assert calendar.errors == 0
        assert calendar.is_allowed
        starts, ends = calendar.starts(), calendar.ends()
        assert set(starts) == {facts.uid for facts in _meetings()}
        assert {uid: (starts[uid], ends[uid]) for uid in _instants()} == _instants()


def test_icalendar_reads_the_same_instants() -> None:
    """The other library in use on servers."""
    assert _read_by_icalendar(_feed()) == _instants()


def test_vobject_reads_the_same_instants() -> None:
    """The parser of Radicale and of old synchronisers."""
    calendar = vobject.readOne(_feed().decode())
    read = {
        event.uid.value: (event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC))
        for event in calendar.vevent_list
        if isinstance(event.dtstart.value, datetime)
    }
    assert read == _instants()


def test_all_three_read_the_same_titles(desk: Desk) -> None:
    """Every real title, as our own feed has it."""
    data = desk.feeds()["/feeds/all.ics"]
    by_icalendar = {
        str(event["UID"]): str(event["SUMMARY"])
        for event in icalendar.Calendar.from_ical(data).walk("VEVENT")
    }
    by_vobject = {
        event.uid.value: event.summary.value for event in vobject.readOne(data.decode()).vevent_list
    }
    with parsed(data) as calendar:
        assert calendar.summaries() == by_icalendar == by_vobject
    assert len(by_icalendar) == 158


@pytest.mark.parametrize("path", ["/feeds/all.ics", "/feeds/type/irf.ics", "/feeds/mechanism/igc.ics"])
def test_libical_allows_real_feeds(desk: Desk, path: str) -> None:
    """The feed of everything, one of a type, and an empty one."""
    with parsed(desk.feeds()[path]) as calendar:
        assert calendar.errors == 0
        assert calendar.is_allowed


def test_one_meeting_alone_is_read_by_all(desk: Desk) -> None:
    """The file behind "add this meeting"."""
    data = desk.served()["/meetings/gfmd-20200120-summit.ics"].body
    with parsed(data) as calendar:
        assert (calendar.errors, calendar.is_allowed) == (0, True)
        (summary,) = calendar.summaries().values()
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert summary == str(event["SUMMARY"]) == "GFMD – 12th Summit Meeting (Quito)"


def _read_by_icalendar(data: bytes) -> Mapping[str, tuple[datetime, datetime]]:
    events: list[Any] = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return {
        str(event["UID"]): (event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC))
        for event in events
        if isinstance(event["DTSTART"].dt, datetime)
    }
