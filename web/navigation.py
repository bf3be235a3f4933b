"""The few words at the top of every page."""

from dataclasses import dataclass
from typing import Final

from templates.languages import ENGLISH, catalogue


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the navigation; `here` when it leads to the page one is on, or to the one above it."""

    words: str
    address: str
    here: bool


_ENTRIES: Final = (
    ("Meetings", "/", ("/meetings/",)),
    ("Mechanisms", "/mechanisms", ("/mechanisms/", "/types/")),
    ("Updates", "/updates", ()),
    ("Highlights", "/highlights", ("/highlights/",)),
)


def navigation(path: str, *, language: str = ENGLISH) -> tuple[Entry, ...]:
    """Return the entries for the page at `path`."""
    sentence = catalogue(language).gettext
    return tuple(
        Entry(sentence(words), address, path == address or path.startswith(below))
        for words, address, below in _ENTRIES
    )
