"""The pages of mechanisms."""

import re
from datetime import date

import pytest

from models import Database, When
from models.mechanism import MechanismAlias, MechanismStatus, MechanismType
from models.meeting import MeetingStatus
from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import NOW, statements, visitor
from web.pages.mechanism import read_mechanism
from web.pages.mechanisms import read_groups
from web.pages.updates import read_updates


def test_profile_reads_in_the_order_of_the_field(registry: Database) -> None:
    """Type and region come first, then association, founding, focus, chair, secretariat, States, contact."""
    with registry.reading() as session:
        view = read_mechanism(session, "midsa", today=NOW.date())
    assert view is not None
    order = [
        "Type", "Region", "Formal association", "Status", "Established", "Thematic focus", "Chair",
        "Secretariat", "IOM’s role", "Member States", "Member organizations", "Observer States",
        "Observer organizations", "Working languages", "Contact", "Also known as",
    ]  # fmt: skip
    labels = [fact.label for fact in view.profile.facts]
    assert labels == [label for label in order if label in labels]
    assert {"Type", "Region", "Established", "Member States"} <= set(labels)


def test_every_footnote_has_its_source(registry: Database) -> None:
    """On each of the 35 pages the numbers at the facts are those of the sources below."""
    with registry.reading() as session:
        slugs = [
            line.address
            for group in read_groups(session, today=NOW.date())
            for _, lines in group.statuses
            for line in lines
        ]
        views = [
            read_mechanism(session, slug.removeprefix("/mechanisms/"), today=NOW.date()) for slug in slugs
        ]
    assert len(views) == 35
    for view in views:
        assert view is not None
        numbers = [source.number for source in view.profile.sources]
        assert numbers == list(range(1, len(numbers) + 1))
        assert {number for fact in view.profile.facts for number in fact.notes} <= set(numbers)
        assert numbers


@pytest.mark.parametrize(
    ("alias", "slug"),
    [("puebla-process", "rcm"), ("csm", "sacm"), ("igad-rcp", "mid-igad"), ("comesa-rcp", "midcom")],
)
def test_alias_answers_308(registry: Database, alias: str, slug: str) -> None:
    """Another name of a mechanism is an address for ever."""
    answer = visitor(registry).get(f"/mechanisms/{alias}")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/mechanisms/{slug}")


def test_mechanism_says_that_it_is_not_the_mechanisms_own_site(sqlite_registry: Database) -> None:
    """The page says whose it is not, and links to the mechanism's own."""
    text = visitor(sqlite_registry).get("/mechanisms/bali-process").text
    assert "it is not the mechanism’s own site" in text
    assert re.findall(r'<a href="([^"]*)" rel="external">Go to its own site</a>', text) == [
        "https://www.baliprocess.net"
    ]


def test_mechanism_without_a_public_meeting(registry: Database) -> None:
    """IGC publishes no meetings: its page and its feed's address stand all the same."""
    text = visitor(registry).get("/mechanisms/igc").text
    assert "No public meeting is announced." in text
    assert "http://127.0.0.1:8000/feeds/mechanism/igc.ics" in text


def test_next_meeting_comes_first_and_past_ones_by_year(database: Database) -> None:
    """What is ahead or without a date stands first; the rest by year, the newest first."""
    with database.writing() as session:
        lima = a_mechanism(session)
        a_meeting(session, lima, slug="ahead")
        a_meeting(session, lima, slug="undated", when=When.unknown())
        a_meeting(
            session, lima, slug="of-2024", when=When.days(date(2024, 5, 2), None), status=MeetingStatus.HELD
        )
        a_meeting(session, lima, slug="of-2026", when=When.month(2026, 3), status=MeetingStatus.HELD)
        a_meeting(
            session,
            lima,
            slug="called-off",
            when=When.days(date(2024, 3, 1), None),
            status=MeetingStatus.CANCELLED,
        )
    with database.reading() as session:
        view = read_mechanism(session, "lima-process", today=NOW.date())
    assert view is not None
    assert sorted(line.title for line in view.coming) == ["Ahead", "Undated"]
    assert [(year.year, [line.title for line in year.lines]) for year in view.years] == [
        (2026, ["Of 2026"]),
        (2024, ["Of 2024", "Called off"]),
    ]


def test_members_by_name_and_kosovo_with_its_note(database: Database) -> None:
    """States stand by their listed names, organizations apart, Kosovo with its footnote."""
    with database.writing() as session:
        lima = a_mechanism(session)
        state, body = ParticipantKind.STATE, ParticipantKind.INTERGOVERNMENTAL
        for kind, code, name, role in [
            (state, "VE", "Venezuela", ParticipantRole.MEMBER),
            (state, "BO", "Bolivia", ParticipantRole.MEMBER),
            (state, "XK", "Kosovo", ParticipantRole.OBSERVER),
            (body, None, "IOM", ParticipantRole.MEMBER),
        ]:
            participant = Participant(kind=kind, code=code, name=name)
            lima.participations.append(Participation(participant=participant, role=role))
    with database.reading() as session:
        view = read_mechanism(session, "lima-process", today=NOW.date())
    assert view is not None
    facts = {fact.label: fact.items for fact in view.profile.facts}
    assert {
        label: facts[label] for label in ("Member States", "Member organizations", "Observer States")
    } == {
        "Member States": ("Bolivia (Plurinational State of)", "Venezuela (Bolivarian Republic of)"),
        "Member organizations": ("IOM",),
        "Observer States": ("Kosovo*",),
    }
    assert [remark[:15] for remark in view.profile.remarks] == ["* References to"]


def test_mechanisms_by_type_and_status(registry: Database) -> None:
    """All 35 stand by type, active before emerging before dormant; what is no ISCM stands apart."""
    with registry.reading() as session:
        groups = read_groups(session, today=NOW.date())
    shape = [(group.words, [(status, len(lines)) for status, lines in group.statuses]) for group in groups]
    assert shape == [
        ("Regional consultative processes", [("Active", 14), ("Emerging", 1), ("Dormant", 5)]),
        ("Interregional forums", [("Active", 8), ("Emerging", 1), ("Dormant", 4)]),
        ("Global processes", [("Active", 1)]),
        ("Meeting of all processes", [("Active", 1)]),
    ]


def test_lists_take_as_many_statements_for_three_rows_as_for_one(database: Database) -> None:
    """Neither the mechanisms, nor one with many meetings, nor the updates ask once a row."""
    counts = []
    for number in range(3):
        with database.writing() as session:
            mechanism = a_mechanism(session, f"process-{number}", status=list(MechanismStatus)[number])
            mechanism.aliases.append(MechanismAlias(name=f"Other {number}", slug=f"other-{number}"))
            first = mechanism if number == 0 else session.get_one(type(mechanism), 1)
            participant = Participant(
                kind=ParticipantKind.STATE, code=("CH", "FR", "DE")[number], name=f"S{number}"
            )
            first.participations.append(Participation(participant=participant, role=ParticipantRole.MEMBER))
            a_meeting(session, first, mechanism, slug=f"joint-{number}") if number else a_meeting(
                session, first, slug="one"
            )
            an_update(session, *{first, mechanism}, slug=f"update-{number}")
        client = visitor(database)
        with statements(database) as sent:
            client.get("/mechanisms")
            client.get("/mechanisms/process-0")
            client.get("/types/rcp")
            client.get("/updates")
            client.get("/subscribe")
        counts.append(len(sent))
    assert counts[0] == counts[2]


def test_type_that_is_none_is_not_found(database: Database) -> None:
    """Only the three types have a page, and each of them has one, empty or not."""
    client = visitor(database)
    assert [client.get(f"/types/{kind}").status_code for kind in ("xyz", "RCP", *MechanismType)] == [
        404,
        404,
        200,
        200,
        200,
    ]


def test_updates_stand_by_year(registry: Database) -> None:
    """All 58 updates, the newest first; one of which only the month is known says no day."""
    with registry.reading() as session:
        years = read_updates(session)
    days = [line.day for year in years for line in year.lines]
    assert (len(days), days) == (58, sorted(days, reverse=True))
    assert [year.year for year in years] == sorted({day.year for day in days}, reverse=True)
    months = [line.written_day for year in years for line in year.lines if len(line.exact) == 7]
    assert [words for words in months if words[0].isdigit()] == []
