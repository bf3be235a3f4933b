"""The pages about ISCMs: their text, blocks of the record, neighbours and languages."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from models import Database, When
from models.mechanism import MechanismStatus, MechanismType
from models.meeting import Kind, MeetingStatus, Visibility
from models.page import Page
from models.vocabulary import Theme, ThemeFamily
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import NOW, site, statements, visitor
from web.pages.about import AboutPage, read_about, read_index
from web.pages.about_blocks import BlockView

BLOCKS = """One.

[[types-with-counts]]

[[associations]]

[[emerging]]

[[dormant]]

[[iom-roles]]

[[grcp-meetings]]

[[theme gcm]]

[[contacts]]

[[one-that-was]]

Two.
"""


def a_page(database: Database, slug: str = "one", body: str = "A text.", **facts: object) -> None:
    """Keep a page; what is not given is plausible."""
    with database.writing() as session:
        known: dict[str, object] = {"language": "en", "title": slug.capitalize(), "changed_at": NOW}
        session.add(Page(slug=slug, body=body, **(known | facts)))


def a_record(database: Database, number: int) -> None:
    """Keep one of everything that blocks show."""
    with database.writing() as session:
        theme = session.get(Theme, 1) or Theme(
            slug="gcm", name="Global Compact", family=ThemeFamily.GCM, position=0
        )
        session.add(theme)
        mechanism = a_mechanism(
            session,
            f"process-{number}",
            type=list(MechanismType)[number % 3],
            status=list(MechanismStatus)[number % 3],
            association="Union",
            iom_roles=["member", "observer", "technical_secretariat"],
        )
        meeting = a_meeting(session, mechanism, slug=f"grcp-{number}", kind=Kind.GRCP)
        meeting.theme_tags.append(theme)
        update = an_update(session, mechanism, slug=f"update-{number}")
        update.theme_tags.append(theme)


def blocks_of(page: AboutPage | None) -> dict[str, Any]:
    """What the blocks of a page hold, by their kinds."""
    assert page is not None
    return {part.kind: part.content for part in page.parts if isinstance(part, BlockView)}


def test_every_bundled_page_answers(registry: Database) -> None:
    """The index leads to all fifteen; each has one h1, its neighbours and the day of its change."""
    client = visitor(registry)
    addresses = re.findall(
        r'<h2 [^>]*><a class="quiet" href="(/about/[a-z0-9-]+)"', client.get("/about").text
    )
    assert len(addresses) == 15
    for place, address in enumerate(addresses):
        text = client.get(address).text
        assert text.count("<h1>") == 1
        assert re.findall(r'<a href="([^"]*)" rel="prev"', text) == addresses[max(place - 1, 0) : place]
        assert re.findall(r'<a href="([^"]*)" rel="next"', text) == addresses[place + 1 : place + 2]
        assert re.findall(r'<time datetime="([^"]*)">[^<]*</time> ·', text) != []
        assert f'<a href="{address}" aria-current="page">' in text
        assert f'<a href="/report?page={address}">' in text
        assert "[[" not in text


def test_links_of_bundled_pages_lead_somewhere(sqlite_registry: Database) -> None:
    """Every own path in their texts answers, and every heading they name is on the page it leads to."""
    client = visitor(sqlite_registry)
    with sqlite_registry.reading() as session:
        addresses = [line.address for line in read_index(session)]
    texts = {address: client.get(address).text for address in addresses}
    links = {link for text in texts.values() for link in re.findall(r'href="(/[a-z][^"#]*)', text)}
    pages = sorted(link for link in links if not link.startswith(("/static/", "/feeds/")))
    assert len(pages) > 60
    assert [path for path in pages if client.get(path).status_code >= 400] == []
    for address, text in texts.items():
        for link in re.findall(r'href="((?:/about/[a-z0-9-]+)?#[^"]+)"', text):
            path, _, fragment = link.partition("#")
            assert f'id="{fragment}"' in texts[path or address]


def test_blocks_are_read_from_the_record(registry: Database) -> None:
    """Counts, roles, emerging and dormant ones, and the global meetings are what is on record."""
    with registry.reading() as session:
        pages = {
            slug: read_about(session, slug, site=site(), today=NOW.date())
            for slug in ("three-types", "iom", "emerging-and-dormant", "global-meetings", "global-compact")
        }
    blocks = {kind: content for page in pages.values() for kind, content in blocks_of(page).items()}
    assert [(one.type, one.number, one.statuses) for one in blocks["types-with-counts"]] == [
        ("rcp", 20, (("active", 14), ("emerging", 1), ("dormant", 5))),
        ("irf", 13, (("active", 8), ("emerging", 1), ("dormant", 4))),
        ("global", 1, (("active", 1),)),
    ]
    assert [(role.words, len(role.names)) for role in blocks["iom-roles"]] == [
        ("Member", 4),
        ("Observer", 3),
        ("Technical secretariat", 7),
        ("Support to the secretariat", 5),
        ("Administrative host", 2),
        ("Interim secretariat", 2),
        ("Coordinator", 1),
    ]
    assert [name.name for name in blocks["iom-roles"][0].names] == [
        "Bali Process",
        "Budapest Process",
        "IGC",
        "Prague Process",
    ]
    assert [name.name for name in blocks["emerging"]] == ["Caribbean Migration Consultations", "MiDIOCC"]
    assert len(blocks["dormant"]) == 9
    assert [(one.title, one.place) for one in blocks["grcp-meetings"]][:2] == [
        ("9th Global ISCM Meeting (GRCP 9)", "Online"),
        ("8th Global Meeting of ISCMs (GRCP 8)", "Geneva, Switzerland"),
    ]
    assert blocks["theme"].meetings[0].title == "9th Global ISCM Meeting (GRCP 9)"


def test_page_takes_the_same_statements_for_any_record(database: Database) -> None:
    """With every block on it, a page asks as often at one row as at many; so does the index."""
    a_page(database, body=BLOCKS)
    counts = []
    for number in range(12):
        if number in {1, 11}:
            client = visitor(database)
            with statements(database) as sent:
                assert client.get("/about/one").status_code == 200
                assert client.get("/about").status_code == 200
            counts.append(len(sent))
        a_record(database, number)
        a_page(database, f"page-{number}")
    assert counts[0] == counts[1]
    assert counts[0] <= 14


def test_empty_record_says_so(database: Database) -> None:
    """Blocks of an empty record say that nothing is there; one that is none shows nothing."""
    a_page(database, body=BLOCKS)
    text = visitor(database).get("/about/one").text
    assert text.count("There is none on record today.") == 3
    assert text.count("No global meeting is on record yet.") == 1
    assert text.count("No role is on record yet.") == 1
    assert "one-that-was" not in text
    assert "<p>One.</p>" in text
    assert "<p>Two.</p>" in text


def test_global_meetings_hide_what_is_hidden(database: Database) -> None:
    """A hidden one is not shown; one ahead, moved or called off says so."""
    with database.writing() as session:
        grcp = a_mechanism(session, "grcp", type=MechanismType.GLOBAL, is_iscm=False)
        days = When.days(date(2025, 5, 2), None)
        a_meeting(session, grcp, slug="secret", kind=Kind.GRCP, visibility=Visibility.HIDDEN, when=days)
        a_meeting(session, grcp, slug="held", kind=Kind.GRCP, status=MeetingStatus.HELD, when=days)
        a_meeting(session, grcp, slug="ahead", kind=Kind.GRCP)
        a_meeting(session, grcp, slug="off", kind=Kind.GRCP, status=MeetingStatus.CANCELLED, when=days)
        a_meeting(session, grcp, slug="late", kind=Kind.GRCP, status=MeetingStatus.POSTPONED, when=days)
        a_meeting(session, grcp, slug="a-workshop", kind=Kind.WORKSHOP)
    a_page(database, body="[[grcp-meetings]]")
    with database.reading() as session:
        page = read_about(session, "one", site=site(), today=NOW.date())
    found = blocks_of(page)["grcp-meetings"]
    assert [(one.title, one.standing) for one in found] == [
        ("Ahead", "Coming"),
        ("Held", None),
        ("Late", "Postponed, new date to be announced"),
        ("Off", "Cancelled"),
    ]


def test_contacts_are_those_of_the_installation(sqlite_database: Database) -> None:
    """The page says whose service it is as it was set up, and says so where nothing was."""
    a_page(sqlite_database, body="[[contacts]]")
    text = visitor(sqlite_database).get("/about/one").text
    assert "This installation is kept by" in text
    assert '<b>ISCM Highlights</b><br><a href="mailto:highlights@iscm.example">' in text
    assert "1 Example Street, 1211 Geneva" in text
    nobody = replace(site(), contact=None, postal_address=None)
    text = visitor(sqlite_database, of=nobody).get("/about/one").text
    assert "Whoever runs this installation has not named a contact yet." in text
    assert "mailto:" not in text


def test_contents_stand_where_there_are_three(sqlite_database: Database) -> None:
    """Three headings of the second level make a list of contents, two do not."""
    a_page(sqlite_database, "short", "# A\n\n## B\n\n# C")
    a_page(sqlite_database, "long", "# A\n\n## B\n\n# C\n\n# A")
    client = visitor(sqlite_database)
    assert "On this page" not in client.get("/about/short").text
    text = client.get("/about/long").text
    assert re.findall(r'<a href="(#[^"]*)">([^<]*)</a>', text.partition("On this page")[2]) == [
        ("#a", "A"),
        ("#c", "C"),
        ("#a-2", "A"),
    ]


def test_page_falls_back_to_english_marked_as_such(database: Database) -> None:
    """A reader of French gets French where it is, else English with its language told."""
    a_page(database, "one", position=1)
    a_page(database, "two", position=2)
    a_page(database, "two", "Deux.", language="fr", title="Deux", position=2)
    with database.reading() as session:
        lines = read_index(session, language="fr")
        english = read_about(session, "one", site=site(), today=NOW.date(), language="fr")
        french = read_about(session, "two", site=site(), today=NOW.date(), language="fr")
    assert [(line.title, line.language) for line in lines] == [("One", "en"), ("Deux", "fr")]
    assert english is not None
    assert french is not None
    assert (english.line.language, french.line.language) == ("en", "fr")
    assert (english.after, french.before) == (lines[1], lines[0])


def test_page_not_shown_is_not_there(database: Database) -> None:
    """Neither a page of no one nor a hidden one answers, and the index leaves it out."""
    a_page(database, "hidden", shown=False)
    client = visitor(database)
    assert [client.get(path).status_code for path in ("/about/hidden", "/about/nothing", "/about/en")] == [
        404
    ] * 3
    assert "No page is on record yet." in client.get("/about").text


@pytest.mark.parametrize(
    "body", ["<script>alert(1)</script>", "[a](javascript:alert(1))", "![a](https://evil.example/p)"]
)
def test_text_that_slipped_in_runs_nothing(sqlite_database: Database, body: str) -> None:
    """What was never checked, because it came into the database otherwise, is harmless all the same."""
    a_page(sqlite_database, body=body, title="<b>Title</b>", summary="<i>")
    text = visitor(sqlite_database).get("/about/one").text
    assert re.findall(r"<script|javascript:|evil\.example|<b>Title|<i>", text.partition("<main")[2]) == []


def test_last_change_is_told(sqlite_database: Database) -> None:
    """In words, and as a date that programs read."""
    a_page(sqlite_database, changed_at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    text = visitor(sqlite_database).get("/about/one").text
    assert 'Last changed <time datetime="2026-03-09">9 March 2026</time>' in text
