"""Letters as search compares them: without accents, case and marks, so that both databases find the same."""

import unicodedata
from collections.abc import Sequence
from typing import Final

# What Unicode does not decompose into a base letter and a mark; and letters of Arabic and Persian that are
# written one for the other. The tatweel only stretches a word; apostrophe letters are left out by most.
_BASE_LETTERS: Final = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th", "ħ": "h",
        "ŋ": "n", "ə": "e", "ʻ": "", "ʼ": "", "\u02bf": "", "\u02be": "",
        "\u0640": "", "ٱ": "ا", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ہ": "ه",
    },
)  # fmt: skip
_UNSEEN: Final = {"Mn", "Me", "Cf"}
_MOST_STEPS: Final = 4


class _Folding(dict[int, str]):
    """The folded form of every letter, for `str.translate`; each is worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded_letter(chr(code))
        return folded


class _Uneven(dict[int, str]):
    """Something for every letter that folding leaves out or makes several of, nothing for the others."""

    def __missing__(self, code: int) -> str:
        self[code] = uneven = "" if len(FOLDING[code]) == 1 else "x"
        return uneven


def _folded_letter(letter: str) -> str:
    found = letter
    for _ in range(_MOST_STEPS):
        opened = unicodedata.normalize("NFKD", found.casefold().translate(_BASE_LETTERS))
        bare = "".join(one for one in opened if unicodedata.category(one) not in _UNSEEN)
        if bare == found:
            break
        found = bare
    return "".join(_word_letter(one) for one in found)


def _word_letter(letter: str) -> str:
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    # Vowel signs that take room of their own (Mc) belong to words of Indic scripts.
    return letter if letter.isalnum() or unicodedata.category(letter) == "Mc" else " "


FOLDING: Final = _Folding()
"""By code point: nothing for marks, a space for what stands between words, else small bare letters."""

_UNEVEN: Final = _Uneven()


def fold(text: str) -> str:
    """Return the words of a text as search compares them, one space between them.

    `Türkiye’s 2nd COP` is `turkiye s 2nd cop`; what holds no word is empty. Folding twice changes nothing.
    """
    return " ".join(text.translate(FOLDING).split())


def placed_fold(text: str) -> tuple[str, Sequence[int]]:
    """Return a text folded with a space before and after it, and where each letter of that comes from.

    Unlike `fold` it leaves every space where it is. The places count the characters of `text`; the last two
    are its length.
    """
    if not text.translate(_UNEVEN):
        return f" {text.translate(FOLDING)} ", (0, *range(len(text)), len(text), len(text))
    letters, places = [" "], [0]
    for place, letter in enumerate(text):
        for one in FOLDING[ord(letter)]:
            letters.append(one)
            places.append(place)
    return "".join(letters) + " ", (*places, len(text), len(text))
