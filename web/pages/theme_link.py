"""A theme by its name, and its page."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.vocabulary import Theme


@dataclass(frozen=True, slots=True)
class ThemeLink:
    """A theme by its name, and its page."""

    name: str
    address: str


def theme_links(themes: Iterable[Theme]) -> tuple[ThemeLink, ...]:
    """Return the links to themes in the order given."""
    return tuple(ThemeLink(theme.name, f"/themes/{theme.slug}") for theme in themes)
