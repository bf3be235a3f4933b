"""A theme by its name, and its page."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.own_words import theme_name
from models.vocabulary import Theme
from web.english import said


@dataclass(frozen=True, slots=True)
class ThemeLink:
    """A theme by its name, and its page."""

    name: str
    address: str


def theme_links(themes: Iterable[Theme], *, language: str) -> tuple[ThemeLink, ...]:
    """Return the links to themes in the order given."""
    return tuple(
        ThemeLink(said(theme_name(theme, language=language), language=language), f"/themes/{theme.slug}")
        for theme in themes
    )
