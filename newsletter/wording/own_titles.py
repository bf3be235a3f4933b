"""Titles of meetings in other languages than English, less what their heading and their place say."""

import re
from typing import Final

from newsletter.facts import MechanismFacts, MeetingFacts

# What joins a mechanism's name to the noun before it. Arabic writes "of the" as a letter before the name, or
# not at all.
_JOINTS: Final = {
    "fr": r"\s+(?:du|de la|de l['’]|des|de|d['’])\s*(?<=[\s'’])",
    "es": r"\s+(?:del|de la|de los|de las|de)\s+",
    "ar": r"\s+(?:في\s+|ل)?",
}
# Arabic drops the first letter of the article behind "of": "لعملية", but also "للمنتدى" of "المنتدى".
_ARTICLE: Final = "ال"
_NAME_ENDS: Final = r"(?=$|\s*[,،(:;–])"


def own_title(meeting: MeetingFacts, told_by: MechanismFacts | None, *, language: str) -> str:
    """Return a meeting's title in a language, less "du <mécanisme>" and less a place at its end.

    A title of which only a numeral or a single word would be left stays whole, as does one that is in
    English because the language has none.
    """
    title = " ".join(meeting.title.split())
    joint = _JOINTS.get(language)
    if meeting.language != language or joint is None:
        return title
    if meeting.city:
        title = _unless_bare(title, re.sub(rf"[,،]\s*{re.escape(meeting.city)}$", "", title))
    for name in told_by.names if told_by else ():
        for form in _forms(name, language):
            title = _unless_bare(title, re.sub(rf"{joint}{re.escape(form)}{_NAME_ENDS}", "", title, count=1))
    return title


def _forms(name: str, language: str) -> tuple[str, ...]:
    if language == "ar" and name.startswith(_ARTICLE):
        # The joint has taken the first "ل" of "للمنتدى"; the second one stands for the article.
        return (name, f"ل{name.removeprefix(_ARTICLE)}")
    return (name,)


def _unless_bare(title: str, shorter: str) -> str:
    """Keep a title whole where fewer than two words with letters would be left of it."""
    words = [word for word in shorter.split() if sum(letter.isalpha() for letter in word) > 1]
    return shorter.strip() if len(words) > 1 else title
