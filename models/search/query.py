"""What somebody typed, as the words and phrases to be found."""

import re
from dataclasses import dataclass
from typing import Final

from models.search.fold import fold

LONGEST: Final = 500
"""Characters of a question that are read; a title has as many at most."""

MOST_TERMS: Final = 16
"""Words and phrases that are looked for; what is typed behind them is left out."""

_QUOTED_OR_BARE: Final = re.compile(
    r'["“”„«»](?P<quoted>[^"“”„«»]*)(?P<closed>["“”«»]?)|(?P<bare>[^\s"“”„«»]+)'
)


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase, folded. A `whole` one was quoted: its last word goes no further."""

    letters: str
    whole: bool = False

    @property
    def sought(self) -> str:
        """What a folded text must hold: words and phrases begin where a word does, fragments anywhere.

        Less than three letters are too few for a fragment: they are the beginning of a word.
        """
        anywhere = len(self.letters) >= FRAGMENT and " " not in self.letters and not self.whole
        return self.letters if anywhere else f" {self.letters}{' ' if self.whole else ''}"


FRAGMENT: Final = 3
"""Letters that a part inside a word has at least."""


@dataclass(frozen=True, slots=True)
class Query:
    """The terms, all of which must be found, and the question as one folded line, as a name would be."""

    terms: tuple[Term, ...]
    line: str


def read_query(text: str) -> Query:
    """Read what somebody typed; there is nothing it refuses, and nothing in it is a command.

    Words stand alone; those in quotation marks are a phrase, and so are those that a hyphen, a point or an
    apostrophe joins. A question without a word has no terms.
    """
    asked = text[:LONGEST]
    terms: dict[Term, None] = {}
    for found in _QUOTED_OR_BARE.finditer(asked):
        whole = bool(found["closed"])
        letters = fold(found["quoted"] if found["bare"] is None else found["bare"])
        if letters:
            terms[Term(letters, whole)] = None
    return Query(tuple(terms)[:MOST_TERMS], fold(asked))
