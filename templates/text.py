"""Plain text: cleaned for publication, joined into lists, and turned into addresses."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from babel.lists import format_list

from templates.languages import ENGLISH, locale_of

# Letters that Unicode does not decompose into a base letter and a mark.
_BASE_LETTERS: Final = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th",
        "‘": "", "’": "", "'": "", "ʻ": "",
    },
)  # fmt: skip

# C0 and C1 controls less tab and newline, lone surrogates, byte order mark, and the controls that reorder
# text: none can be seen, some are refused by XML and iCalendar readers, and the last can make a title lie.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]",
)
_LINE_ENDS: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BLANKS: Final = re.compile(r"\s+")
_NOT_IN_ADDRESSES: Final = re.compile(r"[^a-z0-9]+")


def clean_text(text: str) -> str:
    r"""Return `text` in NFC with `\n` line ends and without characters that no reader may be sent.

    Tabs and newlines stay. Cleaning twice changes nothing more.
    """
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)))


def one_line(text: str) -> str:
    """Return `text` cleaned and with every run of white space, line ends too, as one space; for titles."""
    return _BLANKS.sub(" ", clean_text(text)).strip()


def slugify(text: str) -> str:
    """Return `text` as a word for an address: ASCII lower-case letters, digits and single hyphens.

    Marks are dropped (`Türkiye` is `turkiye`); letters without a Latin base vanish, so it may be empty.
    """
    base = unicodedata.normalize("NFKD", text.casefold().translate(_BASE_LETTERS))
    bare = "".join(letter for letter in base if not unicodedata.combining(letter))
    return _NOT_IN_ADDRESSES.sub("-", bare).strip("-")


def sorting_key(name: str) -> str:
    """Return what a name is sorted by in lists that people read: small letters without their marks."""
    base = unicodedata.normalize("NFKD", name.casefold().translate(_BASE_LETTERS))
    return "".join(letter for letter in base if not unicodedata.combining(letter))


def joined(items: Sequence[str], *, language: str = ENGLISH) -> str:
    """Return `items` as the language writes a list in a sentence: `a, b and c`."""
    return format_list(list(items), locale=locale_of(language))


def parted(items: Sequence[str], *, language: str = ENGLISH) -> str:
    """Return `items` one after the other, parted as the language parts them: `Palais des Nations, Geneva`."""
    return ("، " if language == "ar" else ", ").join(items)
