"""A page as a file: read whole, a mistake told with its line, and read back the same."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.page import Page
from models.page_fields import PAGE_FIELDS
from models.page_file import PageFile, read_page_file, written_page
from models.refusal import Refusal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=40).map(
    str.strip
)


def test_file_is_read_with_its_front_matter() -> None:
    """Each key is a field, and the text begins on the first line that says something."""
    file = "---\ntitle: Terms: a list\nposition: 40\nshown: no\n---\n\n# One\n\nTwo.\n"
    facts = {"title": "Terms: a list", "position": 40, "shown": False, "body": "# One\n\nTwo."}
    assert read_page_file(file) == PageFile(facts, first_line=7)


def test_file_without_front_matter_is_all_text() -> None:
    """Then only the text is said, so that the rest of a page stays as it is."""
    assert read_page_file("\ufeffOne.\r\nTwo.") == PageFile({"body": "One.\nTwo."}, first_line=1)


def test_empty_summary_is_none() -> None:
    """A key without a value empties its field."""
    assert read_page_file("---\nsummary:\n---\nOne.").facts == {"summary": None, "body": "One."}


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("---\ntitle: A\n", "Line 1: the front matter has no end; close it with a line of three hyphens."),
        (
            "---\ncolour: red\n---\nA",
            "Line 2: write one of title, summary, position, shown, a colon and what it is.",
        ),
        (
            "---\n\nno colon\n---\nA",
            "Line 3: write one of title, summary, position, shown, a colon and what it is.",
        ),
        ("---\ntitle: A\ntitle: B\n---\nA", "Line 3: the title is given twice."),
        ("---\nposition: first\n---\nA", "Line 2: the position is a whole number, like 40."),
        ("---\nposition: ²\n---\nA", "Line 2: the position is a whole number, like 40."),
        ("---\nshown: maybe\n---\nA", "Line 2: shown is yes or no."),
        ("---\ntitle: A\n---\n \n", "The text is empty; write one, or delete the page."),
        ("---\ntitle:\n---\nA", "The title is empty; write one."),
        ("", "The text is empty; write one, or delete the page."),
        ("a\x07b", "The text holds a character that cannot be printed (U+0007); leave it out."),
    ],
)
def test_file_with_a_mistake_is_refused(file: str, sentence: str) -> None:
    """The sentence names the line and what to write."""
    with pytest.raises(Refusal) as refusal:
        read_page_file(file)
    assert str(refusal.value) == sentence


@given(WORDS.filter(bool), WORDS, st.integers(0, 10_000), st.booleans(), WORDS.filter(bool))
def test_file_reads_back_the_same(title: str, summary: str, position: int, shown: bool, body: str) -> None:  # noqa: FBT001 - hypothesis gives it by name
    """What `iscm pages show` prints is what `iscm pages change` takes, whatever a page holds."""
    said = {"title": title, "summary": summary, "position": position, "shown": shown, "body": body}
    facts = PAGE_FIELDS.check(said)
    page = Page(slug="a", language="en", changed_at=NOW, **facts)
    assert {"summary": None} | read_page_file(written_page(page)).facts == facts
