"""Languages: which CLDR locale writes them, which way they run, and the catalogue with their sentences."""

import gettext
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale

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


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the sentences of `language`; where no catalogue is kept for it, English stands."""
    return gettext.translation("iscm", localedir=_CATALOGUES, languages=[language], fallback=True)
