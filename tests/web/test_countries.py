"""The list of States and territories, and the page of each."""

import re
from datetime import date

from models import Database, When
from models.meeting import MeetingStatus, Visibility
from models.state import Participant, ParticipantRole
from tests.web.directory_record import a_state, many_of_everything, takes_part
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import NOW, statements, visitor
from web.pages.countries import CountryLine, read_countries
from web.pages.country import CountryPage, read_country

OBSERVER = ParticipantRole.OBSERVER
PAST = When.days(date(2024, 1, 1), None)


def _read(database: Database, code: str) -> CountryPage:
    with database.reading() as session:
        view = read_country(session, code, today=NOW.date())
    assert view is not None
    return view


def _lines(database: Database) -> dict[str, CountryLine]:
    with database.reading() as session:
        view = read_countries(session)
    return {line.address: line for letter in view.letters for line in letter.lines}


def test_every_state_is_listed_and_territories_on_record(database: Database) -> None:
    """195 States stand always; a territory where it takes part or was met in, Kosovo with its footnote."""
    before = _lines(database)
    with database.writing() as session:
        lima, other = a_mechanism(session), a_mechanism(session, "other")
        fiji, tokelau, kosovo = (a_state(session, code) for code in ("FJ", "TK", "XK"))
        takes_part(lima, fiji)
        takes_part(other, fiji, role=OBSERVER)
        takes_part(lima, tokelau)
        takes_part(other, kosovo, role=OBSERVER)
        a_meeting(session, lima, slug="in-noumea", country="NC")
        a_meeting(session, lima, slug="in-nauru", country="NR")
        a_meeting(session, lima, slug="in-secret", country="AS", visibility=Visibility.HIDDEN)
    after = _lines(database)
    assert len(before) == 195
    assert {address: after[address] for address in after.keys() - before.keys()} == {
        "/countries/nc": CountryLine("New Caledonia", "/countries/nc", 0, 0, has_note=False),
        "/countries/tk": CountryLine("Tokelau", "/countries/tk", 1, 0, has_note=False),
        "/countries/xk": CountryLine("Kosovo", "/countries/xk", 0, 1, has_note=True),
    }
    assert (after["/countries/fj"].member, after["/countries/fj"].observer) == (1, 1)
    text = visitor(database).get("/countries").text
    assert text.count("resolution 1244") == 1
    assert text.count(">Kosovo</a>*") == 1


def test_list_is_alphabetical_with_letters(registry: Database) -> None:
    """Letters stand in order, each once, and hold the names that begin with them, marks set aside."""
    with registry.reading() as session:
        view = read_countries(session)
    letters = [letter.letter for letter in view.letters]
    assert letters == sorted(set(letters))
    (c,) = (letter for letter in view.letters if letter.letter == "C")
    assert [line.name for line in c.lines][-7:] == [
        "Costa Rica", "Côte d’Ivoire", "Croatia", "Cuba", "Curaçao", "Cyprus", "Czechia",
    ]  # fmt: skip
    assert view.unknown == 17


def test_small_letters_are_the_one_address(registry: Database) -> None:
    """Capitals answer 308 with what was asked for; a code of nothing and nobody is 404."""
    client = visitor(registry)
    answers = [
        client.get(f"/countries/{code}") for code in ("TK", "Ch?show=past", "tk", "bv", "xk", "zz", "x")
    ]
    assert [(answer.status_code, answer.headers.get("location")) for answer in answers] == [
        (308, "/countries/tk"),
        (308, "/countries/ch?show=past"),
        (200, None),
        (404, None),
        (404, None),
        (404, None),
        (404, None),
    ]


def test_page_of_a_state_tells_where_it_takes_part(database: Database) -> None:
    """Member and observer with the day of the list; mechanisms without a list are named as not known."""
    with database.writing() as session:
        fiji, tonga = a_state(session, "FJ"), a_state(session, "TO")
        zeta, beta, alpha = (a_mechanism(session, slug) for slug in ("zeta", "beta", "alpha"))
        a_mechanism(session, "unlisted")
        a_mechanism(session, "series", is_iscm=False)
        takes_part(zeta, fiji, as_of="2025-04-09")
        takes_part(beta, fiji, role=OBSERVER)
        takes_part(alpha, tonga)
        beta.states_as_of = "2017"
        alpha.chair = {"states": [{"state": "FJ", "role": "co-chair"}], "since": "2026-01", "until": None}
        beta.chair = {"states": [{"state": "FJ", "role": "chair"}], "since": None, "until": "2026-10"}
        zeta.chair = {"states": [{"state": "TO", "role": "chair"}], "since": None, "until": None}
        zeta.former_chairs = [
            {"states": [{"state": "FJ", "role": "chair"}], "since": "2019", "until": "2020"}
        ]
    view = _read(database, "FJ")
    assert [(one.mechanism.name, one.as_of) for one in view.members] == [("Zeta", "as of 9 April 2025")]
    assert [(one.mechanism.name, one.as_of) for one in view.observers] == [("Beta", "as of 2017")]
    assert [(one.mechanism.name, one.role, one.term) for one in view.chairs] == [
        ("Alpha", "Co-chair", "since January 2026")
    ]
    assert [(one.mechanism.name, one.role, one.term) for one in view.former_chairs] == [
        ("Beta", "Chair", "until October 2026"),
        ("Zeta", "Chair", "from 2019 to 2020"),
    ]
    assert [one.name for one in view.unknown] == ["Unlisted"]


def test_page_of_a_state_shows_its_meetings(database: Database) -> None:
    """Those of its mechanisms by time; those in its territory or hosted by it; nothing hidden."""
    with database.writing() as session:
        fiji = a_state(session, "FJ")
        lima, other = a_mechanism(session), a_mechanism(session, "other")
        takes_part(lima, fiji, role=OBSERVER)
        a_meeting(session, lima, slug="ahead", country="TO")
        a_meeting(session, lima, slug="put-off", status=MeetingStatus.POSTPONED)
        a_meeting(session, lima, other, slug="joint", when=PAST, country="FJ")
        a_meeting(session, other, slug="not-its", country="TO")
        a_meeting(session, other, slug="hosted", when=When.days(date(2027, 1, 1), None), host="FJ")
        a_meeting(session, other, slug="undated-there", when=When.unknown(), country="FJ")
        a_meeting(session, lima, slug="secret", country="FJ", visibility=Visibility.HIDDEN)
    view = _read(database, "FJ")
    shelves = (view.coming, view.undated, view.past, view.there)
    assert [[line.title for line in shelf.lines] for shelf in shelves] == [
        ["Ahead"],
        ["Put off"],
        ["Joint"],
        ["Undated there", "Hosted", "Joint"],
    ]


def test_page_leads_to_the_calendars_of_its_mechanisms(registry: Database) -> None:
    """Its own calendar, then that of each mechanism; a State in none is told so, and has its own too."""
    client = visitor(registry)
    text = client.get("/countries/tk").text
    assert re.findall(r'href="webcal:[^"]*/feeds/([^"]*)"', text) == ["country/tk.ics", "mechanism/pidc.ics"]
    assert 'href="/report?page=/countries/tk"' in text
    text = client.get("/countries/is").text
    assert "No list of States on record names it." in text
    assert "It is not known which mechanisms it takes part in." in text
    assert "Of 17 mechanisms no list of States is on record. It may take part in them." in text
    assert 'href="/subscribe?country=is">More to choose' in text


def test_countries_take_as_many_statements_for_1000_rows_as_for_one(database: Database) -> None:
    """Neither the list of States nor the page of one asks once a mechanism or a meeting."""
    addresses = ("/countries", "/countries/fj", "/countries/fj?show=past", "/countries/fj?show=there")
    counts: list[int] = []
    for numbers in (range(1), range(1, 1_000)):
        with database.writing() as session:
            fiji = session.get(Participant, 1) or a_state(session, "FJ")
            many_of_everything(session, numbers, state=fiji)
        client = visitor(database)
        with statements(database) as sent:
            assert [client.get(address).status_code for address in addresses] == [200] * 4
        counts.append(len(sent))
    assert counts[0] == counts[1]
