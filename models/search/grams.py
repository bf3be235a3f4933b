"""The small tokens that both databases index: every part of a word by what it begins with.

SQLite keeps them in FTS5, PostgreSQL in a tsvector; both only ever look for tokens with a given beginning.
Thus a fragment is found as the beginning of the rest of its word, and neither database's own idea of words,
of letters or of a language has a say.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final

from models.search.query import FRAGMENT, Term

MARK: Final = "§"
"""Stands before the first letters of a word, for terms too short to be fragments. No folded text holds it."""

NAMED: Final = "¶"
"""Stands before the tokens of names, once more: what is called so is found without looking at the rest."""

LONGEST_TOKEN: Final = 24
"""Letters of a token; what a longer term says beyond them is compared with the text itself."""

# PostgreSQL refuses a tsvector of a megabyte, and a letter has up to four bytes. Nothing that people wrote
# comes near it.
_MOST_LETTERS: Final = 200_000


def grams(words: Collection[str], *, names: Collection[str] = ()) -> str:
    """Return the tokens of folded words and of those in names, each once, one space between them.

    Of a text too long for an index the names and the words it begins with are taken.
    """
    named = {NAMED + token for token in set().union(*map(_of_word, set(names)))}
    unlike = dict.fromkeys((*names, *words))
    found = " ".join(sorted(named.union(*map(_of_word, unlike))))
    if len(found) <= _MOST_LETTERS:
        return found
    tokens, letters = set(named), sum(len(token) + 1 for token in named)
    for word in unlike:
        more = _of_word(word) - tokens
        letters += sum(len(token) + 1 for token in more)
        if letters > _MOST_LETTERS:
            break
        tokens |= more
    return " ".join(sorted(tokens))


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> frozenset[str]:
    rests = {word[at : at + LONGEST_TOKEN] for at in range(len(word) - FRAGMENT + 1)}
    return frozenset({MARK + word[: FRAGMENT - 1], *rests})


def beginnings(terms: Iterable[Term], *, named: bool = False) -> tuple[str, ...]:
    """Return the beginnings of tokens that every text with all of the terms has, or has in its names."""
    words = dict.fromkeys(word for term in terms for word in term.letters.split(" "))
    tokens = (word[:LONGEST_TOKEN] if len(word) >= FRAGMENT else MARK + word for word in words)
    return tuple(NAMED + token if named else token for token in tokens)


def must_be_compared(term: Term) -> bool:
    """Tell whether a text with all of a term's tokens may lack it: a phrase, a quoted or a long word."""
    return term.whole or " " in term.letters or len(term.letters) > LONGEST_TOKEN
