"""LOCATION, a place in one line, taken apart where that is plain: venue, city, country, whether online."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from babel import Locale

from calendar_feed.importing.title_reading import LANGUAGES
from models.base import Facts
from models.meeting import Mode
from templates.cities import english_city
from templates.countries import listed_territory_names, territory_names
from templates.languages import catalogue
from templates.text import one_line

# Names in daily use that are neither the United Nations' nor CLDR's.
_ALSO: Final = {
    "USA": "US", "U.S.A.": "US", "United States": "US", "UK": "GB", "U.K.": "GB", "Great Britain": "GB",
    "The Netherlands": "NL", "The Gambia": "GM", "Turkey": "TR", "Czech Republic": "CZ", "Ivory Coast": "CI",
    "Swaziland": "SZ", "Cape Verde": "CV", "East Timor": "TL", "Burma": "MM", "South Korea": "KR",
    "Syria": "SY", "Laos": "LA", "Russia": "RU", "Moldova": "MD", "Tanzania": "TZ", "Vietnam": "VN",
    "Bolivia": "BO", "Venezuela": "VE", "Iran": "IR", "DR Congo": "CD", "DRC": "CD", "UAE": "AE",
    "The Bahamas": "BS", "Kyrgyz Republic": "KG", "Kingdom of Morocco": "MA", "The Philippines": "PH",
}  # fmt: skip
_ONLINE: Final = frozenset(
    {
        "online", "virtual", "virtual meeting", "online meeting", "zoom", "webex", "teams",
        "microsoft teams meeting", "microsoft teams", "ms teams", "videoconference", "video conference",
        "en ligne", "en línea", "virtuel",
        "réunion microsoft teams", "reunión de microsoft teams", "google meet",
    }
)  # fmt: skip
_AND_ONLINE: Final = re.compile(
    r"[\s,;]*[(+/&]?\s*(?:and|et|y|\+|/|&)?\s*(?:online|virtual(?:ly)?|en ligne|en línea|hybrid)\s*\)?\s*$",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """What a line says of the place."""

    venue: str | None = None
    city: str | None = None
    country: str | None = None
    mode: Mode | None = None
    join_link: str | None = None

    def fields(self) -> Facts:
        """Return what it says as fields of a meeting; what it does not say is not among them."""
        found = {
            "venue": self.venue,
            "city": self.city,
            "country": self.country,
            "mode": self.mode.value if self.mode else None,
            "join_link": self.join_link,
        }
        return {name: value for name, value in found.items() if value is not None}


def read_place(text: str) -> Place:
    """Take a place apart: "building, city, country" where its last part names a country, else a venue alone.

    The city is taken where it is a plain word: a part with figures in it is an address and stays whole.
    """
    plain = one_line(text[:2_000].replace("\n", ", "))
    links = _ADDRESS.findall(plain)
    join_link = links[0].rstrip(".,;)") if links else None
    plain = one_line(_ADDRESS.sub(" ", plain)).strip(" ,;|–-")
    online = _online_words()
    if not plain or plain.casefold() in online:
        return Place(mode=Mode.ONLINE, join_link=join_link) if plain or join_link else Place()
    shorter = _without_online(plain)
    mode = Mode.HYBRID if shorter != plain else None
    parts = [part.strip() for part in re.split("[,،]", shorter) if part.strip()]
    country = country_named(parts[-1]) if parts else None
    if country is None:
        return Place(venue=shorter, mode=mode, join_link=join_link)
    rest = parts[:-1]
    city = rest[-1] if rest and not re.search(r"\d", rest[-1]) else None
    venue = ", ".join(rest[:-1] if city else rest) or None
    city = english_city(city, country=country, languages=LANGUAGES) if city else None
    return Place(venue, city, country, mode, join_link)


def country_named(name: str) -> str | None:
    """Return the code of the country of that name in any of our languages; None where none is meant."""
    return _countries().get(_folded(name))


@cache
def _countries() -> dict[str, str]:
    codes = set(territory_names("en"))
    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        plain = {code: name for code, name in Locale.parse(language).territories.items() if code in codes}
        for names in (plain, territory_names(language), listed_territory_names(language)):
            for code, name in names.items():
                found.setdefault(_folded(name), set()).add(code)
    for name, code in _ALSO.items():
        found.setdefault(_folded(name), set()).add(code)
    return {name: next(iter(those)) for name, those in found.items() if len(those) == 1}


@cache
def _online_words() -> frozenset[str]:
    own = {
        catalogue(language).gettext(word).casefold()
        for language in LANGUAGES
        for word in ("Online", "online")
    }
    return _ONLINE | own


def _without_online(plain: str) -> str:
    """Return a place without the words that one may take part online too, ours in any language first."""
    for language in LANGUAGES:
        before, _, behind = catalogue(language).gettext("%s (and online)").partition("%s")
        if behind.strip() and plain.endswith(behind.strip()) and plain.startswith(before):
            return plain[len(before) : -len(behind.strip())].strip()
    shorter = _AND_ONLINE.sub("", plain)
    return shorter if shorter.strip() else plain


def _folded(name: str) -> str:
    """Return a name without capitals, accents and the difference between apostrophes."""
    parts = unicodedata.normalize("NFKD", one_line(name).casefold().replace("’", "'"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
