"""Words of the record that stand in English on a page of another language, and are marked as what they are.

A screen reader reads them with an English voice, and in a sentence that runs from right to left they disturb
nothing around them. On their way to the page the words carry two characters that no text has; the page as a
whole turns them into `<bdi lang="en">`, and leaves them out where no element can stand: in attributes,
titles, options and data. So whatever joins, counts or translates words on the way need not know of it.
"""

import re
from typing import Final

from models.own_words import Words
from templates.languages import ENGLISH

# Of the private use area (Unicode 23.5): no font has them, and no cleaned text of the record does.
_BEGIN: Final = "\ue000"
_END: Final = "\ue001"
_MARKS: Final = re.compile(f"[{_BEGIN}{_END}]|\\\\ue00[01]")
_PLACES: Final = re.compile(
    rf"<(?P<bare>title|script|option|textarea)\b.*?</(?P=bare)>|<[^<>]*[{_BEGIN}{_END}][^<>]*>"
    rf"|{_BEGIN}(?P<words>[^{_BEGIN}{_END}]*){_END}",
    re.DOTALL,
)


def said(words: Words, *, language: str) -> str:
    """Return words as a page of `language` says them."""
    return words.text if words.language == language else in_english(words.text, language=language)


def in_english(text: str, *, language: str) -> str:
    """Return English text as a page of `language` says it."""
    return text if language == ENGLISH or not text else f"{_BEGIN}{unmarked(text)}{_END}"


def in_english_if_any(text: str | None, *, language: str) -> str | None:
    """Return English text as a page of `language` says it; None for None."""
    return None if text is None else in_english(text, language=language)


def unmarked(text: str) -> str:
    """Return text without what `said` put around it, for addresses and data."""
    return _MARKS.sub("", text)


def marked_as_html(html: str) -> str:
    """Return a page with its English words marked up."""
    if _BEGIN not in html and "\\ue000" not in html:
        return html
    return _PLACES.sub(_marked_up, html)


def _marked_up(found: re.Match[str]) -> str:
    words = found["words"]
    return unmarked(found[0]) if words is None else f'<bdi lang="{ENGLISH}">{words}</bdi>'
