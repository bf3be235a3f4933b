"""The self-check: each way of breaking a feed is found, and named."""

import pytest

from calendar_feed.calendar import FeedFacts, ZoneUse, header, join, zone_part
from calendar_feed.content_line import fold
from calendar_feed.selfcheck import byte_faults, event_faults, feed_faults, joint_faults
from tests.calendar_feed.factory import STAMP
from tests.calendar_feed.sample import SAMPLE_EVENT

BODY = b"".join(fold(line.encode()) for line in SAMPLE_EVENT.splitlines())
UID = "3d2b1e70-07c4-4c55-8a1e-5a4b9e0c7d02"


def _calendar(*bodies: bytes) -> bytes:
    facts = FeedFacts(
        path="/feeds/all.ics",
        name="All",
        description="All",
        page="https://iscm.example.org/",
        source="https://iscm.example.org/feeds/all.ics",
        color=("slategray", "#708090"),
        categories=("ISCM",),
    )
    before, after = header(facts)
    zones = zone_part([ZoneUse("Europe/Brussels", 2027, 2027)], empty=False)
    return join(before, changed_at=STAMP, tail=after + zones, bodies=bodies)


def _swapped(old: bytes, new: bytes) -> bytes:
    """A sound calendar with something in it exchanged."""
    sound = _calendar(BODY)
    assert old in sound
    return sound.replace(old, new)


def _without(name: str) -> bytes:
    lines = [line for line in SAMPLE_EVENT.splitlines() if not line.startswith(name)]
    return b"".join(fold(line.encode()) for line in lines)


def test_a_sound_event_and_a_sound_feed_have_no_faults() -> None:
    """The check lets through what is right."""
    assert event_faults(BODY) == []
    assert feed_faults(_calendar(BODY)) == []
    assert feed_faults(_calendar()) == []


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (_without("UID"), "event without UID has no UID"),
        (_without("DTSTAMP"), f"event {UID} has no DTSTAMP"),
        (_without("SEQUENCE"), f"event {UID} has no SEQUENCE"),
        (_without("SUMMARY"), f"event {UID} has no SUMMARY"),
        (_without("CLASS"), f"event {UID} has no CLASS"),
        (_without("DTEND"), f"event {UID} does not end after its start"),
        (BODY.replace(b"20270317T170000", b"20270317T093000"), f"event {UID} does not end after its start"),
        (BODY.replace(b"20270317T170000", b"20270317T080000"), f"event {UID} does not end after its start"),
        (
            BODY.replace(b"CLASS:PUBLIC", b"CLASS:PUBLIC\r\nCLASS:PUBLIC"),
            f"event {UID} has CLASS more than once",
        ),
        (
            BODY.replace(b"\r\nLAST-MODIFIED:20261120T091500Z", b"\r\nLAST-MODIFIED:20261120T091501Z"),
            f"event {UID} has no stamps, or two that differ",
        ),
        (BODY.replace(b"STATUS", b"ATTENDEE:mailto:x@example.org\r\nSTATUS"), "ATTENDEE stands in it"),
        (BODY.replace(b"STATUS", b"RDATE:20270318T093000\r\nSTATUS"), "RDATE stands in it"),
        (
            BODY.replace(b"END:VEVENT", b"BEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT"),
            f"event {UID} holds a component",
        ),
        (BODY.replace(b"COLOR:", b"COLOR:\x07"), "a control character or a bare line end stands at byte"),
        (BODY.replace(b"COLOR:", b"COLOR:\xc2\x85"), "a control character above ASCII"),
        (BODY.replace(b"COLOR:", b"COLOR:\xff"), "the bytes are not UTF-8"),
        (BODY.replace(b"COLOR:", b"COLOR:" + b"x" * 80), "a line has 99 octets, more than 75"),
        (BODY.replace(b"\r\nCOLOR", b"\nCOLOR"), "a control character or a bare line end stands at byte"),
        (BODY + BODY, "2 events stand where one should"),
        (b"", "0 events stand where one should"),
    ],
)
def test_a_broken_event_is_found(broken: bytes, fault: str) -> None:
    """Each rule of the check, broken once."""
    assert any(found.startswith(fault) for found in event_faults(broken)), event_faults(broken)


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (_calendar(BODY, BODY), f"the UID {UID} stands 2 times"),
        (_swapped(b"TZID:Europe/B", b"TZID:Europe/b"), "the zone Europe/Brussels is used and not defined"),
        (_swapped(b"PRODID:-//ISCM//Calendar feed 1.0//EN\r\n", b""), "the calendar has no PRODID"),
        (_swapped(b"VERSION:2.0", b"VERSION:2.0\r\nUID:x"), "the calendar has a UID of its own"),
        (_swapped(b"VERSION:2.0", b"VERSION:2.0\r\nMETHOD:PUBLISH"), "METHOD stands in it"),
        (_calendar(BODY) + _calendar(BODY), "2 calendars stand where one should"),
        (_swapped(b"END:VCALENDAR\r\n", b""), "the calendar does not begin and end as one"),
        (b"\xef\xbb\xbf" + _calendar(BODY), "the calendar does not begin and end as one"),
        (_swapped(b"END:VEVENT\r\n", b""), "1 events begin, 0 end and 1 have a UID"),
        (_swapped(b"END:VEVENT", b"END:VEVENT\r\nBEGIN:VTODO\r\nEND:VTODO"), "the calendar holds a VTODO"),
        (_calendar(b"X" * 900_000), "bytes are more than 900000"),
    ],
)
def test_a_broken_feed_is_found(broken: bytes, fault: str) -> None:
    """Each rule of the check of a whole feed, broken once."""
    assert any(fault in found for found in feed_faults(broken)), feed_faults(broken)


def test_too_many_events_are_found() -> None:
    """Google Calendar takes a thousand from one address."""
    bodies = [BODY.replace(UID.encode(), f"uid-{number}".encode()) for number in range(1001)]
    assert "1001 events are more than 1000" in joint_faults(_calendar(*bodies))


def test_a_line_folded_inside_a_character_is_found() -> None:
    """Each physical line must be readable by itself: cut in two, a character is no UTF-8."""
    (fault,) = byte_faults(b"X:\xc3\r\n \xa9\r\n")
    assert fault.startswith("the bytes are not UTF-8")
