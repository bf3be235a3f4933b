"""SUMMARY: `Mechanism – Title (City)`, less what the title repeats of the mechanism's name.

A phone shows some thirty letters of a title, so the name stands once and in front. Most titles hold it
already, as "of the Bali Process" or as "7th GFMD Summit". Where taking it out would leave a broken sentence
("Ministerial Conference launching the Khartoum Process") the title stays whole and gets no name in front.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from templates.text import one_line

_ARTICLE = r"(?:the\s+|la\s+|le\s+|el\s+|los\s+|las\s+|l['’])?"
# After "... of the Bali Process" a sentence goes on cleanly with these, and with nothing else.
_GOES_ON = r"(?=\s*$|\s*[,;:(]|\s+(?:on|in|at|with|before|to|sobre|sur)\s|\s+and\s+(?!the\b)[a-z])"
# What may not follow a name that is to be read as an adjective ("7th GFMD Summit"): then it was a noun.
_NO_NOUN = r"(?:and|or|of|on|in|at|for|with|to|by|as|is|from|before|after|y|de|del|sobre|et|du|sur)\b"
# Nor before it: "Réunion du Processus de Rabat 2025" is no "Réunion du 2025", while "de 2025" would do.
_NOT_OF = r"(?<!\b(?:du|au)\s)(?<!\b(?:des|aux)\s)"
_ORDINAL = r"(?:\d+(?:st|nd|rd|th)|\d+[ªºa°]?|[IVXLC]+)"
_HEAD_WORD = re.compile(r"[^\W\d_]{4,}")
_ROMAN = re.compile(r"[IVXLC]+")
_ARABIC_ARTICLE = "ال"
_SHORTEST_PART = 5
"""The beginning of a full name counts as the name from this many words on, if the short name begins alike."""


class Form(NamedTuple):
    """One way of writing a mechanism's name: a pattern, and a word without which it is not to be found."""

    pattern: str
    hint: str


def bare_title(title: str, *, names: Sequence[Sequence[str]], places: Iterable[str] = ()) -> tuple[str, bool]:
    """Return a title without what stands before and behind it anyway, and whether it names its mechanisms.

    `names` holds every name in use of each mechanism; `places` are those that follow in brackets. The title
    of a joint meeting that names only some of its mechanisms still needs all of them in front.
    """
    bare = _without_place(short_title(title, names=names), places=places)
    named = [any(_occurs(form, bare) for form in _forms(tuple(own))) for own in names]
    return bare, bool(named) and all(named)


def headed_title(bare: str, *, prefix: str, place: str | None) -> str:
    """Return a title as a calendar shows it: behind the mechanism, before the place in brackets."""
    text = f"{prefix} – {bare}" if prefix else bare
    return f"{text} ({place})" if place else text


def capitalised(text: str) -> str:
    """Return a text with a capital letter in front; the rest stays."""
    return text[:1].upper() + text[1:]


def short_title(title: str, *, names: Sequence[Sequence[str]]) -> str:
    """Return the title without the mechanism's name, or the whole title when no clean way is found."""
    return _short_title(title, tuple(tuple(own) for own in names))


@lru_cache(maxsize=512)
def _short_title(title: str, names: tuple[tuple[str, ...], ...]) -> str:
    title = one_line(title)
    forms = [form for own in names for form in _forms(own)]
    folded = title.casefold()
    for form in forms:
        if form.hint not in folded:
            continue
        for pattern in _ways(form.pattern):
            shorter, cuts = pattern.subn("", title, count=1)
            if cuts and _is_clean(shorter, forms):
                return re.sub(r"\s{2,}", " ", shorter).strip(" ,;:–-")
    return title


@lru_cache(maxsize=4096)
def _ways(form: str) -> tuple[re.Pattern[str], ...]:
    """Return the ways in which a name can be cut out of a title, the cleanest first."""
    return tuple(
        re.compile(way)
        for way in (
            rf"\s*[:,–]\s*{_ARTICLE}{form}\s*$",
            rf"\s*\(\s*{form}\s*\)",
            rf"\s+(?:of|de|del|du|des)\s+{_ARTICLE}{form}{_GOES_ON}",
            rf"^\s*(?:The\s+)?{form}\s*[:–]\s+",
            rf"^\s*(?:The\s+)?{form}\s+(?!{_NO_NOUN})(?=\w)",
            rf"(?<=\w\s)(?<!\b[Aa]\s)(?<!\b[Aa]n\s){_NOT_OF}{form}\s+(?!{_NO_NOUN})(?=\w)",
            rf"\s+(?:في\s+{form}|(?=ل){form})(?=\s*(?:$|[،:(]))",
        )
    )


def _is_clean(text: str, forms: Iterable[Form]) -> bool:
    """Say whether what is left still says what sort of meeting it is, names nothing twice and reads on."""
    if any(_occurs(form, text) for form in forms):
        return False
    if re.search(rf"\b{_ORDINAL}\s+\d", text):  # "2nd 2022-2023 preparatory meetings"
        return False
    return any(not _ROMAN.fullmatch(word) for word in _HEAD_WORD.findall(re.sub(r"\(.*?\)", "", text)))


def _occurs(form: Form, text: str) -> bool:
    return form.hint in text.casefold() and _compiled(form.pattern).search(text) is not None


@lru_cache(maxsize=4096)
def _compiled(form: str) -> re.Pattern[str]:
    """Compile once: there are more forms than the re module remembers."""
    return re.compile(form)


@lru_cache(maxsize=1024)
def _forms(names: tuple[str, ...]) -> tuple[Form, ...]:
    """Return patterns for every way of writing a mechanism's name, the longest first."""
    spellings: set[str] = set()
    for name in names:
        bare = re.sub(r"\s*\([^)]*\)", "", name).strip()
        spellings |= {name, bare}
        if bare.endswith("-RCP"):
            spellings |= {f"{bare[:-4]} RCP", f"{bare[:-4]} Regional Consultative Process"}
        spellings.update(_beginnings(bare, short=names[0]))
    ordered = sorted((spelling for spelling in spellings if spelling), key=lambda text: (-len(text), text))
    return tuple(Form(_pattern(spelling), _hint(spelling)) for spelling in ordered)


def _beginnings(name: str, *, short: str) -> Iterable[str]:
    """Return beginnings of a long name that titles use, as "ASEM Conference of Directors General"."""
    for joint in re.finditer(r"\s+and\s+|,\s+|\s+in the\s+|\s+of the\s+", name):
        words = name[: joint.start()].split()
        if len(words) >= _SHORTEST_PART and words[:2] == short.split()[:2]:
            yield " ".join(words)


def _pattern(spelling: str) -> str:
    """Return a pattern for one spelling: any space, any apostrophe; capitals matter only in acronyms."""
    words = re.escape(re.sub(r"\s+", " ", spelling)).replace(r"\ ", r"\s+")
    words = _arabic(re.sub("['’ʻ]", "['’ʻ]", words))
    # "ADD" is the Abu Dhabi Dialogue, "add" is a word.
    body = words if spelling.upper() == spelling or " " not in spelling else f"(?i:{words})"
    return rf"(?<!\w)(?:{body})(?!\w)"


def _arabic(words: str) -> str:
    """Return an Arabic name as it stands alone and with the preposition written into it; others as given."""
    if words.startswith(_ARABIC_ARTICLE):
        return f"(?:{_ARABIC_ARTICLE}|لل){words.removeprefix(_ARABIC_ARTICLE)}"
    return f"ل?{words}" if re.match("[ء-ي]", words) else words


def _hint(spelling: str) -> str:
    """Return the longest run of letters and digits, in which no apostrophe or space may vary."""
    return max(re.findall(r"[^\W_]+", spelling.casefold().removeprefix(_ARABIC_ARTICLE)), key=len, default="")


def _without_place(title: str, *, places: Iterable[str]) -> str:
    """Return the title without a place at its end that follows in brackets anyway; a year after it stays."""
    for name in sorted(set(places), key=lambda text: (-len(text), text)):
        shorter = re.sub(rf"(?:,\s*{re.escape(name)}|\s*\({re.escape(name)}\))(\s+\d{{4}})?$", r"\1", title)
        if shorter != title and shorter:
            return shorter
    return title
