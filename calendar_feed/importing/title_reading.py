"""Titles as calendars show them: what stands in front of a title says the state, as in our own feeds."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache
from typing import Final

from templates.languages import catalogue
from templates.text import one_line, slugify

LANGUAGES: Final = ("en", "fr", "es", "ar")
"""The languages in which titles, places and states are understood."""


class Mark(StrEnum):
    """What a word before a title says."""

    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    PROPOSED = "proposed"
    MONTH = "month"
    MONTH_HELD = "month_held"


# Outlook puts the first before the subject of a cancelled meeting, in the language of who cancels.
_ALSO: Final = {
    Mark.CANCELLED: ("Canceled: ", "Cancelled: ", "Annulé : ", "Annulée : ", "Cancelado: ", "Cancelada: "),
    Mark.POSTPONED: ("Postponed: ", "Reporté : ", "Aplazado: "),
    Mark.PROPOSED: ("Tentative: ", "TBC – "),
}


def marked_title(summary: str, *, is_ours: bool) -> tuple[Mark | None, str]:
    """Return what the words before a title say of the meeting, and the title without them.

    Months before a title are read only where `is_ours`: "June 2027 (day not known): " is nobody else's form.
    """
    plain = one_line(summary)
    for mark, pattern in _prefixes():
        if mark in {Mark.MONTH, Mark.MONTH_HELD} and not is_ours:
            continue
        if (found := pattern.match(plain)) and found.end() < len(plain):
            return mark, plain[found.end() :]
    return None, plain


def bare_title(title: str, *, shorts: Sequence[str], places: Iterable[str | None]) -> str:
    """Return a title of our own feed without the mechanism in front of it and the place behind it."""
    front = " / ".join(shorts) + " – "
    bare = title[len(front) :] if shorts and title.startswith(front) else title
    for place in sorted({one for one in places if one}, key=len, reverse=True):
        if bare.endswith(f" ({place})"):
            return bare[: -len(place) - 3] or title
    return bare or title


def same_words(title: str) -> str:
    """Return a form in which two ways of writing one title are equal: no capitals, marks or punctuation."""
    return slugify(title) or one_line(title).casefold()


@cache
def _prefixes() -> tuple[tuple[Mark, re.Pattern[str]], ...]:
    found: list[tuple[Mark, str]] = []
    for language in LANGUAGES:
        sentence = catalogue(language).gettext
        found += [
            (Mark.CANCELLED, sentence("CANCELLED: ")),
            (Mark.POSTPONED, sentence("POSTPONED: ")),
            (Mark.MONTH, sentence("Date TBC (%(month)s): ")),
            (Mark.MONTH_HELD, sentence("%(month)s (day not known): ")),
            (Mark.PROPOSED, sentence("TBC: ")),
        ]
    found += [(mark, prefix) for mark, prefixes in _ALSO.items() for prefix in prefixes]
    return tuple((mark, _pattern(prefix)) for mark, prefix in dict.fromkeys(found))


def _pattern(prefix: str) -> re.Pattern[str]:
    written = re.escape(one_line(prefix)).replace(re.escape("%(month)s"), r"[^():]{3,60}?")
    return re.compile(written.replace(r"\ ", r"\s*") + r"\s*", re.IGNORECASE)
