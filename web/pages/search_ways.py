"""The ways from a search to pages that are no finds: the page of a State or a theme that is called so."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.search import Query
from models.search.fold import fold
from models.vocabulary import Theme
from templates.countries import territory_names, territory_spellings
from templates.languages import ENGLISH, catalogue
from templates.states import state_codes
from web.english import unmarked
from web.pages.country_address import country_address
from web.pages.theme_link import theme_links

_SHORTEST: Final = 3
_MOST: Final = 3
_LANGUAGES: Final = ("en", "fr", "es", "ar")


@dataclass(frozen=True, slots=True)
class Way:
    """A page that is called as was asked."""

    words: str
    address: str
    sort: str


def ways(session: Session, query: Query, *, language: str = ENGLISH) -> tuple[Way, ...]:
    """Return the pages of States and themes whose name begins with the question, of three letters or more."""
    line = query.line
    if len(line) < _SHORTEST:
        return ()
    sentence = catalogue(language).gettext
    names = territory_names(language)
    states = [
        Way(names[code], country_address(code), sentence("State"))
        for code, spellings in _state_names().items()
        if _begins(line, spellings)
    ]
    themes = [
        Way(link.name, link.address, sentence("Theme"))
        for link in theme_links(session.scalars(select(Theme).order_by(Theme.position)), language=language)
        if _begins(line, (fold(unmarked(link.name)),))
    ]
    return (*sorted(states, key=lambda way: way.words), *themes)[:_MOST]


def _begins(line: str, spellings: Iterable[str]) -> bool:
    return any(spelling.startswith(line) for spelling in spellings)


@cache
def _state_names() -> dict[str, tuple[str, ...]]:
    """Return the folded names of every State by its code, in the languages of the house."""
    return {
        code: tuple(fold(name) for name in territory_spellings(code, languages=_LANGUAGES))
        for code in sorted(state_codes())
    }
