"""The list of themes, and the page of each."""

import re
from datetime import date

from models import Database, When
from models.meeting import Visibility
from models.vocabulary import Theme, ThemeFamily
from tests.web.directory_record import a_document, a_theme, many_of_everything
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import NOW, statements, visitor
from web.pages.theme import ThemePage, read_theme
from web.pages.themes import ThemeLine, read_families


def _read(database: Database, slug: str) -> ThemePage:
    with database.reading() as session:
        view = read_theme(session, slug, today=NOW.date())
    assert view is not None
    return view


def test_themes_stand_by_family_in_their_order(registry: Database) -> None:
    """The Global Compact, the 2030 Agenda, climate and the rest, all 18 of them."""
    with registry.reading() as session:
        families = read_families(session)
    assert [(family.name, len(family.lines)) for family in families] == [
        ("The Global Compact", 1),
        ("The 2030 Agenda", 1),
        ("Climate", 1),
        ("Other themes", 15),
    ]


def test_themes_count_what_everybody_may_see(database: Database) -> None:
    """Hidden meetings, and documents of theirs, are not counted."""
    with database.writing() as session:
        tagged, unused = a_theme(session, "tagged"), a_theme(session, "unused", ThemeFamily.GCM)
        lima = a_mechanism(session, theme_tags=[tagged])
        a_mechanism(session, "untagged")
        held = a_meeting(session, lima, slug="held", theme_tags=[tagged])
        secret = a_meeting(
            session, lima, slug="secret", theme_tags=[tagged, unused], visibility=Visibility.HIDDEN
        )
        an_update(session, lima, theme_tags=[tagged])
        a_document(session, "of-held", meeting=held, theme_tags=[tagged])
        a_document(session, "of-none", theme_tags=[tagged])
        a_document(session, "of-secret", meeting=secret, theme_tags=[tagged, unused])
    with database.reading() as session:
        families = read_families(session)
    assert [line for family in families for line in family.lines] == [
        ThemeLine("Unused", "/themes/unused", mechanisms=0, meetings=0, updates=0, documents=0),
        ThemeLine("Tagged", "/themes/tagged", mechanisms=1, meetings=1, updates=1, documents=2),
    ]


def test_page_of_a_theme_holds_what_is_tagged_with_it(database: Database) -> None:
    """Mechanisms, meetings, documents (key ones first) and updates with the tag; nothing else or hidden."""
    with database.writing() as session:
        climate, other = a_theme(session, "climate", ThemeFamily.CLIMATE), a_theme(session, "other")
        lima = a_mechanism(session, theme_tags=[climate, other])
        a_mechanism(session, "untagged", theme_tags=[other])
        a_meeting(session, lima, slug="ahead", theme_tags=[climate])
        a_meeting(session, lima, slug="undated", when=When.unknown(), theme_tags=[climate])
        past = When.days(date(2026, 2, 1), None)
        held = a_meeting(session, lima, slug="held", when=past, theme_tags=[climate, other])
        a_meeting(session, lima, slug="untagged", theme_tags=[other])
        a_meeting(session, lima, slug="secret", theme_tags=[climate], visibility=Visibility.HIDDEN)
        an_update(session, lima, slug="told", theme_tags=[climate])
        an_update(session, lima, slug="untold")
        a_document(session, "newest", day=date(2026, 9, 1), theme_tags=[climate])
        a_document(session, "key", meeting=held, is_key=True, theme_tags=[climate])
        a_document(session, "untagged", meeting=held)
    view = _read(database, "climate")
    shelves = (view.coming, view.undated, view.past)
    assert [line.name for line in view.mechanisms] == ["Lima Process"]
    assert [[line.title for line in shelf.lines] for shelf in shelves] == [["Ahead"], ["Undated"], ["Held"]]
    assert [line.slug for line in view.documents.lines] == ["key", "newest"]
    assert [line.title for line in view.updates.lines] == ["Told"]


def test_three_themes_are_introduced_in_our_own_words(registry: Database) -> None:
    """The Global Compact, the 2030 Agenda and climate have paragraphs; the others let their name speak."""
    with registry.reading() as session:
        slugs = [
            line.address.rpartition("/")[2] for family in read_families(session) for line in family.lines
        ]
        pages = {slug: read_theme(session, slug, today=NOW.date()) for slug in slugs}
    introduced = {slug: len(page.introduction) for slug, page in pages.items() if page and page.introduction}
    assert introduced == {"gcm": 2, "agenda-2030": 2, "climate": 2}


def test_theme_without_anything_says_so(database: Database) -> None:
    """An empty theme is told honestly; an unknown one is 404."""
    with database.writing() as session:
        a_theme(session, "children")
    client = visitor(database)
    assert "Nothing on record is tagged with this theme yet." in client.get("/themes/children").text
    assert [client.get(f"/themes/{slug}").status_code for slug in ("nothing", "Children")] == [404, 404]
    assert "nothing on record yet" in client.get("/themes").text


def test_theme_leads_to_the_whole_repository(database: Database) -> None:
    """Where there is more than the page shows, links narrow documents, updates and meetings to the theme."""
    with database.writing() as session:
        gcm = a_theme(session, "gcm", ThemeFamily.GCM)
        lima = a_mechanism(session)
        for number in range(10):
            day = date(2026, 1, 1 + number)
            a_meeting(session, lima, slug=f"past-{number}", when=When.days(day, None), theme_tags=[gcm])
            a_document(session, f"document-{number}", day=day, theme_tags=[gcm])
            an_update(session, lima, slug=f"update-{number}", day=day, theme_tags=[gcm])
    text = visitor(database).get("/themes/gcm").text
    assert re.findall('class="more"><a href="([^"]*)"', text) == [
        "/documents?theme=gcm",
        "/themes/gcm?show=past",
        "/updates?theme=gcm",
    ]


def test_themes_take_as_many_statements_for_1000_rows_as_for_one(database: Database) -> None:
    """Neither the list nor a page asks once a mechanism, meeting, document or update."""
    counts = []
    for numbers in (range(1), range(1, 1_000)):
        with database.writing() as session:
            gcm = session.get(Theme, 1) or a_theme(session, "gcm", ThemeFamily.GCM)
            many_of_everything(session, numbers, themes=[gcm])
        client = visitor(database)
        with statements(database) as sent:
            for address in ("/themes", "/themes/gcm", "/themes/gcm?show=past"):
                assert client.get(address).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
