"""The readable file of an issue: printed, read back, and refused with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.edit_file import EditedFile, UnreadableFile, read_file, written_file
from newsletter.highlights import SECTIONS, EditorsText, Highlights
from newsletter.options import Layout
from templates.text import clean_text
from tests.newsletter.issue_facts import an_issue, node_of

KEY = "meeting/meeting-1/told"
TREE = an_issue()


def _file(tree: Highlights, *, revision: int = 1) -> str:
    return written_file({"en": tree}, revision=revision, layout=Layout.ALPHABETICAL)


def _read(file: str, tree: Highlights = TREE) -> EditedFile:
    return read_file(file, {"en": tree})


FILE = _file(TREE, revision=3)


def test_printed_file_reads_back_as_it_was() -> None:
    """Every text, in order, and nothing else."""
    read = _read(FILE, TREE)
    assert (read.issue, read.revision, read.order, read.off) == ("2017", 3, SECTIONS, frozenset())
    assert dict(read.texts) == {("en", node.key): node.text for node in TREE.told()}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_of_an_editor_survives_printing_and_reading(written: str) -> None:
    """Also one that looks like the file's own lines."""
    text = clean_text(written).strip()
    edited = TREE.with_texts({"foreword/text": EditorsText(text=text, source_hash=None)})
    read = _read(_file(edited, revision=1), edited)
    assert [line.rstrip() for line in read.texts["en", "foreword/text"].split("\n")] == [
        line.rstrip() for line in "\n".join(text.splitlines()).split("\n")
    ]


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm() -> None:
    """Editors' programs write them unasked."""
    assert _read("\ufeff" + FILE.replace("\n", "\r\n"), TREE) == _read(FILE, TREE)


def test_stale_text_is_shown_beside_what_the_record_says() -> None:
    """The editor sees both, in lines that are not read back."""
    node = node_of(TREE, KEY)
    stale = TREE.with_texts({KEY: EditorsText(text="Another.", source_hash="old")})
    file = _file(stale, revision=1)
    assert (
        "# STALE: the record has changed since this text was written.\n"
        f"# The record says: {node.text}\n@ {KEY}\nAnother.\n"
    ) in file
    assert _read(file, stale).texts["en", KEY] == "Another."


def test_sections_can_be_moved_and_switched_off() -> None:
    """The order of the file is the order of the issue."""
    head, figures, rest = FILE.partition("== figures ==")
    foreword_at = head.index("== foreword ==")
    moved = (
        head[:foreword_at]
        + figures
        + " off"
        + rest.replace("== mechanisms ==", head[foreword_at:] + "== mechanisms ==", 1)
    )
    read = _read(moved, TREE)
    assert (*read.order[:3], *read.off) == ("figures", "foreword", "mechanisms", "figures")


def _line_of(file: str, start: str) -> int:
    return next(number for number, line in enumerate(file.splitlines(), start=1) if line.startswith(start))


@pytest.mark.parametrize(
    ("old", "new", "at", "why"),
    [
        ("issue: 2017\n", "", None, "“issue: ...” is missing"),
        ("revision: 3", "revision: three", None, "must hold the number"),
        ("subject: ", "Subject line ", "Subject line", "neither a heading of the file nor a section"),
        ("issue: 2017\n", "issue: 2017\nissue: 2017\n", None, "“issue” stands twice"),
        ("== themes ==", "== topics ==", "== topics ==", "no section of this issue"),
        ("== themes ==", "== themes == maybe", "== themes == maybe", "no section of this issue"),
        ("== themes ==", "== foreword ==", None, "The section foreword stands twice"),
        ("== themes ==\n# Themes\n\n@ themes/text\n", "", None, "The section themes is missing"),
        (f"@ {KEY}\n", "@ meeting/other/told\n", "@ meeting/other", "names no text of this issue"),
        (f"@ {KEY}\n", "@\n", None, "“@” names no text of this issue"),
        (f"@ {KEY}\n", "", None, f"“@ {KEY}” is missing"),
        (f"@ {KEY}\n", f"@ {KEY}\nx\n@ {KEY}\n", None, "stands twice"),
        ("@ foreword/text\n", f"@ foreword/text\n@ {KEY}\n", f"@ {KEY}", "belongs to the section mechanisms"),
        ("== themes ==\n", "== themes ==\nloose words\n", "loose words", "stands before any text"),
    ],
)
def test_file_is_refused_with_its_line_and_the_reason(old: str, new: str, at: str | None, why: str) -> None:
    """The first thing that is wrong, where it stands."""
    file = FILE.replace(old, new, 1)
    assert file != FILE
    with pytest.raises(UnreadableFile, match=r"^Line \d+: .* Nothing was changed\.$") as refusal:
        _read(file, TREE)
    assert why in str(refusal.value)
    if at is not None:
        assert str(refusal.value).startswith(f"Line {_line_of(file, at)}: ")


@pytest.mark.parametrize("content", ["", "\n", " \n\t\n", "\ufeff"])
def test_empty_file_is_refused_as_one(content: str) -> None:
    """It has no line that could be named."""
    with pytest.raises(UnreadableFile) as refusal:
        _read(content, TREE)
    assert str(refusal.value) == (
        "The file is empty. Print the issue with: iscm newsletter edit 2017. Nothing was changed."
    )


@given(st.text(max_size=200))
def test_rubbish_is_refused_and_never_crashes(rubbish: str) -> None:
    """Whatever somebody hands in."""
    with pytest.raises(UnreadableFile):
        _read(rubbish, TREE)
