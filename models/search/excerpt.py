"""The place of a text that answers, as people wrote it, with what was asked for marked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from models.search.fold import placed_fold
from models.search.query import Term

WIDTH: Final = 200
"""Characters of an excerpt, about; it begins and ends with whole words where there are any."""

_BEFORE: Final = 60
_WORD: Final = 24
_READ: Final = 60_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, marked or not. It is plain text: whoever writes it into HTML escapes it."""

    text: str
    marked: bool = False


Span = tuple[int, int]


def marked(text: str, terms: Iterable[Term]) -> tuple[Piece, ...]:
    """Return the whole text in pieces; joined, they are the text."""
    return _pieces(text, _spans(text, terms), 0, len(text))


def excerpt(text: str, terms: Sequence[Term], *, width: int = WIDTH) -> tuple[Piece, ...]:
    """Return about `width` characters where most of the terms stand, or the text's beginning where none does.

    Left out text before or behind is shown by an ellipsis; the ends of lines become a raised point.
    """
    said = text[:_READ]
    spans = _spans(said, terms)
    start, end = _window(said, spans, width)
    pieces = _pieces(said, spans, start, end)
    if start:
        pieces = (Piece("… "), *pieces)
    if end < len(said):
        pieces = (*pieces, Piece(" …"))
    return tuple(Piece(piece.text.replace("\n", " · "), piece.marked) for piece in pieces)


def _spans(text: str, terms: Iterable[Term]) -> list[Span]:
    """Return where the terms stand, in order, none touching another."""
    folded, places = placed_fold(text)
    found = [
        (places[first], _behind(places, behind - 1))
        for term in terms
        for first, behind in (_phrases(folded, term) if " " in term.letters else _words(folded, term))
    ]
    return _joined(sorted(found))


def _words(folded: str, term: Term) -> Iterator[Span]:
    """Give the places of a single word's letters in a folded text."""
    before = term.sought.startswith(" ")
    at = folded.find(term.sought)
    while at >= 0:
        yield at + before, at + before + len(term.letters)
        at = folded.find(term.sought, at + 1)


def _phrases(folded: str, term: Term) -> Iterator[Span]:
    """Give the places of a phrase; between its words several spaces may stand."""
    ends = "(?= )" if term.whole else ""
    # Letters and digits alone, so there is nothing in them that a pattern would take for its own.
    for match in re.finditer(f" ({term.letters.replace(' ', ' +')}){ends}", folded):
        yield match.span(1)


def _behind(places: Sequence[int], last: int) -> int:
    """Return the place behind a folded letter: one letter may become several, and marks follow theirs."""
    at = last + 1
    while places[at] == places[last]:
        at += 1
    return places[at]


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for first, behind in spans:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(behind, joined[-1][1]))
        else:
            joined.append((first, behind))
    return joined


def _window(text: str, spans: Sequence[Span], width: int) -> Span:
    """Return the stretch that holds most of the marked letters; the first of those that hold as many."""
    if len(text) <= width:
        return 0, len(text)
    best, most = 0, 0
    ahead = within = 0
    for number, (first, _) in enumerate(spans):
        while ahead < len(spans) and spans[ahead][1] <= max(0, first - _BEFORE) + width:
            within += spans[ahead][1] - spans[ahead][0]
            ahead += 1
        if within > most:
            best, most = first, within
        if number < ahead:
            within -= spans[number][1] - first
    start = _word_start(text, max(0, min(best - _BEFORE, len(text) - width)))
    return start, _word_end(text, min(len(text), start + width))


def _word_start(text: str, at: int) -> int:
    """Return the start of the next word, unless it is far."""
    if at == 0:
        return 0
    space = next(
        (place for place in range(at - 1, min(at + _WORD, len(text))) if text[place].isspace()), None
    )
    return at if space is None else space + 1


def _word_end(text: str, at: int) -> int:
    """Return the end of the word before, unless it is far."""
    if at == len(text):
        return at
    space = next((place for place in range(at, max(at - _WORD, 0), -1) if text[place].isspace()), None)
    return at if space is None else space


def _pieces(text: str, spans: Iterable[Span], start: int, end: int) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = start
    for first, behind in spans:
        first, behind = max(first, start), min(behind, end)  # noqa: PLW2901 - cut to the stretch
        if first >= behind:
            continue
        pieces += [Piece(text[at:first]), Piece(text[first:behind], marked=True)]
        at = behind
    pieces.append(Piece(text[at:end]))
    return tuple(piece for piece in pieces if piece.text)
