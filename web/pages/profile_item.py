"""One thing that a line of a profile names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A State, a theme, a year: its words, and the page about it, None for none. `note` follows the link."""

    words: str
    address: str | None = None
    note: str | None = None
