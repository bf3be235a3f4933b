"""Names of States and territories by their ISO 3166-1 code, as the United Nations writes them.

Two forms are kept apart. The *place* form is short and reads well after a city ("Cochabamba, Bolivia"). The
*listed* form is the one of the United Nations' terminology and belongs in lists of members, where it also
sorts by the country's own name ("Bolivia (Plurinational State of)"). Other names are CLDR's, through babel.
"""

from functools import cache
from typing import Final

from babel import Locale

KOSOVO: Final = "XK"

# CLDR also names groups, test locales and islands that ISO 3166-1 only reserves; none is a place here.
_NOT_ASSIGNED: Final = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"},
)

_PLACES: Final[dict[str, dict[str, str]]] = {
    "en": {
        "AG": "Antigua and Barbuda",
        "BA": "Bosnia and Herzegovina",
        "BN": "Brunei Darussalam",
        "CD": "Democratic Republic of the Congo",
        "CG": "Congo",
        "CV": "Cabo Verde",
        "CZ": "Czechia",
        "FK": "Falkland Islands (Malvinas)",
        "FM": "Federated States of Micronesia",
        "HK": "Hong Kong SAR, China",
        "HM": "Heard and McDonald Islands",
        "KN": "Saint Kitts and Nevis",
        "KP": "Democratic People’s Republic of Korea",
        "KR": "Republic of Korea",
        "LA": "Lao PDR",
        "LC": "Saint Lucia",
        "MD": "Republic of Moldova",
        "MK": "North Macedonia",
        "MM": "Myanmar",
        "MO": "Macao SAR, China",
        "PM": "Saint Pierre and Miquelon",
        "PS": "State of Palestine",
        "RU": "Russian Federation",
        "GS": "South Georgia and the South Sandwich Islands",
        "SH": "Saint Helena",
        "SJ": "Svalbard and Jan Mayen",
        "ST": "Sao Tome and Principe",
        "SY": "Syrian Arab Republic",
        "SZ": "Eswatini",
        "TC": "Turks and Caicos Islands",
        "TL": "Timor-Leste",
        "TR": "Türkiye",
        "TT": "Trinidad and Tobago",
        "TW": "Taiwan Province of China",
        "TZ": "United Republic of Tanzania",
        "US": "United States of America",
        "VA": "Holy See",
        "VC": "Saint Vincent and the Grenadines",
        "VN": "Viet Nam",
        "WF": "Wallis and Futuna",
        "BL": "Saint Barthélemy",
        "MF": "Saint Martin",
    },
}

_LISTED: Final[dict[str, dict[str, str]]] = {
    "en": {
        "BO": "Bolivia (Plurinational State of)",
        "FM": "Micronesia (Federated States of)",
        "GB": "United Kingdom of Great Britain and Northern Ireland",
        "IR": "Iran (Islamic Republic of)",
        "LA": "Lao People’s Democratic Republic",
        "NL": "Netherlands (Kingdom of the)",
        "VE": "Venezuela (Bolivarian Republic of)",
    },
}

_KOSOVO_NOTE: Final[dict[str, str]] = {
    "en": (
        "References to Kosovo shall be understood to be in the context of "
        "United Nations Security Council resolution 1244 (1999)."
    ),
}


def territory_names(language: str) -> dict[str, str]:
    """Return the place form of every State and territory in `language`, by ISO 3166-1 alpha-2 code.

    Territories that are members of mechanisms (AS, CK, NC, PF, TK and so on) are in it, and Kosovo under the
    user-assigned code XK. The answer is the caller's own copy. Raises `babel.UnknownLocaleError` for a
    language that babel does not know.
    """
    return dict(_place_names(language))


def listed_territory_names(language: str) -> dict[str, str]:
    """Return the form for lists of members, by code: the United Nations' name, the country's own first."""
    return dict(_place_names(language)) | _LISTED.get(language, {})


def territory_note(code: str, *, language: str) -> str | None:
    """Return the footnote that must stand wherever `code` is named, or None when it needs none."""
    if code != KOSOVO:
        return None
    return _KOSOVO_NOTE.get(language, _KOSOVO_NOTE["en"])


@cache
def _place_names(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    names = {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_ASSIGNED
    }
    return names | _PLACES.get(language, {})
