"""Languages: which CLDR locale writes them, which way they run, and the catalogue with their sentences."""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import Locale
from babel.core import get_global
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH: Final = "en"

_CATALOGUES: Final = Path(__file__).parent / "translations"

# CLDR's plain "en" is American: month before day, serial comma. The house writes as the United Nations does.
_LOCALES: Final = {"en": "en_GB"}


@cache
def locale_of(language: str) -> Locale:
    """Return the CLDR locale that writes `language` in this house; raises `babel.UnknownLocaleError`."""
    return Locale.parse(_LOCALES.get(language, language))


def direction(language: str) -> str:
    """Return `rtl` for a language written from right to left, else `ltr`, as HTML's `dir` wants it."""
    return locale_of(language).text_direction


def own_name(language: str) -> str:
    """Return the name a language gives itself, as readers look for it: English, français, العربية."""
    return Locale.parse(language).get_display_name(language) or language


def territorial(language: str) -> str:
    """Return the language with the territory most of its readers live in, as `og:locale` wants it: fr_FR."""
    likely = get_global("likely_subtags").get(language, language)
    territory = locale_of(language).territory or likely.rpartition("_")[2]
    return f"{language}_{territory}"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the sentences of `language` from `translations/LANGUAGE.po`; what it lacks stands in English."""
    file = _CATALOGUES / f"{language}.po"
    if not file.exists():
        return gettext.NullTranslations()
    with file.open("rb") as lines:
        kept = read_po(lines, locale=locale_of(language))
    compiled = BytesIO()
    write_mo(compiled, kept)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
