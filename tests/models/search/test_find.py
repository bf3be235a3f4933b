"""What is found: by any name and spelling, in the reader's language, and only what is public."""

from datetime import date

import pytest

from models import Database, Document, DocumentKind, MechanismAlias, Page, Visibility
from models.search import search
from tests.models.search.finds import slugs
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import NOW


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("MIDSA", "midsa"),
        ("midsa", "midsa"),
        ("gfmd", "gfmd"),
        ("puebla", "rcm"),
        ("Puebla Process", "rcm"),
        ("CRM", "rcm"),
        ("DiMOI", "midiocc"),
        ("conferencia suramericana", "sacm"),
        ("söderköping", "soderkoping-process"),
        ("soderkoping", "soderkoping-process"),
        ("comesa-rcp", "midcom"),
        ("5+5", "5-plus-5"),
        ("abu dhabi", "abu-dhabi-dialogue"),
        ("حوار أبوظبي", "abu-dhabi-dialogue"),
        ("عملية الخرطوم", "khartoum-process"),
    ],
)
def test_mechanism_is_first_by_any_of_its_names(registry: Database, query: str, first: str) -> None:
    """Names, acronyms and aliases, in any case, with or without accents."""
    assert slugs(registry, query)[0] == first


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("türkiye", "TURKIYE"),
        ("Cádiz", "cadiz"),
        ("Mahé", "mahe"),
        ("Đà Nẵng", "da nang"),
        ("Comisión Centroamericana", "comision centroamericana"),
        ("Turquie", "Turquía"),
        ("Russie", "الاتحاد الروسي"),
        ("South Korea", "Corea del Sur"),
        ("Suiza", "Switzerland"),
    ],
)
def test_spellings_and_languages_of_places_are_one(registry: Database, one: str, other: str) -> None:
    """Accents and case make no difference; a country is found by its name in each language of the house."""
    assert slugs(registry, one) == slugs(registry, other)


def test_page_is_found_in_its_language(registry: Database) -> None:
    """A word that stands in the Arabic text alone finds the page in Arabic; in English it finds nothing."""
    assert "terms" in slugs(registry, "الترويكا", language="ar")
    assert slugs(registry, "الترويكا") == []


def test_fragments_are_found_inside_words(registry: Database) -> None:
    """Part of a word finds what the word finds; two letters only find the beginning of one."""
    assert set(slugs(registry, "migration")) <= set(slugs(registry, "igrat"))
    assert "khartoum-process" in slugs(registry, "eu")
    with registry.writing() as session:
        a_meeting(session, a_mechanism(session), title="Xylographers")
    assert (slugs(registry, "ylogr"), slugs(registry, "xy"), slugs(registry, "yl")) == (
        ["a-meeting"],
        ["a-meeting"],
        [],
    )


def test_all_words_must_be_found_and_phrases_as_they_stand(database: Database) -> None:
    """Words in any order and place; in quotes side by side, whole, and never across two fields."""
    with database.writing() as session:
        process = a_mechanism(session, name="Regional Process", short_name="Lima")
        a_meeting(session, process, slug="one", title="Ministers on labour mobility", city="Quito")
        a_meeting(session, process, slug="two", title="Mobility of labour ministers", city="Lusaka")
    assert slugs(database, "ministers labour mobility") == ["one", "two"]
    assert slugs(database, "quito ministers") == ["one"]
    assert slugs(database, '"labour mobility"') == ["one"]
    assert slugs(database, '"labour mobil"') == []
    assert slugs(database, '"labour mobil') == ["one"]
    assert slugs(database, '"mobility lima"') == []
    assert slugs(database, '"minister"') == []
    assert slugs(database, "labour-mobility") == ["one"]


def test_what_is_not_public_is_not_found(database: Database) -> None:
    """Neither a hidden meeting nor its document nor a page that is not shown, nor what is for editors."""
    with database.writing() as session:
        process = a_mechanism(session)
        hidden = a_meeting(
            session, process, slug="hidden", title="Quartz talks", visibility=Visibility.HIDDEN, country="ZM"
        )
        session.add(
            Document(
                slug="paper", title="Quartz paper", kind=DocumentKind.OTHER, meeting=hidden, summary="Zircon"
            )
        )
        session.add(Page(slug="p", title="Quartz page", body="Zircon", shown=False, changed_at=NOW))
        a_meeting(session, process, slug="open", title="Open talks", notes="Quartz and zircon")
    assert slugs(database, "quartz") + slugs(database, "zircon") + slugs(database, "zambia") == []
    assert slugs(database, "talks") == ["open"]


def test_page_is_found_once_in_its_reader_s_language(database: Database) -> None:
    """French where it is written so, else English; a word of the other version is not found."""
    with database.writing() as session:
        for slug, language, title in [
            ("terms", "en", "Terms quartz"),
            ("terms", "fr", "Termes quartz"),
            ("roles", "en", "Roles quartz"),
            ("only", "fr", "Seulement quartz"),
        ]:
            session.add(
                Page(
                    slug=slug,
                    language=language,
                    title=title,
                    body="[Link](https://x.example)",
                    changed_at=NOW,
                )
            )
    assert slugs(database, "quartz") == ["roles", "terms"]
    assert slugs(database, "quartz", language="fr") == ["only", "roles", "terms"]
    assert slugs(database, "termes") == []
    assert slugs(database, "termes", language="fr") == ["terms"]
    assert slugs(database, "example") == []


def test_update_is_found_by_month_and_mechanism(database: Database) -> None:
    """News is found by its month in any language and by every name of its mechanism."""
    with database.writing() as session:
        process = a_mechanism(
            session, short_name="Lima Process", acronym="LPM", name="Lima Process on Mobility"
        )
        process.aliases.append(MechanismAlias(name="Huanchaco Talks", slug="huanchaco-talks"))
        an_update(session, process, slug="news", title="A new chair", day=date(2026, 6, 1))
    for query in ("june 2026", "juin 2026", "huanchaco chair", "lpm chair", "mobility chair"):
        assert slugs(database, query) == ["news"], query


@pytest.mark.parametrize(
    ("query", "slug", "marked"),
    [
        ("МИГРАЦ", "ru", "Миграц"),
        ("играц", "ru", "играц"),
        ("ещё", "ru", "еще"),
        ("هجرة", "ar", "هِجْرَة"),
        ("الهجره", "ar", "الهِجْرَة"),
        ("viet nam", "vi", "Việt"),
        ('"DI CU"', "vi", "di cư"),
        ("migraciones", "es", "Migraciones"),
        ("sobre-las", "es", "sobre las"),
        ("strasse", "de", "Straße"),
    ],
)
def test_other_scripts_are_found_and_marked_as_written(
    database: Database, query: str, slug: str, marked: str
) -> None:
    """Cyrillic, Arabic with its vowel signs, Vietnamese and others, by what people type."""
    titles = {
        "ru": "Миграция и еще раз миграция",
        "ar": "حوار الهِجْرَة",
        "vi": "Diễn đàn về di cư, Việt Nam",
        "es": "Conferencia sobre las Migraciones",
        "de": "Treffen in der Straße",
    }
    with database.writing() as session:
        process = a_mechanism(session)
        for key, title in titles.items():
            a_meeting(session, process, slug=key, title=title)
    with database.reading() as session:
        (found,) = search(session, query).finds
    pieces = [piece.text for piece in found.title if piece.marked]
    assert (found.slug, pieces[0]) == (slug, marked)
    assert "".join(piece.text for piece in found.title) == titles[slug]
