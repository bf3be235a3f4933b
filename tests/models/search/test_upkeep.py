"""Entries follow the record, in the transaction that changes it, whoever changes it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from models import (
    Database,
    Document,
    DocumentKind,
    Mechanism,
    Meeting,
    Page,
    Participant,
    ParticipantKind,
    ParticipantRole,
    Participation,
    Theme,
    ThemeFamily,
    Update,
    Visibility,
    change_mechanism,
    change_meeting,
    delete_meeting,
)
from models.search import Gap, SearchEntry, SearchKind, SearchText, fill_search, rebuild_search, search
from models.search import search_index_gaps as gaps_in
from tests.models.search.finds import slugs
from tests.web.record import a_mechanism, a_meeting, an_update
from tests.web.visitor import NOW


@pytest.fixture
def record(database: Database) -> Database:
    """One mechanism with a State and a theme, and of each other kind of record one that tells of it."""
    with database.writing() as session:
        process = a_mechanism(session, slug="lima", short_name="Lima Process", name="Lima Process")
        theme = Theme(slug="health", name="Health", family=ThemeFamily.OTHER, position=1)
        zambia = Participant(kind=ParticipantKind.STATE, code="ZM", name="Zambia")
        process.participations.append(Participation(participant=zambia, role=ParticipantRole.MEMBER))
        meeting = a_meeting(session, process, slug="meeting", title="A meeting")
        news = an_update(session, process, slug="news", title="Some news")
        paper = Document(slug="paper", title="A paper", kind=DocumentKind.OTHER, meeting=meeting)
        own = Document(slug="own", title="Another", kind=DocumentKind.GUIDE, own_mechanisms=[process])
        page = Page(slug="page", title="A page", body="Of text", changed_at=NOW)
        session.add_all([theme, paper, own, page])
        for one in (process, meeting, news, own):
            one.theme_tags = [theme]
    return database


EVERYTHING = ["lima", "meeting", "news", "own", "paper"]
CHANGES: list[tuple[str, Callable[[Session], object], list[str]]] = [
    ("Quito", lambda s: setattr(one(s, Mechanism), "short_name", "Quito"), EVERYTHING),
    ("Volcán", lambda s: setattr(one(s, Mechanism), "short_name_in", {"es": "Volcán"}), EVERYTHING),
    ("صحة", lambda s: setattr(one(s, Theme), "name_in", {"ar": "صحة"}), ["lima", "meeting", "news", "own"]),
    ("Sommet", lambda s: setattr(one(s, Meeting), "title_in", {"fr": "Sommet"}), ["meeting", "paper"]),
    ("Hygiene", lambda s: setattr(one(s, Theme), "name", "Hygiene"), ["lima", "meeting", "news", "own"]),
    ("Northern", lambda s: setattr(one(s, Participant), "name", "Northern State"), ["lima"]),
    ("Moved", lambda s: setattr(one(s, Meeting), "title", "Moved"), ["meeting", "paper"]),
    ("Lusaka", lambda s: setattr(one(s, Meeting), "city", "Lusaka"), ["meeting"]),
    ("Fresh", lambda s: setattr(one(s, Update), "summary", "Fresh"), ["news"]),
    ("Leaflet", lambda s: setattr(one(s, Page), "body", "A **leaf**let"), ["page"]),
]  # fmt: skip


def one(session: Session, kind: type) -> object:
    """The one record of a kind."""
    return session.scalars(select(kind)).one()


@pytest.mark.parametrize(("query", "change", "found"), CHANGES, ids=[query for query, _, _ in CHANGES])
def test_change_is_found_wherever_it_is_told(
    record: Database, query: str, change: Callable[[Session], object], found: list[str]
) -> None:
    """A record's own words, and those that others repeat of it; afterwards the index lacks nothing."""
    assert slugs(record, query) == []
    with record.writing() as session:
        change(session)
    assert sorted(slugs(record, query)) == found
    assert gaps(record) == []


def test_alias_is_found_with_all_that_is_of_its_mechanism(record: Database) -> None:
    """A name that an editor adds finds at once, and no longer when it is taken away."""
    for names, found in ((["Huanchaco"], EVERYTHING), ([], [])):
        with record.writing() as session:
            change_mechanism(session, "lima", {"aliases": names}, editor="e", now=NOW)
        assert sorted(slugs(record, "huanchaco")) == found
        assert gaps(record) == []


def test_hidden_meeting_goes_with_its_document_and_comes_back(record: Database) -> None:
    """What is hidden is not in the index at all, and neither is what a hidden meeting issued."""
    for visibility, found in ((Visibility.HIDDEN, ["lima", "news", "own"]), (Visibility.PUBLIC, None)):
        with record.writing() as session:
            change_meeting(session, "meeting", {"visibility": visibility.value}, editor="e", now=NOW)
        assert sorted(slugs(record, "lima")) == (found or EVERYTHING)
        assert gaps(record) == []


def test_deleted_records_are_found_no_more(record: Database) -> None:
    """Their entries go with them; a document stays without its meeting."""
    with record.writing() as session:
        delete_meeting(session, "meeting", editor="e", now=NOW)
        session.delete(one(session, Update))
        session.delete(one(session, Page))
    assert sorted(slugs(record, "lima")) == ["lima", "own"]
    assert slugs(record, "paper") == ["paper"]
    assert gaps(record) == []


def test_what_is_undone_is_not_found(record: Database) -> None:
    """A transaction that fails leaves no entry, and the next one of the same session none of its own."""
    with suppress(RuntimeError), record.writing() as session:
        a_mechanism(session, slug="never", short_name="Never")
        session.flush()
        raise RuntimeError
    assert slugs(record, "never") == []
    assert gaps(record) == []


def test_savepoint_that_is_undone_leaves_the_rest(record: Database) -> None:
    """What was done before and after it is found."""
    with record.writing() as session:
        a_mechanism(session, slug="before", short_name="Quartz before")
        with suppress(RuntimeError), session.begin_nested():
            a_mechanism(session, slug="never", short_name="Quartz never")
            raise RuntimeError
        a_mechanism(session, slug="after", short_name="Quartz after")
    assert slugs(record, "quartz") == ["after", "before"]
    assert gaps(record) == []


def test_reading_the_same_facts_writes_no_entry(record: Database) -> None:
    """A change that search does not tell of leaves the entries as they are."""
    before = entries(record)
    with record.writing() as session:
        meeting = session.scalars(select(Meeting)).one()
        meeting.notes = "For editors"
    assert entries(record) == before


def test_gaps_are_told_and_mended(record: Database) -> None:
    """Rows changed past the record are missing, superfluous or outdated, until the index is made anew."""
    with record.writing() as session:
        session.execute(update(Update).values(title="Past the ORM"))
        entry = session.scalars(select(SearchEntry.id).where(SearchEntry.slug == "page")).one()
        session.execute(delete(SearchText).where(SearchText.entry_id == entry))
        session.execute(delete(SearchEntry).where(SearchEntry.id == entry))
        session.execute(text("DELETE FROM update_mechanisms WHERE update_id = 999"))
        session.execute(delete(Document).where(Document.slug == "paper"))
    assert gaps(record) == [
        Gap(SearchKind.PAGE, "page", "missing"),
        Gap(SearchKind.UPDATE, "news", "outdated"),
        Gap(SearchKind.DOCUMENT, "paper", "superfluous"),
    ]
    assert slugs(record, "past the orm") == []
    with record.writing() as session:
        assert rebuild_search(session) == 3
    assert gaps(record) == []
    assert slugs(record, "past the orm") == ["news"]
    assert slugs(record, "text") == ["page"]


def test_index_of_tokens_can_be_made_anew(record: Database) -> None:
    """Where SQLite's own index lost its content, making it anew brings every find back."""
    if not record.is_sqlite:
        return
    with record.writing() as session:
        session.execute(text("INSERT INTO search_grams(search_grams) VALUES ('delete-all')"))
    assert slugs(record, "lima") == []
    with record.writing() as session:
        assert rebuild_search(session) == 0
    assert sorted(slugs(record, "lima")) == EVERYTHING


def test_filling_happens_once(record: Database) -> None:
    """Entries that were made by this recipe are left alone; others are made anew by the upgrade."""
    with record.writing() as session:
        assert fill_search(session) is False
        session.execute(text("UPDATE search_recipe SET recipe = NULL"))
        session.execute(delete(SearchText))
        session.execute(delete(SearchEntry))
    assert slugs(record, "lima") == []
    record.upgrade()
    assert sorted(slugs(record, "lima")) == EVERYTHING
    with record.writing() as session:
        assert fill_search(session) is False


def test_long_text_is_kept_and_found(database: Database) -> None:
    """A page of words that nobody wrote is stored by both databases, and its beginning is found."""
    words = [
        f"{number:x}".translate(str.maketrans("0123456789", "ghijklmnop")) * 9 for number in range(30_000)
    ]
    with database.writing() as session:
        session.add(Page(slug="long", title="Long", body="Quartz " + " ".join(words), changed_at=NOW))
    assert slugs(database, "long") == ["long"]
    assert gaps(database) == []
    with database.reading() as session:
        assert search(session, "long").finds[0].excerpt[0].text.startswith("Quartz")


def test_registry_is_whole_in_the_index(registry: Database) -> None:
    """Loading writes every entry with the record."""
    assert gaps(registry) == []
    with registry.reading() as session:
        assert session.scalars(select(SearchEntry.kind).distinct().order_by(SearchEntry.kind)).all() == [
            SearchKind.DOCUMENT, SearchKind.MECHANISM, SearchKind.MEETING, SearchKind.PAGE, SearchKind.UPDATE,
        ]  # fmt: skip


def gaps(database: Database) -> list[Gap]:
    """What the index lacks."""
    with database.reading() as session:
        return gaps_in(session)


def entries(database: Database) -> list[tuple[int, str, date | None]]:
    """The entries as they stand, with the place of their rows where the database tells it."""
    place = "ctid::text" if not database.is_sqlite else "id"
    with database.reading() as session:
        rows = session.execute(text(f"SELECT id, {place}, day FROM search_entries ORDER BY id"))  # noqa: S608 - our own words
        return [tuple(row) for row in rows]
