"""The pages of mechanisms."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from models import Database, When
from models.mechanism import Dormancy, Mechanism, MechanismStatus
from models.meeting import MeetingStatus, Visibility
from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from tests.web.directory_record import a_document
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import NOW, visitor
from web.pages.mechanism import read_mechanism
from web.pages.profile_item import Item


def test_profile_reads_in_the_order_of_the_field(registry: Database) -> None:
    """Type and region come first, then association, founding, focus, chair, secretariat, States, contact."""
    with registry.reading() as session:
        view = read_mechanism(session, "midsa", today=NOW.date())
    assert view is not None
    order = [
        "Type", "Region", "Formal association", "Status", "Established", "Objectives",
        "Current thematic focus", "Themes", "Chair", "Chaired before by", "Secretariat", "IOM’s role",
        "Member States", "Member organizations", "Observer States", "Observer organizations",
        "Working languages", "Contact", "Also known as",
    ]  # fmt: skip
    labels = [fact.label for fact in view.profile.facts]
    assert labels == [label for label in order if label in labels]
    assert {"Type", "Region", "Established", "Member States"} <= set(labels)


def test_every_footnote_has_its_source(registry: Database) -> None:
    """On each of the 35 pages the numbers at the facts are those of the sources below."""
    with registry.reading() as session:
        slugs = session.scalars(select(Mechanism.slug)).all()
        views = [read_mechanism(session, slug, today=NOW.date()) for slug in slugs]
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
    """What is ahead stands first, what has no date behind it; the rest by year, the newest first."""
    with database.writing() as session:
        lima = a_mechanism(session)
        a_meeting(session, lima, slug="ahead")
        a_meeting(session, lima, slug="sooner", when=When.days(date(2026, 11, 20), date(2026, 11, 23)))
        a_meeting(session, lima, slug="undated", when=When.unknown(), status=MeetingStatus.PLANNED)
        a_meeting(
            session,
            lima,
            slug="put-off",
            when=When.days(date(2026, 5, 2), None),
            status=MeetingStatus.POSTPONED,
        )
        a_meeting(session, lima, slug="hidden", visibility=Visibility.HIDDEN)
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
    assert [line.title for line in view.coming.lines] == ["Sooner", "Ahead"]
    assert [line.title for line in view.undated.lines] == ["Undated", "Put off"]
    assert [(year.year, [line.title for line in year.lines]) for year in view.past.years] == [
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
            (state, "TM", "Turkmenistan", ParticipantRole.MEMBER),
            (state, "TR", "Türkiye", ParticipantRole.MEMBER),
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
        "Member States": (
            Item("Bolivia (Plurinational State of)", "/countries/bo"),
            Item("Türkiye", "/countries/tr"),
            Item("Turkmenistan", "/countries/tm"),
            Item("Venezuela (Bolivarian Republic of)", "/countries/ve"),
        ),
        "Member organizations": (Item("IOM"),),
        "Observer States": (Item("Kosovo", "/countries/xk", "*"),),
    }
    assert [remark[:15] for remark in view.profile.remarks] == ["* References to"]


def test_chairs_now_and_before(database: Database) -> None:
    """Each State of the chair is a link, with its role and its term; earlier terms stand below."""

    def term(
        *seats: tuple[str, str], since: str | None = None, until: str | None = None
    ) -> dict[str, object]:
        states = [{"state": state, "role": role} for state, role in seats]
        return {"states": states, "since": since, "until": until, "where": "https://example.org/chair"}

    with database.writing() as session:
        a_mechanism(
            session,
            chair=term(("TR", "chair"), ("HU", "co-chair"), since="2026-04-09"),
            former_chairs=[
                term(("FR", "chair"), since="2025-05", until="2026-04-09"),
                term(("EG", "pro tempore presidency"), since="2024", until="2024"),
                term(("DE", "chair"), until="2024"),
                term(("ER", "chair"), since="2019"),
            ],
        )
        a_mechanism(session, "quito", chair=term(("CR", "chair"), since="2023", until="2026-10"))
    with database.reading() as session:
        views = [read_mechanism(session, slug, today=NOW.date()) for slug in ("lima-process", "quito")]
    chairs = [
        {fact.label: (fact.items, fact.notes, fact.remark) for fact in view.profile.facts if fact.notes}
        for view in views
        if view
    ]
    assert chairs == [
        {
            "Chair": (
                (
                    Item("Türkiye", "/countries/tr"),
                    Item("Hungary", "/countries/hu", " (co-chair), since 9 April 2026"),
                ),
                (1,),
                None,
            ),
            "Chaired before by": (
                (
                    Item("France", "/countries/fr", ", from May 2025 to 9 April 2026"),
                    Item("Egypt", "/countries/eg", " (pro tempore presidency), in 2024"),
                    Item("Germany", "/countries/de", ", until 2024"),
                    Item("Eritrea", "/countries/er", ", from 2019"),
                ),
                (1,),
                None,
            ),
        },
        {
            "Chair": (
                (Item("Costa Rica", "/countries/cr", ", from 2023 to October 2026"),),
                (1,),
                "Who followed is not on record.",
            ),
        },
    ]


def test_mechanism_that_does_not_meet_says_so(database: Database) -> None:
    """Emerging, dormant in each way, and the series of meetings are told in words; an active one is not."""
    with database.writing() as session:
        a_mechanism(session, "active")
        a_mechanism(session, "emerging", status=MechanismStatus.EMERGING)
        a_mechanism(session, "dormant", status=MechanismStatus.DORMANT)
        for way in Dormancy:
            a_mechanism(session, way.value, status=MechanismStatus.DORMANT, dormancy=way)
        a_mechanism(session, "series", is_iscm=False)
    client = visitor(database)
    slugs = ("active", "emerging", "dormant", *(way.value for way in Dormancy), "series")
    told = {
        slug: re.findall(
            r"<p>((?:Emerging|Dormant|A series)[^<]*)</p>", client.get(f"/mechanisms/{slug}").text
        )
        for slug in slugs
    }
    assert told == {
        "active": [],
        "emerging": [
            (
                "Emerging: committed States hold an interim dialogue on the way to a new mechanism. Founding "
                "one takes up to several years."
            )
        ],
        "dormant": ["Dormant: it does not meet at present. How it came to rest is not on record."],
        "completed": ["Dormant: its mission is completed."],
        "inactive": ["Dormant: it has not met for years, but may resume."],
        "converted": ["Dormant: it became another body or a project."],
        "series": [
            (
                "A series of meetings for the Chairs and Heads of Secretariat of all mechanisms. It is "
                "listed with them, but is not one itself."
            )
        ],
    }


def test_mechanism_without_a_list_of_states_says_so(registry: Database) -> None:
    """Where no list is known nothing is guessed; where one is, its day stands beside it."""
    with registry.reading() as session:
        views = {
            slug: read_mechanism(session, slug, today=NOW.date()) for slug in ("gfmd", "budapest-process")
        }
    remarks = {
        slug: [(len(fact.items), fact.remark) for fact in view.profile.facts if fact.label == "Member States"]
        for slug, view in views.items()
        if view
    }
    assert remarks == {
        "gfmd": [(0, "No list of its States is on record.")],
        "budapest-process": [(52, "as of 2017")],
    }


def test_documents_of_a_mechanism_stand_key_ones_first(database: Database) -> None:
    """Those of its meetings and its own, the newest first after the key ones; none of a hidden meeting."""
    with database.writing() as session:
        lima, other = a_mechanism(session), a_mechanism(session, "other")
        held = a_meeting(session, lima, slug="held", when=When.days(date(2026, 3, 1), None))
        secret = a_meeting(session, lima, slug="secret", visibility=Visibility.HIDDEN)
        elsewhere = a_meeting(session, other, slug="elsewhere")
        a_document(session, "of-meeting", meeting=held)
        a_document(session, "own", day=date(2026, 9, 1), own_mechanisms=[lima])
        a_document(session, "key", day=date(2017, 1, 1), own_mechanisms=[lima, other], is_key=True)
        a_document(session, "of-secret", meeting=secret)
        a_document(session, "of-another", meeting=elsewhere)
    with database.reading() as session:
        view = read_mechanism(session, "lima-process", today=NOW.date())
    assert view is not None
    assert [line.slug for line in view.documents.lines] == ["key", "own", "of-meeting"]
    assert view.documents.all_address is None


def test_page_of_a_mechanism_shows_some_and_leads_to_all(database: Database) -> None:
    """Of long lists the page shows the newest and links to the rest, each by its own address."""
    with database.writing() as session:
        lima = a_mechanism(session)
        for number in range(25):
            day = date(2001 + number, 3, 1)
            held = a_meeting(session, lima, slug=f"held-{number}", when=When.days(day, None))
            a_meeting(session, lima, slug=f"coming-{number}", when=When.month(2027 + number, 3))
            a_document(session, f"document-{number}", meeting=held)
            an_update(session, lima, slug=f"update-{number}", day=day)
    with database.reading() as session:
        view = read_mechanism(session, "lima-process", today=NOW.date())
    assert view is not None
    lists = (view.coming, view.past, view.documents, view.updates)
    assert [(len(one.lines), one.all_address) for one in lists] == [
        (12, "/mechanisms/lima-process?show=coming"),
        (20, "/mechanisms/lima-process?show=past"),
        (6, "/documents?mechanism=lima-process"),
        (5, "/updates?mechanism=lima-process"),
    ]
    assert [year.year for year in view.past.years] == list(range(2025, 2005, -1))
