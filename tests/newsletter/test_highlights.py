"""The tree: editors' texts on nodes, and what is shown."""

from dataclasses import replace

from newsletter.highlights import EditorsText, Heading, Told
from tests.newsletter.issue_facts import BALI, a_meeting, an_issue, node_of

KEY = "meeting/meeting-1/told"


def _text(text: str, source: Told | None = None) -> EditorsText:
    return EditorsText(text=text, source_hash=source.source_hash if source else None)


def test_editors_text_stands_in_place_of_the_records() -> None:
    """The record's own text is kept beside it."""
    tree = an_issue()
    node = node_of(tree, KEY)
    edited = node_of(tree.with_texts({KEY: _text("The conference met.", node)}), KEY)
    assert (edited.said, edited.text, edited.is_stale) == ("The conference met.", node.text, False)


def test_editors_text_equal_to_the_records_is_no_edit() -> None:
    """So that a text printed and taken back changes nothing."""
    tree = an_issue()
    assert tree.with_texts({KEY: _text(node_of(tree, KEY).text)}) == tree


def test_editors_text_is_stale_once_its_source_changed() -> None:
    """Written over one sentence, it is marked when the record makes another one of it."""
    written_over = node_of(an_issue(), KEY)
    moved = an_issue(a_meeting(city="Ndola")).with_texts({KEY: _text("The conference met.", written_over)})
    assert (node_of(moved, KEY).said, node_of(moved, KEY).is_stale) == ("The conference met.", True)


def test_text_that_is_taken_away_leaves_the_node_as_the_record_has_it() -> None:
    """Without its row an edit is gone."""
    tree = an_issue()
    assert tree.with_texts({KEY: _text("Other")}).with_texts({}) == tree


def test_emptied_text_leaves_its_node_and_a_bare_heading_out() -> None:
    """A mechanism whose only meeting is left out does not stand there as a name alone."""
    tree = an_issue(a_meeting(), a_meeting(uid="b", mechanisms=(BALI.slug,), title="Ministerial Conference"))
    edited = tree.with_texts({KEY: _text("")})
    mechanisms = next(section for section in edited.shown_sections() if section.key == "mechanisms")
    assert [node.text for node in mechanisms.shown if isinstance(node, Heading)] == ["Bali Process"]
    assert [node.key for node in edited.shown_meetings()] == ["meeting/b/told"]


def test_section_switched_off_is_not_shown() -> None:
    """Neither it nor its meetings."""
    tree = an_issue()
    off = replace(
        tree, sections=tuple(replace(section, is_on=section.key != "mechanisms") for section in tree.sections)
    )
    assert ([section.key for section in off.shown_sections()], off.shown_meetings()) == (["figures"], ())
