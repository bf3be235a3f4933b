"""What a person or a file may write into a record: lines, texts, addresses, words of a list, countries."""

import difflib
import re
import unicodedata
from enum import StrEnum
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from models.refusal import Refusal
from templates.countries import territory_names

LINE: Final = 500
TEXT: Final = 10_000
ADDRESS: Final = 2_000
"""Longest line, text and web address, in characters."""

# Reordering marks can make a title say the opposite of what is stored; the rest of the kind Cf is needed by
# Arabic, Persian and Indic words.
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_UNSEEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


class UnwelcomeText(Refusal):
    """A text is missing, too long, or holds what cannot be printed."""


class TooLong(UnwelcomeText):
    """A text has more characters than are kept."""


class UnknownWord(Refusal):
    """A word is none of those its field takes."""


class NotAnAddress(Refusal):
    """A text is no web address."""


def line(value: object, *, name: str, limit: int = LINE) -> str | None:
    """Read one line: NFC, blanks at the ends taken off. None for nothing or blanks.

    Raises UnwelcomeText for what is no text, is longer than limit characters, or holds control characters.
    """
    return _read(value, name=name, limit=limit, may_hold=frozenset())


def text(value: object, *, name: str, limit: int = TEXT) -> str | None:
    r"""Read a text of several lines: as `line`, and `\n` and tabs may stand in it."""
    plain = value.replace("\r\n", "\n") if isinstance(value, str) else value
    return _read(plain, name=name, limit=limit, may_hold=frozenset("\n\t"))


def required_line(value: object, *, name: str, limit: int = LINE) -> str:
    """Read one line that must say something; raises UnwelcomeText when it is empty."""
    found = line(value, name=name, limit=limit)
    if found is None:
        raise UnwelcomeText(f"The {name} is empty; write one.")
    return found


def web_address(value: object, *, name: str) -> str | None:
    """Read an http or https address; None for nothing. Raises NotAnAddress and what `line` raises."""
    found = line(value, name=name, limit=ADDRESS)
    if found is None:
        return None
    try:
        parts = urlsplit(found)
        host = parts.hostname
        _ = parts.port  # reading it is what checks it
    except ValueError:
        host = None
    if not host or parts.scheme.lower() not in {"http", "https"} or re.search(r"[\s<>\"\\^`{|}]", found):
        raise NotAnAddress(
            f"“{_shortened(found)}” is not a web address; write the {name} whole, like https://www.example.org/."
        )
    return found


def word(value: object, kind: type[StrEnum], *, name: str) -> str | None:
    """Read one word of a list, hyphens and capitals forgiven; None for nothing. Raises UnknownWord."""
    found = line(value, name=name, limit=LINE)
    if found is None:
        return None
    plain = found.lower().replace("-", "_").replace(" ", "_")
    if plain not in {member.value for member in kind}:
        choices = ", ".join(member.value for member in kind)
        raise UnknownWord(
            f"“{_shortened(found)}” is not a {name} this service knows; take one of: {choices}."
        )
    return plain


def required_word(value: object, kind: type[StrEnum], *, name: str) -> str:
    """Read one word of a list that must be given."""
    found = word(value, kind, name=name)
    if found is None:
        raise UnknownWord(
            f"The {name} is missing; take one of: {', '.join(member.value for member in kind)}."
        )
    return found


def country(value: object, *, name: str = "country") -> str | None:
    """Read an ISO 3166-1 alpha-2 code, territories and XK included; None for nothing. Raises UnknownWord."""
    found = line(value, name=name, limit=LINE)
    if found is None:
        return None
    code = found.upper()
    if code in _codes():
        return code
    raise UnknownWord(f"“{_shortened(found)}” is not the code of a {name}; {_advice(found)}.")


def language(value: object, *, name: str = "language") -> str | None:
    """Read the code of a language as ISO 639 has it (en, fr, ar); None for nothing. Raises UnknownWord."""
    found = line(value, name=name, limit=LINE)
    if found is None:
        return None
    if not re.fullmatch(r"[A-Za-z]{2,3}", found):
        raise UnknownWord(f"“{_shortened(found)}” is not the code of a {name}; write it like en, fr or ar.")
    return found.lower()


@cache
def _codes() -> dict[str, str]:
    return territory_names("en")


@cache
def _names() -> dict[str, str]:
    return {territory.casefold(): code for code, territory in _codes().items()}


def _advice(found: str) -> str:
    wanted = found.casefold()
    near = [wanted] if wanted in _names() else difflib.get_close_matches(wanted, _names(), n=3, cutoff=0.75)
    if near:
        return "write " + " or ".join(f"{_names()[one]} for {_codes()[_names()[one]]}" for one in near)
    return f"write one of the two-letter codes of ISO 3166-1: {', '.join(sorted(_codes()))}"


def _read(value: object, *, name: str, limit: int, may_hold: frozenset[str]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise UnwelcomeText(f"The {name} must be a text, not {value!r:.60}.")
    plain = unicodedata.normalize("NFC", value).strip()
    if len(plain) > limit:
        raise TooLong(f"The {name} has {len(plain)} characters; at most {limit} are kept. Shorten it.")
    for letter in plain:
        if letter in may_hold:
            continue
        if letter in _REORDERING or unicodedata.category(letter) in _UNSEEN:
            raise UnwelcomeText(
                f"The {name} holds a character that cannot be printed (U+{ord(letter):04X}); leave it out."
            )
    return plain or None


def _shortened(found: str) -> str:
    return found if len(found) <= 80 else found[:79] + "…"
