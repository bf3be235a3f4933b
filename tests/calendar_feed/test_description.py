"""Descriptions: hours at the venue and in UTC, and everything that has no property of its own."""

from datetime import date

import pytest

from calendar_feed.description import description
from calendar_feed.facts import MeetingFacts
from calendar_feed.states import Shown, state_of
from models.meeting import Kind, Mode
from models.when import When
from tests.calendar_feed.factory import MIDSA, RABAT, hours, meeting


def _lines(facts: MeetingFacts) -> list[str]:
    shown = state_of(facts, as_of=date(2026, 11, 20), language="en")
    assert isinstance(shown, Shown)
    return description(facts, shown=shown, page="https://iscm.example.org/m", language="en").split("\n")


@pytest.mark.parametrize(
    ("when", "line"),
    [
        (
            hours("2027-03-17 09:30", "2027-03-17 17:00"),
            "17 March 2027, 09:30–17:00 Brussels time (08:30–16:00 UTC).",
        ),
        (
            hours("2027-07-01 09:00", "2027-07-01 10:00", "America/Argentina/Buenos_Aires"),
            "1 July 2027, 09:00–10:00 Buenos Aires time (12:00–13:00 UTC).",
        ),
        (hours("2027-07-01 09:00", "2027-07-01 10:00", "Etc/UTC"), "1 July 2027, 09:00–10:00 UTC."),
        (
            hours("2027-07-01 09:00", "2027-07-01 10:00", "Pacific/Apia"),
            "1 July 2027, 09:00–10:00 Apia time (20:00–21:00 UTC, 30 June 2027).",
        ),
        (hours("2027-03-17 09:30", None), "17 March 2027, from 09:30 Brussels time (08:30 UTC)."),
        (
            hours("2027-06-15 09:00", "2027-06-17 14:00"),
            "15–17 June 2027, from 09:00 on the first day to 14:00 on the last, Brussels time.",
        ),
        (When.month(2027, 9, 2027, 10), "September–October 2027."),
    ],
)
def test_the_second_line_says_when(when: When, line: str) -> None:
    """In words, with hours as the venue's clock and UTC show them."""
    assert _lines(meeting(when=when))[1] == line


def test_everything_known_is_told_in_a_steady_order() -> None:
    """What has no property of its own, or one that no big client shows, stands here."""
    facts = meeting(
        mechanisms=(MIDSA, RABAT),
        kind=Kind.TECHNICAL,
        mode=Mode.HYBRID,
        theme="Labour\nmigration",
        local_times="from 09:30",
        sessions=("Opening 09:30", "Closing 16:00"),
        join_link="https://meet.example.org/x",
        venue="Government Complex",
        interpretation="English, Portuguese",
    )
    assert _lines(facts) == [
        "MIDSA (RCP) / Rabat Process (IRF) – Technical Meeting, hybrid.",
        "8–10 June 2027.",
        "Theme: Labour migration",
        "Hours as announced: from 09:30",
        "Session: Opening 09:30",
        "Session: Closing 16:00",
        "Join online (registered delegates): https://meet.example.org/x",
        "Venue: Government Complex, Lusaka, Zambia (and online)",
        "Interpretation: English, Portuguese",
        "Details: https://iscm.example.org/m",
    ]


def test_a_kind_that_says_nothing_gives_way_to_the_title() -> None:
    """The kind "other" is no word for a reader."""
    assert _lines(meeting(kind=Kind.OTHER, title="Launch of the MIDSA website"))[0] == (
        "MIDSA (RCP) – Launch of the website."
    )
