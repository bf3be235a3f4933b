"""The sentence fragment of a meeting in each of its states."""

from dataclasses import replace
from datetime import date

import pytest

from models import Kind, MeetingStatus, When
from newsletter.facts import MeetingFacts, OutcomeFacts
from newsletter.wording.sentences import Teller, leads_into
from tests.newsletter.issue_facts import BALI, COUNTRIES, MECHANISMS, MIDSA, SERIES, a_meeting

ALL = {mechanism.slug: mechanism for mechanism in MECHANISMS}
TELLER = Teller(mechanism=MIDSA, mechanisms=ALL, countries=COUNTRIES)


def _officials(first: str, last: str | None, **facts: object) -> MeetingFacts:
    plain: dict[str, object] = {
        "uid": "officials",
        "title": "Senior Officials' Meeting before the 6th Ministerial Conference",
        "kind": Kind.SENIOR_OFFICIALS,
        "when": When.parse(first, last),
    }
    return a_meeting(**plain | facts)


def _ministers(first: str, last: str, **facts: object) -> MeetingFacts:
    plain: dict[str, object] = {
        "title": "6th Ministerial Conference of MIDSA",
        "kind": Kind.MINISTERIAL,
        "when": When.parse(first, last),
    }
    return a_meeting(**plain | facts)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "The 2017 MIDSA Conference, 8–10 June 2017 in Lusaka, Zambia."),
        (
            {"theme": "Mixed migration"},
            "The 2017 MIDSA Conference, 8–10 June 2017 in Lusaka, Zambia, on mixed migration.",
        ),
        (
            {"theme": "Mixed migration", "outcomes": (OutcomeFacts("d", "Lusaka Declaration", "adopted"),)},
            "The 2017 MIDSA Conference, 8–10 June 2017 in Lusaka, Zambia, adopted the Lusaka Declaration.",
        ),
        (
            {"status": MeetingStatus.PLANNED, "theme": "Mixed migration"},
            "The 2017 MIDSA Conference was announced for 8–10 June 2017 in Lusaka, Zambia.",
        ),
        (
            {"status": MeetingStatus.PLANNED, "title": "1st thematic consultations"},
            "The 1st thematic consultations were announced for 8–10 June 2017 in Lusaka, Zambia.",
        ),
        (
            {
                "status": MeetingStatus.PLANNED,
                "outcomes": (OutcomeFacts("d", "Lusaka Declaration", "expected"),),
            },
            "The 2017 MIDSA Conference was announced for 8–10 June 2017 in Lusaka, Zambia, with the Lusaka Declaration expected.",  # noqa: E501 - a sentence stands whole
        ),
        (
            {"status": MeetingStatus.CANCELLED, "reason": "Elections."},
            "The 2017 MIDSA Conference, announced for 8–10 June 2017 in Lusaka, Zambia, was cancelled (Elections).",  # noqa: E501 - a sentence stands whole
        ),
        (
            {"status": MeetingStatus.POSTPONED},
            "The 2017 MIDSA Conference, announced for 8–10 June 2017 in Lusaka, Zambia, was postponed.",
        ),
        (
            {"previous_when": When.days(date(2016, 11, 19), date(2016, 11, 22))},
            "The 2017 MIDSA Conference, 8–10 June 2017 in Lusaka, Zambia, first called for 19–22 November 2016.",  # noqa: E501 - a sentence stands whole
        ),
        (
            {
                "status": MeetingStatus.CONFIRMED,
                "previous_when": When.days(date(2016, 11, 19), date(2016, 11, 22)),
            },
            (
                "The 2017 MIDSA Conference was announced for 8–10 June 2017 in Lusaka, Zambia, "
                "having first been called for 19–22 November 2016."
            ),
        ),
        (
            {"previous_when": When.days(date(2017, 6, 7), date(2017, 6, 9))},
            "The 2017 MIDSA Conference, 8–10 June 2017 in Lusaka, Zambia.",
        ),
        (
            {"previous_when": When.month(2017, 1)},
            "The 2017 MIDSA Conference, 8–10 June 2017 in Lusaka, Zambia.",
        ),
        (
            {"mechanisms": ("midsa", "bali-process")},
            "The 2017 MIDSA Conference, 8–10 June 2017 in Lusaka, Zambia, jointly with the Bali Process.",
        ),
        (
            {"mechanisms": ("midsa", "bali-process"), "title": "Meeting between MIDSA and the Bali Process"},
            "The Meeting between MIDSA and the Bali Process, 8–10 June 2017 in Lusaka, Zambia.",
        ),
        (
            {"city": None, "country": None, "when": When.parse("2017-09")},
            "The 2017 MIDSA Conference, September 2017.",
        ),
    ],
)
def test_meeting_is_told_in_its_state(facts: dict[str, object], sentence: str) -> None:
    """Title, dates and place, then what came of it or what it was about; what was only announced says so."""
    assert TELLER.tell(a_meeting(**facts)).sentence == sentence


def test_telling_names_the_words_that_a_link_stands_on() -> None:
    """They stand in the sentence as they are."""
    telling = TELLER.tell(a_meeting(title="Launch meeting of the MIDSA"))
    assert (telling.title, telling.sentence[:18]) == ("launch meeting", "The launch meeting")


def test_joint_meeting_is_named_under_the_other_mechanism() -> None:
    """It is told once; elsewhere a line says where."""
    joint = a_meeting(mechanisms=("midsa", "bali-process"), title="Joint Conference")
    other = Teller(mechanism=BALI, mechanisms=ALL, countries=COUNTRIES)
    assert (
        other.name(joint).sentence
        == "The Joint Conference, 8–10 June 2017, held jointly with MIDSA (see there)."
    )
    series = replace(joint, mechanisms=(SERIES.slug, "bali-process"), status=MeetingStatus.PLANNED)
    assert other.name(series).sentence == (
        "The Joint Conference, 8–10 June 2017, announced as the global meeting (see there)."
    )


@pytest.mark.parametrize(
    ("officials", "ministers", "leads"),
    [
        (_officials("2017-06-07", "2017-06-07"), _ministers("2017-06-08", "2017-06-08"), True),
        (_officials("2017-06-07", "2017-06-08"), _ministers("2017-06-08", "2017-06-08"), True),
        (_officials("2017-06-06", "2017-06-06"), _ministers("2017-06-08", "2017-06-08"), False),
        (_officials("2017-06-06", None), _ministers("2017-06-08", "2017-06-08"), True),
        (_officials("2017-06-09", "2017-06-09"), _ministers("2017-06-08", "2017-06-08"), False),
        (_officials("2017-06-07", "2017-06-07", city="Ndola"), _ministers("2017-06-08", "2017-06-08"), False),
        (_officials("2017-06", None), _ministers("2017-06-08", "2017-06-08"), False),
        (
            _officials("2017-06-07", "2017-06-07", status=MeetingStatus.PLANNED),
            _ministers("2017-06-08", "2017-06-08"),
            False,
        ),
        (
            _officials("2017-06-07", "2017-06-07", kind=Kind.TECHNICAL),
            _ministers("2017-06-08", "2017-06-08"),
            False,
        ),
    ],
)
def test_officials_lead_into_ministers_on_adjoining_days_in_one_city(
    officials: MeetingFacts, ministers: MeetingFacts, *, leads: bool
) -> None:
    """Only then they share a sentence."""
    assert leads_into(officials, ministers) is leads


def test_officials_share_the_ministers_sentence_with_their_own_dates() -> None:
    """Neither date is lost, and "before the Ministerial Conference" is not said twice."""
    officials, ministers = _officials("2017-06-07", "2017-06-07"), _ministers("2017-06-08", "2017-06-09")
    assert TELLER.tell(ministers, after=officials).sentence == (
        "The Senior Officials' Meeting, 7 June 2017, and the 6th Ministerial Conference, 8–9 June 2017 in "
        "Lusaka, Zambia."
    )
    announced = [replace(one, status=MeetingStatus.PLANNED) for one in (ministers, officials)]
    assert TELLER.tell(announced[0], after=announced[1]).sentence == (
        "The Senior Officials' Meeting was announced for 7 June 2017 and the 6th Ministerial Conference for "
        "8–9 June 2017 in Lusaka, Zambia."
    )
