"""Foreign words inside a sentence that runs from right to left, kept apart so that nothing is reordered.

A Latin name inside Arabic text drags brackets, digits and dashes beside it to the wrong side, unless it
stands between the isolates of Unicode's bidirectional algorithm (UAX #9). Calendars have no markup for it, so
the characters themselves are written. Inside text that runs from left to right they are never needed.
"""

import unicodedata
from functools import cache
from typing import Final

from templates.languages import direction
from templates.text import clean_text

FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"


def isolated(text: str, *, language: str) -> str:
    """Return `text`, cleaned, as it stands inside a sentence of `language`.

    Where that runs from right to left and the text holds a letter that runs from left to right, it stands
    between isolates. An address of the web is never to be handed in: programs take what follows for a part
    of it.
    """
    plain = clean_text(text)
    if not runs_from_right(language) or not any(unicodedata.bidirectional(one) == "L" for one in plain):
        return plain
    return f"{FIRST_STRONG_ISOLATE}{plain}{POP_ISOLATE}"


@cache
def runs_from_right(language: str) -> bool:
    """Say whether a language is written from right to left."""
    return direction(language) == "rtl"


def balanced(text: str) -> str:
    """Return `text` without isolates unless each that is opened is closed, as those of `isolated` are."""
    depth = 0
    for letter in text:
        depth += (letter == FIRST_STRONG_ISOLATE) - (letter == POP_ISOLATE)
        if depth < 0:
            break
    if depth == 0:
        return text
    return text.replace(FIRST_STRONG_ISOLATE, "").replace(POP_ISOLATE, "")
