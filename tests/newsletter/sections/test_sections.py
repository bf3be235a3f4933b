"""What each section tells of, and when it is left out."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models import Kind, MeetingStatus, Mode, When
from newsletter.compile import compile_highlights
from newsletter.facts import ChairFacts, MeetingFacts, OutcomeFacts, Record, UpdateFacts
from newsletter.highlights import Entry, Figure, Heading, Highlights, Node, Paragraph, Told
from newsletter.options import Layout, Options
from tests.newsletter.issue_facts import (
    BALI,
    COUNTRIES,
    DIALOGUE,
    MIDSA,
    NOW,
    OPTIONS,
    SITE,
    a_meeting,
    an_issue,
)


def _nodes(tree: Highlights, key: str) -> tuple[Node, ...]:
    return next((section.shown for section in tree.shown_sections() if section.key == key), ())


def _said(tree: Highlights, key: str) -> list[str]:
    return [node.said for node in _nodes(tree, key) if isinstance(node, Told)]


def test_sections_stand_in_their_default_order_and_empty_ones_are_left_out() -> None:
    """An old issue with one meeting has its figures and its mechanism, and nothing that is empty or of today."""  # noqa: E501 - a sentence stands whole
    assert [section.key for section in an_issue().shown_sections()] == ["figures", "mechanisms"]


@pytest.mark.parametrize(
    ("now", "is_recent"), [("2017-12-01", True), ("2018-12-31", True), ("2019-01-01", False)]
)
def test_only_the_current_and_the_last_year_tell_of_today(now: str, *, is_recent: bool) -> None:
    """Calendar ahead, chairs and subscribe are not what an old issue is for."""
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    coming = a_meeting(
        uid="next", status=MeetingStatus.CONFIRMED, when=When.days(moment.date(), moment.date())
    )
    mechanism = replace(MIDSA, secretariat="IOM")
    record = Record(mechanisms=(mechanism,), meetings=(a_meeting(), coming), countries=COUNTRIES)
    tree = compile_highlights(record, code="2017", year=2017, now=moment, options=OPTIONS)
    recent = {section.key for section in tree.shown_sections()} & {"ahead", "chairs", "subscribe"}
    assert recent == ({"ahead", "chairs", "subscribe"} if is_recent else set())


def test_compiling_is_a_pure_function() -> None:
    """Equal facts in another order give an equal tree."""
    meetings = [a_meeting(uid=str(number), slug=f"m{number}") for number in range(5)]
    assert an_issue(*meetings) == an_issue(*reversed(meetings))


def test_mechanisms_stand_in_one_alphabetical_order_or_by_type() -> None:
    """Types are mixed by short name; the other layout keeps that order under a heading for each."""
    meetings = [a_meeting(uid=one.slug, mechanisms=(one.slug,)) for one in (MIDSA, BALI, DIALOGUE)]
    names = {
        layout: [
            node.text
            for node in _nodes(an_issue(*meetings, options=replace(OPTIONS, layout=layout)), "mechanisms")
            if isinstance(node, Heading)
        ]
        for layout in Layout
    }
    assert names == {
        Layout.ALPHABETICAL: ["Abu Dhabi Dialogue (ADD)", "Bali Process", "MIDSA"],
        Layout.BY_TYPE: [
            "Regional consultative processes",
            "MIDSA",
            "Interregional forums",
            "Abu Dhabi Dialogue (ADD)",
            "Bali Process",
        ],
    }


def test_meetings_stand_by_weight_of_kind_then_by_date() -> None:
    """A ministerial of December comes before a workshop of January."""
    meetings = [
        a_meeting(uid="a", title="Workshop", kind=Kind.WORKSHOP, when=When.parse("2017-01-05", "2017-01-05")),
        a_meeting(uid="b", title="Later plenary", when=When.parse("2017-07-05", "2017-07-05")),
        a_meeting(uid="c", title="Earlier plenary", when=When.parse("2017-03-05", "2017-03-05")),
        a_meeting(
            uid="d", title="Ministerial", kind=Kind.MINISTERIAL, when=When.parse("2017-12-05", "2017-12-05")
        ),
    ]
    keys = [node.key for node in _nodes(an_issue(*meetings), "mechanisms") if isinstance(node, Told)]
    assert keys == ["meeting/d/told", "meeting/c/told", "meeting/b/told", "meeting/a/told"]


def test_joint_meeting_is_told_once_and_named_once() -> None:
    """Under the first of its mechanisms, and under the other by a line of its own key."""
    tree = an_issue(a_meeting(mechanisms=("midsa", "bali-process"), title="Joint Conference"))
    assert [node.key for node in _nodes(tree, "mechanisms") if isinstance(node, Told)] == [
        "meeting/meeting-1/named/bali-process",
        "meeting/meeting-1/told",
    ]


def test_figures_count_what_was_held_and_say_apart_what_was_announced() -> None:
    """Announced meetings are no meetings held; one meeting is not "meetings"."""
    held = a_meeting(
        kind=Kind.MINISTERIAL, mode=Mode.ONLINE, outcomes=(OutcomeFacts("d", "Declaration", "adopted"),)
    )
    announced = a_meeting(uid="b", status=MeetingStatus.PLANNED, country="MW")
    nodes = _nodes(an_issue(held, announced), "figures")
    assert [(node.value, node.label) for node in nodes if isinstance(node, Figure)] == [
        (1, "meeting held"),
        (1, "mechanism that met"),
        (1, "host country"),
        (1, "outcome document"),
    ]
    (summary,) = _said(an_issue(held, announced), "figures")
    assert summary == (
        "In 2017, 1 regional consultative process met. 1 meeting was at the level of ministers or "
        "vice-ministers. 1 meeting was held online. A further 1 meeting was announced; no report of it is on "
        "record."
    )


def test_figures_tell_meetings_to_come_from_those_that_passed_in_silence() -> None:
    """In a year that is not over, what is announced may still take place; an outcome is a report."""
    passed = [
        a_meeting(
            uid=uid,
            status=MeetingStatus.PLANNED,
            when=When.parse("2026-03-01", "2026-03-02"),
            outcomes=outcomes,
        )
        for uid, outcomes in (("a", ()), ("b", (OutcomeFacts("d", "Declaration", "adopted"),)))
    ]
    to_come = a_meeting(uid="c", status=MeetingStatus.CONFIRMED, when=When.parse("2026-12-01", "2026-12-02"))
    assert _said(an_issue(*passed, to_come, year=2026), "figures") == [
        "1 meeting was announced; no report of it is on record. 1 meeting is still to come."
    ]


def test_update_of_two_families_is_told_under_the_first() -> None:
    """Tagged updates of the year stand once; untagged ones and those of another year do not."""
    update = UpdateFacts(
        slug="u",
        day=date(2017, 3, 1),
        title="A news item.",
        mechanisms=("midsa",),
        summary="It happened.",
        families=("sdg", "gcm"),
        is_day_of_event=False,
    )
    others = (replace(update, slug="v", families=()), replace(update, slug="w", day=date(2016, 3, 1)))
    tree = an_issue(updates=(update, *others))
    assert [getattr(node, "text", "") for node in _nodes(tree, "themes")] == [
        "Global Compact for Migration",
        "A news item, reported 1 March 2017. It happened.",
    ]
    assert _said(an_issue(updates=(replace(update, day_known=False),)), "themes") == [
        "A news item, reported March 2017. It happened."
    ]


def _ahead(**facts: object) -> list[str]:
    coming: dict[str, object] = {
        "uid": "next",
        "title": "9th MIDSA Conference",
        "status": MeetingStatus.CONFIRMED,
    }
    meeting: MeetingFacts = a_meeting(**coming | facts)
    return _said(an_issue(meeting, year=2026), "ahead")


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (
            {"when": When.parse("2027-06-08", "2027-06-10")},
            "9th MIDSA Conference, 8–10 June 2027 in Lusaka, Zambia.",
        ),
        (
            {"when": When.parse("2027-06")},
            "9th MIDSA Conference, June 2027 in Lusaka, Zambia (the day is not yet known).",
        ),
        (
            {"when": When.parse("2027-Q2"), "status": MeetingStatus.TENTATIVE},
            "9th MIDSA Conference, second quarter of 2027 in Lusaka, Zambia (dates proposed; the month is not yet known).",  # noqa: E501 - a sentence stands whole
        ),
        (
            {"when": When.parse("2027-06-08")},
            "9th MIDSA Conference, from 8 June 2027 in Lusaka, Zambia (end not stated).",
        ),
        (
            {"when": When.unknown()},
            "9th MIDSA Conference, dates to be announced, in Lusaka, Zambia.",
        ),
        (
            {"when": When.parse("2027-06-08", "2027-06-10"), "status": MeetingStatus.POSTPONED},
            "9th MIDSA Conference, 8–10 June 2027 in Lusaka, Zambia (postponed, with no new date yet).",
        ),
        (
            {
                "title": "Steering Committee of the Bali Process",
                "mechanisms": ("bali-process", "midsa"),
                "when": When.parse("2027-06-08", "2027-06-09"),
            },
            "Bali Process / MIDSA: Steering Committee, 8–9 June 2027 in Lusaka, Zambia.",
        ),
        (
            {
                "when": When.parse("2027-06-08", "2027-06-08"),
                "mode": Mode.ONLINE,
                "city": None,
                "country": None,
            },
            "9th MIDSA Conference, 8 June 2027, online.",
        ),
    ],
)
def test_calendar_ahead_says_how_well_a_date_is_known(facts: dict[str, object], told: str) -> None:
    """A month is a month, a proposal a proposal, and nothing is made more exact than it is."""
    assert _ahead(**facts) == [told]


@pytest.mark.parametrize(
    "facts",
    [
        {"when": When.parse("2026-11-20", "2026-11-22")},
        {"when": When.parse("2027-11-24", "2027-11-24")},
        {"when": When.parse("2027-06-08"), "status": MeetingStatus.CANCELLED},
    ],
)
def test_calendar_ahead_leaves_out_what_is_past_far_or_off(facts: dict[str, object]) -> None:
    """Twelve months from today, and nothing that will not take place."""
    assert _ahead(**facts) == []


@pytest.mark.parametrize(
    ("chair", "told"),
    [
        (ChairFacts((("KZ", "chair"),), "2025-04-24"), "Chair: Kazakhstan, since 24 April 2025."),
        (ChairFacts((("AU", "co-chair"), ("ID", "co-chair"))), "Co-chairs: Australia and Indonesia."),
        (
            ChairFacts((("TR", "chair"), ("HU", "co-chair")), "2006"),
            "Chair: Türkiye; Co-chair: Hungary, since 2006.",
        ),
        (ChairFacts((("IN", "chair"),), "2024-05", "2026"), "Chair: India, May 2024 to 2026."),
        (ChairFacts((("CR", "chair"),), "2023", "2024"), None),
        (ChairFacts((("CR", "chair"),), "2027"), None),
    ],
)
def test_chair_is_that_of_the_issues_year(chair: ChairFacts, told: str | None) -> None:
    """A term that ended before, or begins after, is left out."""
    record = Record(mechanisms=(replace(MIDSA, chair=chair),), meetings=(), countries=COUNTRIES)
    tree = compile_highlights(record, code="2026", year=2026, now=NOW, options=OPTIONS)
    assert _said(tree, "chairs") == ([told] if told else [])


def test_contacts_name_their_site_and_leave_out_dormant_mechanisms() -> None:
    """A link says where it leads, and nobody is sent to a door that is closed."""
    open_one = replace(
        BALI,
        secretariat="Regional Support Office",
        website="https://www.baliprocess.net/x",
        contact="rso@example.org",
    )
    record = Record(
        mechanisms=(open_one, replace(MIDSA, secretariat="IOM", is_dormant=True)),
        meetings=(),
        countries=COUNTRIES,
    )
    tree = compile_highlights(record, code="2026", year=2026, now=NOW, options=OPTIONS)
    (entry,) = _nodes(tree, "chairs")
    assert isinstance(entry, Entry)
    assert (entry.label, entry.said) == (
        "Bali Process",
        "Secretariat: Regional Support Office. Contact: rso@example.org. Website: baliprocess.net.",
    )
    assert [(link.words, link.address) for link in entry.links] == [
        ("baliprocess.net", "https://www.baliprocess.net/x")
    ]


def test_subscribing_is_told_only_with_feeds_to_tell_of() -> None:
    """Addresses are handed in; without any the section is left out."""
    assert _nodes(an_issue(year=2026, options=Options(base_url=SITE)), "subscribe") == ()
    feed = _nodes(an_issue(year=2026), "subscribe")[1]
    assert getattr(feed, "address", None) == f"{SITE}/feeds/all.ics"


def test_kosovo_brings_its_note() -> None:
    """The name does not stand without it, and no other name brings one."""
    tree = an_issue(a_meeting(city="Pristina", country="XK"))
    assert [note.said[:22] for note in tree.notes] == ["References to Kosovo s"]
    assert an_issue().notes == ()


def test_editors_paragraphs_open_a_section() -> None:
    """Each section has a place for them, empty until somebody writes."""
    tree = an_issue()
    assert [section.intro for section in tree.sections] == [
        Paragraph(key=f"{section.key}/text", text="") for section in tree.sections
    ]
