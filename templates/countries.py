"""Names of States and territories by their ISO 3166-1 code, as the United Nations writes them.

Two forms are kept apart. The *place* form is short and reads well after a city ("Cochabamba, Bolivia"). The
*listed* form is the one of the United Nations' terminology and belongs in lists of members, where it also
sorts by the country's own name ("Bolivia (Plurinational State of)"). Other names are CLDR's, through babel.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from babel import Locale

from templates.united_nations_names import KOSOVO_NOTE, LISTED, PLACES

KOSOVO: Final = "XK"

# CLDR also names groups, test locales and islands that ISO 3166-1 only reserves; none is a place here.
_NOT_ASSIGNED: Final = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"},
)


def territory_names(language: str) -> dict[str, str]:
    """Return the place form of every State and territory in `language`, by ISO 3166-1 alpha-2 code.

    Territories that are members of mechanisms (AS, CK, NC, PF, TK and so on) are in it, and Kosovo under the
    user-assigned code XK. The answer is the caller's own copy. Raises `babel.UnknownLocaleError` for a
    language that babel does not know.
    """
    return dict(_place_names(language))


def listed_territory_names(language: str) -> dict[str, str]:
    """Return the form for lists of members, by code: the United Nations' name, the country's own first."""
    return dict(_place_names(language)) | LISTED.get(language, {})


def territory_note(code: str, *, language: str) -> str | None:
    """Return the footnote that must stand wherever `code` is named, or None when it needs none."""
    if code != KOSOVO:
        return None
    return KOSOVO_NOTE.get(language, KOSOVO_NOTE["en"])


def territory_spellings(code: str, *, languages: Iterable[str]) -> tuple[str, ...]:
    """Return every name of `code` in some languages, each once: by them it is found, whichever is shown.

    The names of CLDR are among them where the United Nations' are others: readers look for Russia too.
    """
    found = [
        name
        for language in languages
        if code in _place_names(language)
        for name in (
            _place_names(language)[code],
            Locale.parse(language).territories[code],
            listed_territory_names(language)[code],
        )
    ]
    return tuple(dict.fromkeys(found))


@cache
def _place_names(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    names = {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_ASSIGNED
    }
    return names | PLACES.get(language, {})
