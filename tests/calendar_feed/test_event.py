"""Events: their bytes to the letter, and stamps that are not part of what is said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_feed.compose import anchor, compose_event
from calendar_feed.content_line import unfold
from calendar_feed.event import EventFacts, body_hash, render_event, stamped
from calendar_feed.facts import DocumentFacts, MeetingFacts
from calendar_feed.selfcheck import event_faults
from calendar_feed.states import EventStatus, Shown, state_of
from models.document import DocumentAct
from models.meeting import Kind, MeetingStatus, Mode
from models.when import When
from tests.calendar_feed.factory import KHARTOUM, MIDSA, RABAT, SITE, STAMP, days, hours, meeting
from tests.calendar_feed.sample import SAMPLE, SAMPLE_EVENT

AS_OF = date(2026, 11, 20)


def _shown(facts: MeetingFacts, *, as_of: date = AS_OF) -> Shown:
    state = state_of(facts, as_of=as_of, language="en")
    assert isinstance(state, Shown)
    return state


def _event(facts: MeetingFacts, *, as_of: date = AS_OF, sequence: int = 0) -> EventFacts:
    return compose_event(facts, shown=_shown(facts, as_of=as_of), sequence=sequence, language="en", site=SITE)


def _unfolded(event: EventFacts) -> list[str]:
    return unfold(stamped(render_event(event), at=STAMP)).decode().split("\r\n")[:-1]


def _line(event: EventFacts, name: str) -> str | None:
    found = [line for line in _unfolded(event) if line.split(":")[0].split(";")[0] == name]
    assert len(found) <= 1
    return found[0] if found else None


def test_event_is_the_sample_to_the_letter() -> None:
    """Same properties, same order, same words, byte for byte; folded with CRLF on the wire."""
    body = stamped(render_event(_event(SAMPLE, sequence=1)), at=STAMP)
    assert unfold(body).decode().replace("\r\n", "\n") == SAMPLE_EVENT
    assert event_faults(body) == []


def test_whole_days_end_on_the_day_after_the_last() -> None:
    """DTEND is exclusive: 8–10 June ends on the 11th."""
    event = _event(meeting())
    assert _line(event, "DTSTART") == "DTSTART;VALUE=DATE:20270608"
    assert _line(event, "DTEND") == "DTEND;VALUE=DATE:20270611"


def test_a_meeting_of_which_little_is_known_says_no_more() -> None:
    """No place, no mode, no link: those lines are absent, the required ones stand."""
    facts = meeting(city=None, country=None, kind=Kind.OTHER, title="Launch of MIDSA's library")
    told = (
        r"DESCRIPTION;LANGUAGE=en:MIDSA (RCP) – Launch of MIDSA's library.\n8–10 June 2027."
        r"\nDetails: https://iscm.example.org/meetings/midsa-20270608-ministerial"
    )
    assert _unfolded(_event(facts)) == [
        "BEGIN:VEVENT",
        "UID:3d2b1e70-07c4-4c55-8a1e-5a4b9e0c7d02",
        "DTSTAMP:20261120T091500Z",
        "CREATED:20260901T100000Z",
        "LAST-MODIFIED:20261120T091500Z",
        "SEQUENCE:0",
        "DTSTART;VALUE=DATE:20270608",
        "DTEND;VALUE=DATE:20270611",
        "SUMMARY;LANGUAGE=en:Launch of MIDSA's library",
        told,
        "URL:https://iscm.example.org/meetings/midsa-20270608-ministerial",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "CLASS:PUBLIC",
        "CATEGORIES:RCP,MIDSA",
        "COLOR:steelblue",
        "END:VEVENT",
    ]


def test_a_cancelled_meeting_says_so_in_four_places() -> None:
    """STATUS for Thunderbird, the title for Outlook, description and COMMENT for the reason."""
    event = _event(meeting(status=MeetingStatus.CANCELLED, reason="Flooding; no new date."))
    assert _line(event, "STATUS") == "STATUS:CANCELLED"
    assert (
        _line(event, "SUMMARY") == "SUMMARY;LANGUAGE=en:CANCELLED: MIDSA – 8th Ministerial Meeting (Lusaka)"
    )
    assert _line(event, "COMMENT") == r"COMMENT;LANGUAGE=en:Flooding\; no new date."
    assert _line(event, "DESCRIPTION") == (
        r"DESCRIPTION;LANGUAGE=en:MIDSA (RCP) – Ministerial Meeting.\n8–10 June 2027.\nThis meeting has been"
        r" cancelled.\nReason: Flooding\; no new date."
        r"\nDetails: https://iscm.example.org/meetings/midsa-20270608-ministerial"
    )


def test_a_reason_of_characters_that_are_not_sent_is_no_reason() -> None:
    """An empty COMMENT is an error to libical."""
    event = _event(meeting(status=MeetingStatus.CANCELLED, reason="\x00\u0007 \x1b"))
    assert _line(event, "COMMENT") is None
    assert "Reason" not in (_line(event, "DESCRIPTION") or "")


def test_a_place_by_the_equator_has_no_minus_before_its_zeros() -> None:
    """GEO in degrees, to about ten centimetres (RFC 5545, 3.8.1.6)."""
    event = _event(meeting(latitude=-0.0000001, longitude=-77.5))
    assert _line(event, "GEO") == "GEO:0.000000;-77.500000"


def test_a_month_only_meeting_carries_its_mark() -> None:
    """One day, the month in the title, and X-ISCM-DATE-PRECISION for programs."""
    event = _event(meeting(when=When.month(2027, 9), status=MeetingStatus.PLANNED))
    assert _line(event, "DTSTART") == "DTSTART;VALUE=DATE:20270901"
    assert _line(event, "DTEND") == "DTEND;VALUE=DATE:20270902"
    assert _line(event, "STATUS") == "STATUS:TENTATIVE"
    assert _line(event, "X-ISCM-DATE-PRECISION") == "X-ISCM-DATE-PRECISION:MONTH"
    assert _line(event, "SUMMARY") == (
        "SUMMARY;LANGUAGE=en:Date TBC (September 2027): MIDSA – 8th Ministerial Meeting (Lusaka)"
    )


def test_a_joint_meeting_names_both_mechanisms_everywhere() -> None:
    """In the title, the description and the categories, in stored order."""
    event = _event(
        meeting(
            mechanisms=(RABAT, KHARTOUM),
            title="Joint Valletta Action Plan Senior Officials' Meeting",
            kind=Kind.SENIOR_OFFICIALS,
        )
    )
    assert _line(event, "SUMMARY") == (
        "SUMMARY;LANGUAGE=en:Rabat Process / Khartoum Process – "
        "Joint Valletta Action Plan Senior Officials' Meeting (Lusaka)"
    )
    assert (
        _line(event, "CATEGORIES")
        == "CATEGORIES:IRF,Rabat Process,Khartoum Process,Senior Officials' Meeting"
    )


def test_documents_are_linked_when_there_is_something_to_link() -> None:
    """What was adopted is named with its address and attached; what is only expected is named."""
    documents = (
        DocumentFacts("Lusaka Declaration", DocumentAct.ADOPTED, "https://example.org/lusaka.pdf?lang=en"),
        DocumentFacts("Report", DocumentAct.ISSUED, "https://example.org/report"),
        DocumentFacts("Action plan", DocumentAct.ENDORSED, None),
        DocumentFacts("Roadmap", DocumentAct.EXPECTED, "https://example.org/roadmap"),
        DocumentFacts("Notes", None, "ftp://example.org/notes"),
    )
    lines = _unfolded(_event(meeting(documents=documents)))
    assert [line for line in lines if line.startswith("ATTACH")] == [
        "ATTACH;FMTTYPE=application/pdf:https://example.org/lusaka.pdf?lang=en",
        "ATTACH:https://example.org/report",
    ]
    assert next(line for line in lines if line.startswith("DESCRIPTION")).split(r"\n")[2:-1] == [
        "Adopted: Lusaka Declaration – https://example.org/lusaka.pdf?lang=en",
        "Issued: Report – https://example.org/report",
        "Endorsed: Action plan",
        "Expected outcome: Roadmap – https://example.org/roadmap",
        "Document: Notes – ftp://example.org/notes",
    ]


def test_an_online_meeting_is_online_and_nowhere() -> None:
    """Its place is "Online", also in the title."""
    event = _event(meeting(mode=Mode.ONLINE, city=None, country=None))
    assert _line(event, "SUMMARY") == "SUMMARY;LANGUAGE=en:MIDSA – 8th Ministerial Meeting (online)"
    assert _line(event, "LOCATION") == "LOCATION;LANGUAGE=en:Online"


def test_a_join_link_that_is_no_web_address_is_only_told() -> None:
    """CONFERENCE is opened by a click, so it takes web addresses only."""
    event = _event(meeting(join_link="javascript:alert(1)"))
    assert _line(event, "CONFERENCE") is None


def test_a_title_cannot_begin_a_property_of_its_own() -> None:
    """Line ends and control characters in what editors write stay text or vanish."""
    event = _event(meeting(title="Talk\r\nATTENDEE:mailto:x@example.org\x00", city="Lu\nsaka"))
    assert _line(event, "ATTENDEE") is None
    assert _line(event, "SUMMARY") == (
        r"SUMMARY;LANGUAGE=en:MIDSA – Talk ATTENDEE:mailto:x@example.org (Lu saka)"
    )


FACTS: list[dict[str, Any]] = [
    {"title": "9th Ministerial Meeting of MIDSA"},
    {"when": days("2027-06-08", "2027-06-11")},
    {"when": hours("2027-06-08 09:00", "2027-06-08 17:00", "Africa/Lusaka")},
    {"when": When.month(2027, 6)},
    {"status": MeetingStatus.TENTATIVE},
    {"status": MeetingStatus.CANCELLED},
    {"status": MeetingStatus.POSTPONED},
    {"city": "Livingstone"},
    {"country": "ZW"},
    {"venue": "Government Complex"},
    {"mode": Mode.HYBRID},
    {"mechanisms": (MIDSA, RABAT)},
    {"kind": Kind.PLENARY},
    {"theme": "Labour migration"},
    {"join_link": "https://meet.example.org/x"},
    {"local_times": "from 09:30"},
    {"sessions": ("Opening 09:30",)},
    {"interpretation": "English, Portuguese"},
    {"latitude": -15.4, "longitude": 28.3},
    {"documents": (DocumentFacts("Agenda", None, None),)},
    {"slug": "another"},
]


@pytest.mark.parametrize("change", FACTS, ids=lambda change: next(iter(change)))
def test_every_fact_that_is_told_changes_the_hash(change: dict[str, Any]) -> None:
    """A change that a reader can see can never go out under the old stamp."""
    plain, changed = (render_event(_event(facts)) for facts in (meeting(), meeting(**change)))
    assert body_hash(plain) != body_hash(changed)


def test_the_sequence_is_part_of_what_is_said() -> None:
    """A greater SEQUENCE under an old stamp would not be taken by any client."""
    bodies = [render_event(_event(meeting(), sequence=sequence)) for sequence in (0, 1)]
    assert body_hash(bodies[0]) != body_hash(bodies[1])


MOVES: list[tuple[dict[str, Any], bool]] = [
    ({"when": days("2027-06-09", "2027-06-10")}, True),
    ({"when": days("2027-06-08", "2027-06-11")}, True),
    ({"when": When.month(2027, 6)}, True),
    ({"status": MeetingStatus.TENTATIVE}, True),
    ({"status": MeetingStatus.CANCELLED}, True),
    ({"status": MeetingStatus.POSTPONED}, True),
    ({"city": "Livingstone"}, True),
    ({"country": "ZW"}, True),
    ({"venue": "Government Complex"}, True),
    ({"mode": Mode.ONLINE}, True),
    ({"status": MeetingStatus.HELD}, False),
    ({"status": MeetingStatus.PLANNED}, False),
    ({"title": "9th Ministerial Meeting of MIDSA"}, False),
    ({"theme": "Labour migration"}, False),
    ({"join_link": "https://meet.example.org/x"}, False),
    ({"latitude": -15.4, "longitude": 28.3}, False),
    ({"reason": "Elections"}, False),
]


@pytest.mark.parametrize(("change", "is_move"), MOVES, ids=lambda value: str(value)[:40])
def test_the_anchor_moves_with_start_end_zone_place_and_status_only(
    change: dict[str, Any], *, is_move: bool
) -> None:
    """SEQUENCE grows when the anchor does: a new title is no new appointment."""
    plain, changed = meeting(), meeting(**change)
    assert (anchor(plain, shown=_shown(plain)) != anchor(changed, shown=_shown(changed))) is is_move


def test_the_anchor_knows_the_zone() -> None:
    """The same wall clock in another zone is another time."""
    here, there = (
        meeting(when=hours("2027-06-08 09:00", "2027-06-08 17:00", zone))
        for zone in ("Africa/Lusaka", "Africa/Lagos")
    )
    assert anchor(here, shown=_shown(here)) != anchor(there, shown=_shown(there))


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1900 < at.year < 2900), st.integers(0, 10**9))
def test_stamps_are_not_part_of_what_is_said(at: datetime, later: int) -> None:
    """Stamped at any time, and stamped again, the hash is that of the body without stamps."""
    body = render_event(_event(SAMPLE))
    once = stamped(body, at=at)
    twice = stamped(once, at=at + timedelta(seconds=later))
    assert body_hash(body) == body_hash(once) == body_hash(twice)
    assert once.count(f"{at:%Y%m%dT%H%M%SZ}".encode()) == 2
    assert twice == stamped(body, at=at + timedelta(seconds=later))


def test_a_stamp_written_by_an_editor_is_no_stamp() -> None:
    """Text that looks like a stamp stays as it is."""
    event = replace(_event(SAMPLE), description="x\nDTSTAMP:20200101T000000Z\nLAST-MODIFIED:20200101T000000Z")
    assert unfold(stamped(render_event(event), at=STAMP)).count(b"20200101T000000Z") == 2


def test_status_words_are_those_of_rfc_5545() -> None:
    """VEVENT knows these three."""
    assert {status.value for status in EventStatus} == {"CONFIRMED", "TENTATIVE", "CANCELLED"}
