"""Which codes of ISO 3166-1 are those of States, and the order in which names of countries are listed."""

import unicodedata
from typing import Final

from templates.countries import KOSOVO, territory_names

_TERRITORIES: Final = frozenset(
    {
        "AI", "AQ", "AS", "AW", "AX", "BL", "BM", "BQ", "BV", "CC", "CK", "CW", "CX", "EH", "FK", "FO", "GF",
        "GG", "GI", "GL", "GP", "GS", "GU", "HK", "HM", "IM", "IO", "JE", "KY", "MF", "MO", "MP", "MQ", "MS",
        "NC", "NF", "NU", "PF", "PM", "PN", "PR", "RE", "SH", "SJ", "SX", "TC", "TF", "TK", "TW", "UM", "VG",
        "VI", "WF", "YT",
    }
)  # fmt: skip
"""Codes that are neither of a Member State of the United Nations nor of one of its two observer States."""


_ARTICLE: Final = "ال"


def state_codes() -> frozenset[str]:
    """Return the codes of the 193 Member States of the United Nations and of its two observer States.

    The observer States are the Holy See and the State of Palestine. Territories that take part in mechanisms
    are known by the record, not here.
    """
    return frozenset(territory_names("en")) - _TERRITORIES - {KOSOVO}


def listing_key(name: str) -> str:
    """Return what a name is sorted by: capitals and marks are set aside, so Türkiye is before Tuvalu.

    The article of Arabic is passed over, as the United Nations do in their lists; a name that begins with
    its letters otherwise (ألمانيا) bears a mark on the first of them.
    """
    parts = unicodedata.normalize("NFKD", name.removeprefix(_ARTICLE).casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def first_letter(name: str) -> str:
    """Return the letter under which a name stands in an alphabetical list."""
    return listing_key(name)[:1].upper()
