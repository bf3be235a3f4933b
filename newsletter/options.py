"""What an editor or the program chooses about an issue before it is compiled."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from newsletter.highlights import SECTIONS
from templates.languages import ENGLISH


class Layout(StrEnum):
    """How the mechanisms are ordered."""

    ALPHABETICAL = "alphabetical"
    BY_TYPE = "by_type"

    @property
    def word(self) -> str:
        """How an editor writes it."""
        return self.value.replace("_", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAddress:
    """A calendar feed that the letter tells of; address is absolute."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices of one issue.

    base_url has no trailing slash; languages are those of the editions, English first; feeds are named in
    English; order names every section once; off are switched off.
    """

    base_url: str
    languages: tuple[str, ...] = (ENGLISH,)
    layout: Layout = Layout.ALPHABETICAL
    feeds: tuple[FeedAddress, ...] = ()
    order: tuple[str, ...] = SECTIONS
    off: frozenset[str] = field(default_factory=frozenset)

    def as_json(self) -> dict[str, Any]:
        """Return the choices as plain JSON values."""
        return asdict(self) | {
            "languages": list(self.languages),
            "feeds": [asdict(feed) for feed in self.feeds],
            "order": list(self.order),
            "off": sorted(self.off),
            "layout": self.layout.value,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        return cls(
            base_url=plain["base_url"],
            # Issues compiled before there were editions in several languages name one.
            languages=tuple(plain["languages"] if "languages" in plain else [plain["language"]]),
            layout=Layout(plain["layout"]),
            feeds=tuple(FeedAddress(**feed) for feed in plain["feeds"]),
            order=tuple(plain["order"]),
            off=frozenset(plain["off"]),
        )
