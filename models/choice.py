"""A reader's choice: which meetings a calendar of one's own is to hold, and in which language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from models.base import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is chosen, each a sorted list of codes without repetition.

    A meeting is held where it is one of any of the mechanisms, types, regions, countries or themes; with none
    of those chosen every meeting is. Where kinds are chosen, only meetings of these kinds are. Codes that
    nothing on record has any more are kept, and hold nothing.
    """

    mechanisms: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    language: str

    @classmethod
    def of(cls, chosen: Mapping[str, Iterable[str]], *, language: str) -> Self:
        """Make a choice of codes in any order, by the names of its parts; others are passed over."""
        parts: dict[str, Any] = {name: tuple(sorted(set(chosen.get(name, ())))) for name in PARTS}
        return cls(**parts, language=language)

    @property
    def chosen(self) -> Facts:
        """The codes by the names of the parts that hold any: what is kept of a choice, but its language."""
        return {name: list(codes) for name in PARTS if (codes := getattr(self, name))}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen, which is everything."""
        return not self.chosen


PARTS = tuple(field.name for field in fields(Choice) if field.name != "language")
"""The names of the parts of a choice; the last one narrows what the others bring in."""
