"""Editing the pages about ISCMs: revisions, refusals with their lines, languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Database, Refusal, Revision
from models.page import Page
from models.page_edit import PageExists, add_page, change_page, delete_page
from models.page_list import PageHead, list_pages, shown_page, shown_pages

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def add(session: Session, slug: str, body: str = "A text.", *, language: str = "en", **facts: object) -> Page:
    """Put a page on record as Ana would."""
    said = {"title": slug.capitalize(), "body": body, **facts}
    return add_page(session, slug, said, editor="Ana", now=NOW, language=language)


@contextmanager
def refused(database: Database, sentence: str) -> Iterator[Session]:
    """A transaction that is refused with a sentence, and undone."""
    with pytest.raises(Refusal, match=sentence), database.writing() as session:
        yield session


def revisions(session: Session) -> list[tuple[str, str, str, list[str]]]:
    """Who did what to which page, with the fields."""
    found = session.scalars(select(Revision).where(Revision.kind == "page").order_by(Revision.id))
    return [(one.editor, one.code, one.act.value, sorted(one.changes)) for one in found]


def test_page_is_added_changed_and_deleted(database: Database) -> None:
    """Each act leaves a revision; a change gives the page its day, and the same again is refused."""
    with database.writing() as session:
        page = add(session, "one")
        assert (page.position, page.shown, page.changed_at) == (10, True, NOW)
        assert add(session, "two").position == 20
    with database.writing() as session:
        page = change_page(session, "one", {"body": "Another."}, editor="Ben", now=LATER)
        assert (page.body, page.changed_at) == ("Another.", LATER)
    with pytest.raises(Refusal, match="Page one says this already"), database.writing() as session:
        change_page(session, "one", {"body": "Another."}, editor="Ben", now=LATER)
    with database.writing() as session:
        delete_page(session, "one", editor="Ben", now=LATER)
    with database.reading() as session:
        all_fields = ["body", "position", "shown", "title"]
        assert revisions(session) == [
            ("Ana", "one", "added", all_fields),
            ("Ana", "two", "added", all_fields),
            ("Ben", "one", "changed", ["body"]),
            ("Ben", "one", "deleted", all_fields),
        ]
        assert [page.slug for page in list_pages(session)] == ["two"]


def test_unfit_text_is_refused_with_its_lines(registry: Database) -> None:
    """HTML, pictures, unknown blocks and dead links are told all at once, and nothing is kept."""
    paragraphs = [
        "<b>HTML</b> and ![a picture](https://example.org/x.png)",
        "[[nothing]]",
        "[[theme space]]",
        "[[emerging now]]",
        "see [[dormant]]",
        "[a](/mechanisms/nobody) [b](#nowhere) [c](terms) [d](/about/terms#nothing) [e](/meetings/never)",
        "[k](/updates/2021-11-11-grcp-gcm) [l](/documents/grcp-20171010-grcp-outcome) [m](/updates?y=1)",
        "[f](/mechanisms/puebla-process) [g](#here) [h](/themes/gcm?page=2) [i](https://www.iom.int)",
        "## Here",
    ]
    with pytest.raises(Refusal) as refusal, registry.writing() as session:
        add_page(
            session,
            "new",
            {"title": "New", "body": "\n\n".join(paragraphs)},
            editor="Ana",
            now=NOW,
            first_line=5,
        )
    themes = "agenda-2030, borders, children, climate, data, development, diaspora, free-movement, gcm"
    told = str(refusal.value).split("\n")
    assert [line for line in told if not line.startswith("Line 9")] == [
        "Line 5: HTML is not taken (</b>); write Markdown.",
        "Line 5: HTML is not taken (<b>); write Markdown.",
        "Line 5: pictures are not shown on these pages (https://example.org/x.png); leave it out.",
        (
            "Line 7: there is no block [[nothing]]. There are: [[types-with-counts]], [[associations]], "
            "[[emerging]], [[dormant]], [[iom-roles]], [[grcp-meetings]], [[theme SLUG]], [[contacts]]."
        ),
        "Line 11: write [[emerging]] without anything behind it.",
        "Line 13: [[dormant]] must stand alone, between two empty lines.",
        "Line 15: the link to “#nowhere” leads to a heading that this page does not have.",
        "Line 15: the link to “/about/terms#nothing” leads to a heading that page does not have.",
        "Line 15: the link to “/mechanisms/nobody” leads to a page that is not there.",
        "Line 15: the link to “/meetings/never” leads to a page that is not there.",
        (
            "Line 15: the link to “terms” leads nowhere; write https:// and the whole address, or a path of "
            "this site, like /mechanisms."
        ),
    ]
    (theme,) = [line for line in told if line.startswith("Line 9")]
    assert theme.startswith(f"Line 9: [[theme SLUG]] takes one of the themes: {themes}, ")
    with registry.reading() as session:
        assert shown_page(session, "new") is None


@pytest.mark.parametrize("slug", ["Terms", "a b", "-a", "a/b", "terms.fr", "", "a" * 81, "é"])
def test_slug_that_is_no_address_is_refused(sqlite_database: Database, slug: str) -> None:
    """Only small letters, digits and hyphens make an address."""
    with pytest.raises(Refusal, match="no word for an address"), sqlite_database.writing() as session:
        add(session, slug)


def test_page_in_two_languages(database: Database) -> None:
    """A reader gets their language where it is there, else English; the order is one."""
    with database.writing() as session:
        add(session, "one")
        add(session, "two")
        french = add(session, "two", "Un texte.", language="fr", title="Deux")
        add(session, "hidden", shown=False)
        assert (french.position, french.code) == (20, "two.fr")
        with pytest.raises(PageExists):
            add(session, "two", language="fr")
        with pytest.raises(Refusal, match="There is no page three in English yet"):
            add(session, "three", language="fr")
        with pytest.raises(Refusal, match="write it like en, fr or ar"):
            add(session, "two", language="french")
    with database.reading() as session:
        assert shown_pages(session, language="fr") == [
            PageHead("one", "en", "One", None),
            PageHead("two", "fr", "Deux", None),
        ]
        assert [head.language for head in shown_pages(session)] == ["en", "en"]
        shown = [shown_page(session, slug, language="fr") for slug in ("one", "two", "hidden")]
        assert [page and page.body for page in shown] == ["A text.", "Un texte.", None]


def test_deleting_leaves_no_dead_link(database: Database) -> None:
    """A page that another one links to, or that is translated, is kept until that is mended."""
    with database.writing() as session:
        add(session, "one", "## Here")
        add(session, "two", "See [one](/about/one#here).")
        add(session, "two", "Voir [un](/about/one).", language="fr")
    with refused(database, "Page two links to what would be gone") as session:
        delete_page(session, "one", editor="Ana", now=LATER)
    with refused(database, "leads to a page that is not there") as session:
        change_page(session, "one", {"shown": False}, editor="Ana", now=LATER)
    with refused(database, "leads to a heading that page does not have") as session:
        change_page(session, "one", {"body": "## There"}, editor="Ana", now=LATER)
    with refused(database, "Page two is translated") as session:
        delete_page(session, "two", editor="Ana", now=LATER, language="en")
    with database.writing() as session:
        gone = delete_page(session, "two", editor="Ana", now=LATER)
        assert sorted(page.code for page in gone) == ["two", "two.fr"]
        delete_page(session, "one", editor="Ana", now=LATER)
    with database.reading() as session:
        assert list_pages(session) == []


def test_old_breakage_elsewhere_does_not_stop_an_editor(database: Database) -> None:
    """Only what a change breaks anew is held against it."""
    with database.writing() as session:
        add(session, "one", "## Here")
        add(session, "two")
        two = session.scalars(select(Page).where(Page.slug == "two")).one()
        two.body = "[gone](/meetings/long-gone)"
    with database.writing() as session:
        assert change_page(session, "one", {"title": "Eins"}, editor="Ana", now=LATER).title == "Eins"


def test_page_that_is_not_there(database: Database) -> None:
    """The refusal names the nearest, or the languages that are there."""
    with database.writing() as session:
        add(session, "terms")
        with pytest.raises(Refusal, match=r"There is no page “term”\. Did you mean: terms\?"):
            delete_page(session, "term", editor="Ana", now=NOW)
        with pytest.raises(Refusal, match="Page terms is not there in the language “fr”, only in: en"):
            change_page(session, "terms", {"title": "Termes"}, editor="Ana", now=NOW, language="fr")
