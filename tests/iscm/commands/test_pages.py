"""`iscm pages`: what is shown can be changed and given back; what cannot stand is refused with its lines."""

from collections import Counter
from pathlib import Path

from models.database import Database
from tests.iscm.commands.record_commands import iscm, iscm_process


def written(folder: Path, text: str, name: str = "page.md") -> str:
    """A file with this text."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_pages_are_listed(registry: Database) -> None:
    """All fifteen in their order, in each language; as JSON with all they say."""
    rows = iscm(registry, "pages", "list", "--json").json
    assert Counter(row["language"] for row in rows) == {"en": 15, "fr": 15, "es": 15, "ar": 15}
    assert list(rows[0]) == [
        "slug",
        "language",
        "title",
        "summary",
        "position",
        "shown",
        "body",
        "changed_at",
    ]
    plain = iscm(registry, "pages", "list").out.split("\n")
    assert plain[:2] == [
        "slug\tlanguage\ttitle\tposition\tshown",
        "what-they-are\ten\tWhat ISCMs are\t10\tyes",
    ]


def test_page_is_shown_changed_and_given_back(registry: Database, tmp_path: Path) -> None:
    """The file that is shown changes nothing; a changed one does, and only in what it says."""
    before = iscm(registry, "pages", "show", "terms")
    assert before.out.startswith("---\ntitle: Terms\n")
    same = iscm(registry, "pages", "change", "terms", "--from", written(tmp_path, before.out))
    assert (same.code, same.err) == (1, "iscm: Page terms says this already; nothing was changed.\n")
    changed = before.out.replace("title: Terms", "title: Words")
    done = iscm(registry, "pages", "change", "terms", "--from", written(tmp_path, changed))
    assert (done.code, done.out) == (0, "terms: changed.\n")
    assert iscm(registry, "pages", "show", "terms").out == changed


def test_unfit_text_is_refused_with_the_lines_of_the_file(sqlite_registry: Database, tmp_path: Path) -> None:
    """Lines are those an editor sees, the front matter counted."""
    file = written(tmp_path, "---\ntitle: A\n---\n\nFirst.\n\n<b>x</b> [a](/mechanisms/nobody)\n\n[[x]]\n")
    done = iscm(sqlite_registry, "pages", "add", "a-page", "--from", file)
    assert done.code == 1
    assert done.err.split("\n")[:4] == [
        "iscm: The text cannot be shown as it is.",
        "Line 7: HTML is not taken (</b>); write Markdown.",
        "Line 7: HTML is not taken (<b>); write Markdown.",
        "Line 7: the link to “/mechanisms/nobody” leads to a page that is not there.",
    ]
    assert done.err.split("\n")[4].startswith(
        "Line 9: there is no block [[x]]. There are: [[types-with-counts]], "
    )
    assert iscm(sqlite_registry, "pages", "show", "a-page").code == 1


def test_page_is_added_translated_and_deleted(registry: Database, tmp_path: Path) -> None:
    """An address is printed; a translation stands beside it; deleting takes one language or all."""
    english = written(tmp_path, "---\ntitle: New\nsummary: A new one.\n---\nText.")
    french = written(tmp_path, "---\ntitle: Neuf\n---\nTexte.", "fr.md")
    assert iscm(registry, "pages", "add", "new", "--from", english).out == "/about/new\n"
    added = iscm(registry, "pages", "add", "new", "--from", french, "--language", "fr", "--json").json
    assert (added["title"], added["position"], added["language"]) == ("Neuf", 160, "fr")
    assert iscm(registry, "pages", "show", "new", "--language", "fr").out.endswith("\n---\n\nTexte.\n")
    assert iscm(registry, "pages", "delete", "new", "--language", "fr").out == "new: deleted.\n"
    assert iscm(registry, "pages", "delete", "new").code == 0
    assert "There is no page “new”" in iscm(registry, "pages", "delete", "new").err


def test_wrong_use(sqlite_registry: Database, tmp_path: Path) -> None:
    """A file that is missing is wrong use, one that is no text is refused, both in one line."""
    missing = iscm(sqlite_registry, "pages", "change", "terms", "--from", str(tmp_path / "none.md"))
    assert missing.code == 2
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\xfa")
    binary = iscm(sqlite_registry, "pages", "change", "terms", "--from", str(tmp_path / "binary.md"))
    assert (binary.code, binary.err.count("\n")) == (1, 1)
    assert "is not UTF-8 text" in binary.err


def test_page_is_read_from_standard_input(sqlite_registry: Database) -> None:
    """A dash reads the text from where it is piped; an empty one is refused."""
    done = iscm_process(sqlite_registry, "pages", "change", "terms", "--from", "-")
    assert (done.code, done.err) == (1, "iscm: The text is empty; write one, or delete the page.\n")
