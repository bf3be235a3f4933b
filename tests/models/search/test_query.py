"""Reading a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.search.grams import beginnings
from models.search.query import LONGEST, MOST_TERMS, Term, read_query


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("puebla process", (Term("puebla"), Term("process"))),
        ('"Puebla Process"', (Term("puebla process", whole=True),)),
        ("“Puebla Process” 2016", (Term("puebla process", whole=True), Term("2016"))),
        ("«Colloque»", (Term("colloque", whole=True),)),
        ('"regional con', (Term("regional con"),)),
        ("mid-igad", (Term("mid igad"),)),
        ("10.7", (Term("10 7"),)),
        ("EU eu Eu", (Term("eu"),)),
        ("AND NOT OR NEAR(", (Term("and"), Term("not"), Term("or"), Term("near"))),
        ("title:x* ^y", (Term("title x"), Term("y"))),
        ("()'\"\\ & | ! :* -", ()),
        ("", ()),
    ],
)
def test_query_is_words_and_phrases(typed: str, terms: tuple[Term, ...]) -> None:
    """Quotes, hyphens and points make phrases; no sign and no word means anything else."""
    assert read_query(typed).terms == terms


@pytest.mark.parametrize(
    ("term", "sought"),
    [
        (Term("igrat"), "igrat"),
        (Term("eu"), " eu"),
        (Term("eu", whole=True), " eu "),
        (Term("mid igad"), " mid igad"),
        (Term("mid igad", whole=True), " mid igad "),
    ],
)
def test_term_is_sought_in_a_folded_text(term: Term, sought: str) -> None:
    """Fragments stand anywhere, short words and phrases where a word begins; quoted ones end with a word."""
    assert term.sought == sought


@given(st.text(max_size=2 * LONGEST))
def test_query_takes_any_text(typed: str) -> None:
    """Whatever is typed: bounded, of letters and digits alone, and asked for by tokens without a sign."""
    terms = read_query(typed).terms
    assert len(terms) <= MOST_TERMS
    assert all(part.strip() and '"' not in part and "'" not in part for part in beginnings(terms))
    assert all(len(term.letters) <= 18 * LONGEST for term in terms)
