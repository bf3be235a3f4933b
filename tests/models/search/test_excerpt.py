"""Excerpts: the place that answers, as it was written."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.search import read_query
from models.search.excerpt import WIDTH, Piece, excerpt, marked
from models.search.fold import fold

WORDS = st.text("abcdé ìßøдمة\n-’ 12", max_size=400)


def test_marks_stand_on_the_letters_as_written() -> None:
    """Accents stay, a mark follows its letter, and a letter that folds to two is marked whole."""
    text = "Ministers of Türkiye at the Großstraße, in Viê\u0323t Nam"
    assert marked(text, read_query("turk gros viet").terms) == (
        Piece("Ministers of "),
        Piece("Türk", marked=True),
        Piece("iye at the "),
        Piece("Groß", marked=True),
        Piece("straße, in "),
        Piece("Viê\u0323t", marked=True),
        Piece(" Nam"),
    )


def test_short_words_and_phrases_are_marked_where_they_were_found() -> None:
    """Two letters only at the beginning of a word; a phrase whatever stands between its words."""
    text = "EU, museum: mid-  IGAD"
    assert marked(text, read_query('eu "mid igad"').terms) == (
        Piece("EU", marked=True),
        Piece(", museum: "),
        Piece("mid-  IGAD", marked=True),
    )


def test_marks_that_touch_are_one() -> None:
    """Terms that overlap make one mark, not one within the other."""
    assert marked("migration", read_query("migra ration").terms) == (Piece("migration", marked=True),)


def test_excerpt_is_the_place_with_most_of_the_terms() -> None:
    """Far down a text, with whole words around, and an ellipsis at both ends."""
    text = f"{'Lusaka. ' * 3}{'and so on ' * 60}ministers met in Lusaka in June {'and so on ' * 60}"
    shown = excerpt(text, read_query("lusaka june ministers").terms)
    assert [piece.text for piece in shown if piece.marked] == ["ministers", "Lusaka", "June"]
    assert (shown[0], shown[-1]) == (Piece("… "), Piece(" …"))


def test_excerpt_without_a_term_is_the_beginning() -> None:
    """What answers by its title alone is introduced by what it says first; ends of lines become points."""
    assert excerpt("One\nTwo", read_query("nothing").terms) == (Piece("One · Two"),)
    assert excerpt("", read_query("nothing").terms) == ()


@given(WORDS, WORDS)
def test_marked_text_is_the_text(text: str, typed: str) -> None:
    """Joined, the pieces are the text, no two marks touch, and each marked piece holds a term's letters."""
    terms = read_query(typed).terms
    pieces = marked(text, terms)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
    assert all(one.marked is not other.marked for one, other in pairwise(pieces))
    assert all(any(term.letters[0] in fold(piece.text) for term in terms) for piece in pieces if piece.marked)


@given(WORDS, WORDS)
def test_excerpt_is_part_of_the_text(text: str, typed: str) -> None:
    """Less its ellipses an excerpt stands in the text, and it is never much longer than asked."""
    pieces = list(excerpt(text, read_query(typed).terms))
    if pieces and pieces[0] == Piece("… "):
        pieces.pop(0)
    if pieces and pieces[-1] == Piece(" …"):
        pieces.pop()
    shown = "".join(piece.text for piece in pieces)
    assert shown in text.replace("\n", " · ")
    assert len(shown) <= WIDTH + 3 * text.count("\n")
