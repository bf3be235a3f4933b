"""Finds stand best first and are counted alike, however they are read and on either database."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from models import Database, MechanismAlias, When
from models.search import SearchKind, search
from tests.models.search.finds import slugs
from tests.postgresql import Server
from tests.web.record import a_mechanism, a_meeting


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


def test_kinds_narrow_finds_but_not_counts(registry: Database) -> None:
    """Each kind's own finds are those it has among all."""
    with registry.reading() as session:
        everything = search(session, "migration", limit=1_000)
        for kind, number in everything.counts.items():
            narrowed = search(session, "migration", kinds=[kind], limit=1_000)
            assert narrowed.counts == everything.counts
            assert narrowed.finds == tuple(find for find in everything.finds if find.kind is kind)
            assert len(narrowed.finds) == number
