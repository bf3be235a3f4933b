"""Finding: the same on SQLite and PostgreSQL, best first, whatever is typed."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Database, Document, DocumentKind, MechanismAlias, Page, Visibility, When
from models.search import SearchKind, nearest_names, search, single_words
from tests.postgresql import Server
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import NOW


def slugs(database: Database, query: str, *, language: str = "en", **narrowed: object) -> list[str]:
    """The slugs of all finds, best first."""
    with database.reading() as session:
        found = search(session, query, limit=1_000, language=language, **narrowed)  # type: ignore[arg-type]  # as search takes them
        return [find.slug for find in found.finds]


@pytest.fixture
def both(
    loaded_sqlite: Path, loaded_postgresql: str, postgresql: Server, tmp_path: Path
) -> Iterator[tuple[Database, Database]]:
    """The registry on SQLite and on PostgreSQL, at once."""
    shutil.copy(loaded_sqlite, tmp_path / "iscm.db")
    name = postgresql.create(loaded_postgresql)
    databases = Database(f"sqlite:///{tmp_path / 'iscm.db'}"), Database(postgresql.url(name))
    yield databases
    for database in databases:
        database.close()
    postgresql.drop(name)


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


def test_order_is_by_name_then_beginning_then_title_then_text(database: Database) -> None:
    """Called so, begins so, names it at a word's beginning, inside one, says it; among these the newest."""
    with database.writing() as session:
        called = a_mechanism(session, slug="called", short_name="Port", name="A Dialogue")
        other = a_mechanism(session, slug="other", short_name="Other", name="Other")
        days = {"y2019": 2019, "y2025": 2025, "y2022": 2022}
        for slug, year in days.items():
            when = When.days(date(year, 5, 1), date(year, 5, 2))
            a_meeting(session, other, slug=f"says-{slug}", title=slug, city="Port Vila", when=when)
            a_meeting(session, other, slug=f"inside-{slug}", title=f"On passports {slug}", when=when)
            a_meeting(session, other, slug=f"word-{slug}", title=f"At the port {slug}", when=when)
            a_meeting(session, other, slug=f"begins-{slug}", title=f"Ports of {slug}", when=when)
        called.aliases.append(MechanismAlias(name="Harbour Talks", slug="harbour-talks"))
    expected = [
        "called",
        *(f"{tier}-y{year}" for tier in ("begins", "word", "inside", "says") for year in (2025, 2022, 2019)),
    ]
    assert slugs(database, "port") == expected
    with database.reading() as session:
        pages = [search(session, "port", limit=4, offset=offset).finds for offset in (0, 4, 8, 12, 16)]
    assert [find.slug for page in pages for find in page] == expected


def test_finds_are_the_same_however_they_are_read(
    registry: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many finds are read in two steps, few in one: order, counts and pages are the same."""
    questions = ["migration", "igrat", "conference 20", "eu", '"regional conference"', "ministerial ge"]

    def asked() -> list[object]:
        with registry.reading() as session:
            return [
                (found.finds, found.counts)
                for question in questions
                for kinds in ((), (SearchKind.MEETING, SearchKind.UPDATE))
                for offset in (0, 3, 7, 20, 21, 60)
                for found in (search(session, question, kinds=kinds, limit=7, offset=offset),)
            ]

    few = asked()
    monkeypatch.setattr("models.search.matching._FEW", 0)
    assert asked() == few


def test_both_databases_find_the_same(both: tuple[Database, Database]) -> None:
    """The registry, by questions of all sorts: the same finds, in the same order, with the same excerpts."""
    questions = [
        "puebla", "MIDSA", "gfmd", "turkiye", "igrat", "migration", "colloque", "2022", "june 2016", "a",
        '"regional conference"', "mid-igad", "conference migration americas", "протокол", "الهجرة", "eu",
        "Việt Nam", "декларация", "declaration de", "10.7", "zzz",
    ]  # fmt: skip
    answers = []
    for database in both:
        with database.reading() as session:
            answers.append([search(session, question, limit=400) for question in questions])
    assert answers[0] == answers[1]
    assert sum(found.total for found in answers[0]) > 900


@pytest.mark.parametrize(
    "query",
    [
        "", " ", "\x00", "'", '"', '""', "%", "_", "\\", "*", "a*", "^a", "-a", "NOT", "AND", "NEAR(a b)",
        "title:a", "OR", "{a b}:c", "a & b | !c", "a:*", "a <-> b", "'); DROP TABLE meetings; --", "¶mig",
        "\ud800", "\ufdfa", "ﷺ" * 500, "ß" * 600, "x" * 10_000, "a b " * 2_500, '"' * 10_000, "\u0301" * 100,
        "🙂 👨‍👩‍👧", "\u202emidsa", "１２３", "½",
    ],
)  # fmt: skip
def test_any_question_is_answered(registry: Database, query: str) -> None:
    """No sign is a command and no length an error, on either database."""
    with registry.reading() as session:
        found = search(session, query)
        assert found.total >= len(found.finds)
        assert isinstance(nearest_names(session, query), tuple)
        assert isinstance(single_words(session, query), dict)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60))
def test_any_text_is_a_question(registry: Database, query: str) -> None:
    """Whatever is typed, the finds are no more than are counted, and each holds what was asked for."""
    with registry.reading() as session:
        found = search(session, query, limit=10)
        assert len(found.finds) == min(10, found.total)


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


def test_kinds_narrow_finds_but_not_counts(registry: Database) -> None:
    """Each kind's own finds are those it has among all."""
    with registry.reading() as session:
        everything = search(session, "migration", limit=1_000)
        for kind, number in everything.counts.items():
            narrowed = search(session, "migration", kinds=[kind], limit=1_000)
            assert narrowed.counts == everything.counts
            assert narrowed.finds == tuple(find for find in everything.finds if find.kind is kind)
            assert len(narrowed.finds) == number


def test_empty_answer_has_suggestions(registry: Database) -> None:
    """The nearest names, and the words that find something alone."""
    with registry.reading() as session:
        assert nearest_names(session, "pueblo")[0] == "Puebla Process"
        assert nearest_names(session, "budapesst proces")[0] == "Budapest Process"
        assert nearest_names(session, "xyzzy") == ()
        words = single_words(session, "midsa xyzzy lima")
    assert list(words) == ["midsa", "lima"]
    assert all(number > 0 for number in words.values())


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
