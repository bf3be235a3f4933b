"""The filters that lists of the record have in common: by mechanism, kind, theme and year."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.mechanism import Mechanism
from models.own_words import words_in
from models.vocabulary import Theme
from templates.languages import ENGLISH, catalogue
from templates.states import listing_key
from templates.words import word
from web.list_filters import Filter
from web.pages.document_line import language_name

FIRST_YEAR: Final = 1900


def by_mechanism(session: Session, *, language: str = ENGLISH) -> Filter:
    """Return the filter by mechanism, in alphabetical order."""
    _ = catalogue(language).gettext
    found = session.execute(select(Mechanism.slug, Mechanism.short_name, Mechanism.short_name_in))
    names = {slug: words_in(name, others, language=language).text for slug, name, others in found}
    ordered = sorted(names.items(), key=lambda pair: (listing_key(pair[1]), pair[0]))
    return Filter("mechanism", _("Mechanism"), _("All mechanisms"), dict(ordered))


def by_theme(session: Session, *, language: str = ENGLISH) -> Filter:
    """Return the filter by theme, in the order of the themes."""
    _ = catalogue(language).gettext
    found = session.execute(select(Theme.slug, Theme.name, Theme.name_in).order_by(Theme.position))
    names = {slug: words_in(name, others, language=language).text for slug, name, others in found}
    return Filter("theme", _("Theme"), _("All themes"), names)


def by_kind(kinds: type[StrEnum], table: str, *, language: str = ENGLISH) -> Filter:
    """Return the filter by kind, in the order of the kinds; `table` names their words."""
    _ = catalogue(language).gettext
    words = {kind.value: word(table, kind.value, language=language) for kind in kinds}
    return Filter("kind", _("Kind"), _("All kinds"), words)


def by_year(today: date, *, language: str = ENGLISH) -> Filter:
    """Return the filter by year, the newest first."""
    _ = catalogue(language).gettext
    years = range(today.year + 10, FIRST_YEAR - 1, -1)
    return Filter("year", _("Year"), _("All years"), {str(year): str(year) for year in years})


def by_language(codes: Iterable[str], *, language: str = ENGLISH) -> Filter:
    """Return the filter by a language of these codes, by their names."""
    _ = catalogue(language).gettext
    names = {code: language_name(code, language=language) or code for code in codes}
    ordered = sorted(names.items(), key=lambda pair: listing_key(pair[1]))
    return Filter("language", _("Language"), _("All languages"), dict(ordered))
