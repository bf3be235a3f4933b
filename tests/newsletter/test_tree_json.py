"""The tree as JSON, and the hash of what it says."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.database import Database
from newsletter.highlights import EditorsText, Figure, Highlights, Section
from newsletter.tree_json import as_json, content_hash, from_json
from tests.newsletter.issue_facts import OPTIONS, a_meeting, an_issue, an_issue_of_the_record

CHOICES = OPTIONS.as_json()


def _hash(tree: Highlights, *, template: str = "t") -> str:
    return content_hash({"en": tree}, template_version=template, options=CHOICES)


def test_tree_survives_json_for_every_year(sqlite_registry: Database) -> None:
    """What is read back is equal, after a real trip through text."""
    with sqlite_registry.reading() as session:
        for year in range(2013, 2027):
            tree = an_issue_of_the_record(session, year)
            assert from_json(json.loads(json.dumps(as_json(tree)))) == tree


@given(st.text(), st.none() | st.text(), st.booleans())
def test_tree_survives_json_whatever_editors_write(title: str, edited: str | None, is_stale: bool) -> None:  # noqa: FBT001 - hypothesis gives it by place
    """Any text is kept as it is."""
    tree = an_issue()
    tree = replace(tree, title=title, subject=replace(tree.subject, edited=edited, is_stale=is_stale))
    assert from_json(json.loads(json.dumps(as_json(tree)))) == tree


def test_what_is_no_tree_is_refused() -> None:
    """A part of a tree is not an issue."""
    with pytest.raises(TypeError, match="not an issue: 'paragraph'"):
        from_json(as_json(an_issue())["subject"])


def test_hash_changes_exactly_when_content_changes() -> None:
    """Equal content in another object has the same hash; every kind of change has another."""
    tree = an_issue()
    first = tree.sections[1]
    changes = {
        "a text": tree.with_texts({"foreword/text": EditorsText(text="Dear readers", source_hash=None)}),
        "the subject": tree.with_texts({"issue/subject": EditorsText(text="News", source_hash=None)}),
        "a fact": an_issue(a_meeting(city="Ndola")),
        "a section switched off": replace(tree, sections=(replace(first, is_on=False), *tree.sections[1:])),
        "the order": replace(tree, sections=tuple(reversed(tree.sections))),
        "a figure": replace(tree, sections=(_with_figure(first), *tree.sections[1:])),
    }
    hashes = {name: _hash(changed) for name, changed in changes.items()} | {
        "the template": _hash(tree, template="u"),
        "the options": content_hash(
            {"en": tree}, template_version="t", options=CHOICES | {"layout": "by_type"}
        ),
        "nothing": _hash(tree),
    }
    assert len(set(hashes.values())) == len(hashes)
    assert _hash(an_issue()) == _hash(from_json(as_json(tree))) == hashes["nothing"]


def _with_figure(section: Section) -> Section:
    return replace(section, nodes=(Figure(key="figure/x", value=1, label="x"), *section.nodes))
