"""The pages of a registry: loaded with the rest, repeated without effect, editors' changes kept."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import BUNDLED, BadRegistry, Database, Kept, Revision, load_registry
from models.page import Block, Page
from models.page_edit import change_page, delete_page
from models.page_list import list_pages, shown_pages
from templates.markdown import Directive, read_markdown

FIRST = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A registry of the test's own: the bundled one with two pages, one of them in French too."""
    registry = tmp_path / "registry"
    shutil.copytree(BUNDLED, registry, ignore=shutil.ignore_patterns("*.py", "__pycache__", "pages"))
    (registry / "pages").mkdir()
    for name, text in {
        "one.md": "---\ntitle: One\nposition: 10\n---\n\nSee [two](/about/two).",
        "two.md": "---\ntitle: Two\nposition: 20\n---\n\nTwo.",
        "two.fr.md": "---\ntitle: Deux\nposition: 20\n---\n\nDeux.",
    }.items():
        (registry / "pages" / name).write_text(text, encoding="utf-8")
    return registry


def pages(session: Session) -> dict[str, str]:
    """The texts on record by the codes of their pages."""
    return {page.code: page.body for page in list_pages(session)}


def test_bundled_pages_stand_on_record(registry: Database) -> None:
    """Fifteen pages come with the program, in order, each with a summary; every block is used."""
    with registry.reading() as session:
        heads = shown_pages(session)
        bodies = list(session.scalars(select(Page.body)))
    assert [head.slug for head in heads] == [
        "what-they-are",
        "three-types",
        "characteristics",
        "contributions",
        "terms",
        "emerging-and-dormant",
        "iom",
        "global-meetings",
        "governance",
        "global-compact",
        "agenda-2030",
        "climate-action",
        "focal-point",
        "publications",
        "related-links",
    ]
    assert [head.slug for head in heads if not head.summary] == []
    used = {part.name for body in bodies for part in read_markdown(body).parts if isinstance(part, Directive)}
    assert used == set(Block)


def test_pages_are_loaded_once(database: Database, folder: Path) -> None:
    """A second load changes nothing, not even the day of the last change."""
    with database.writing() as session:
        report = load_registry(session, folder, now=FIRST)
        assert [code for kind, code in report.added if kind == "page"] == ["one", "two", "two.fr"]
    with database.writing() as session:
        report = load_registry(session, folder, now=LATER)
        assert (report.added, report.changed, report.kept) == ([], [], [])
    with database.reading() as session:
        assert pages(session) == {"one": "See [two](/about/two).", "two": "Two.", "two.fr": "Deux."}
        assert {page.changed_at for page in list_pages(session)} == {FIRST}


def test_editors_changes_stay(database: Database, folder: Path) -> None:
    """What was changed or deleted here stays so; the rest follows the files, and revisions tell it."""
    with database.writing() as session:
        load_registry(session, folder, now=FIRST)
    with database.writing() as session:
        change_page(session, "one", {"body": "Ours."}, editor="Ana", now=FIRST)
        delete_page(session, "two", editor="Ana", now=FIRST, language="fr")
    (folder / "pages" / "one.md").write_text("---\ntitle: Eins\n---\n\nTheirs.", encoding="utf-8")
    with database.writing() as session:
        report = load_registry(session, folder, now=LATER)
    assert report.kept == [Kept("page", "one", "body", "Ours.", "Theirs.")]
    assert (report.changed, report.gone) == ([("page", "one")], [("page", "two.fr")])
    with database.reading() as session:
        assert pages(session) == {"one": "Ours.", "two": "Two."}
        one = session.scalars(select(Page).where(Page.slug == "one")).one()
        assert (one.title, one.position, one.changed_at) == ("Eins", 0, LATER)
        last = session.scalars(select(Revision).order_by(Revision.id.desc())).first()
        assert last is not None
        assert (last.editor, last.code, last.changes["title"]) == ("registry", "one", ["One", "Eins"])


def test_registry_without_pages_is_whole(database: Database, folder: Path) -> None:
    """The folder may be left out; pages on record stay and are told as no longer in the files."""
    with database.writing() as session:
        load_registry(session, folder, now=FIRST)
    shutil.rmtree(folder / "pages")
    with database.writing() as session:
        report = load_registry(session, folder, now=LATER)
        assert report.absent == [("page", "one"), ("page", "two"), ("page", "two.fr")]
        assert len(pages(session)) == 3


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("three.md", "---\ntitle: Three\n---\n\n<b>", "pages/three.md: Line 5: HTML is not taken (<b>)"),
        (
            "three.md",
            "---\ntitle: T\n---\n[a](/mechanisms/nobody)",
            "pages/three.md: Line 4: the link to “/mechanisms/nobody” leads to a page that is not there.",
        ),
        ("three.md", "No title", "pages/three.md: The title is empty; write one."),
        ("three.md", "---\ntitle: T", "pages/three.md: Line 1: the front matter has no end"),
        ("Three.md", "---\ntitle: T\n---\nA", "pages/Three.md: name it as an address"),
        (
            "three.fr.md",
            "---\ntitle: T\n---\nA",
            "pages/three.fr.md: there is no three.md in English",
        ),
    ],
)
def test_page_with_a_mistake_refuses_the_registry(
    sqlite_database: Database, folder: Path, name: str, text: str, sentence: str
) -> None:
    """The file and the line are named, and nothing is loaded."""
    (folder / "pages" / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadRegistry) as refusal, sqlite_database.writing() as session:
        load_registry(session, folder, now=FIRST)
    assert str(refusal.value).startswith(sentence)
    with sqlite_database.reading() as session:
        assert pages(session) == {}


def test_page_that_is_not_utf8_refuses_the_registry(sqlite_database: Database, folder: Path) -> None:
    """The byte at fault is told."""
    (folder / "pages" / "three.md").write_bytes(b"A \xff")
    with pytest.raises(BadRegistry) as refusal, sqlite_database.writing() as session:
        load_registry(session, folder, now=FIRST)
    assert str(refusal.value) == "pages/three.md: this is not UTF-8 text (byte 2)."


def test_links_of_bundled_pages_follow_aliases(folder: Path, sqlite_database: Database) -> None:
    """A link by another name of a mechanism is good: its address answers for ever."""
    write: Callable[[str], int] = (folder / "pages" / "two.md").write_text
    write("---\ntitle: Two\n---\n[RCM](/mechanisms/puebla-process)")
    with sqlite_database.writing() as session:
        load_registry(session, folder, now=FIRST)
