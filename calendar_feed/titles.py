"""SUMMARY: `Mechanism – Title (City)`, less what the title repeats of the mechanism's name.

A phone shows some thirty letters of a title, so the name stands once and in front. Most titles hold it
already, as "of the Bali Process" or as "7th GFMD Summit". Where taking it out would leave a broken sentence
("Ministerial Conference launching the Khartoum Process") the title stays whole and gets no name in front.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from templates.text import one_line

_ARTICLE = r"(?:the\s+|la\s+|le\s+|el\s+|los\s+|las\s+|l['’])?"
# After "... of the Bali Process" a sentence goes on cleanly with these, and with nothing else.
_GOES_ON = r"(?=\s*$|\s*[,;:(]|\s+(?:on|in|at|with|before|to|sobre|sur)\s|\s+and\s+(?!the\b)[a-z])"
# What may not follow a name that is to be read as an adjective ("7th GFMD Summit"): then it was a noun.
_NO_NOUN = r"(?:and|or|of|on|in|at|for|with|to|by|as|is|from|before|after|y|de|del|sobre|et|du|sur)\b"
_ORDINAL = r"(?:\d+(?:st|nd|rd|th)|\d+[ªºa°]?|[IVXLC]+)"
_HEAD_WORD = re.compile(r"[^\W\d_]{4,}")
_ROMAN = re.compile(r"[IVXLC]+")
_SHORTEST_PART = 5
"""The beginning of a full name counts as the name from this many words on, if the short name begins alike."""


def event_title(
    title: str, *, prefix: str, names: Sequence[Sequence[str]], place: str | None, places: Iterable[str] = ()
) -> str:
    """Return the title as a calendar shows it, without any prefix of state.

    `prefix` is the mechanism's short name (several joined by " / "); `names` holds every name in use of each
    mechanism, its short name first; `place` is what stands in brackets (a city, "Brussels + online",
    "online"), `places` the names that a title may end with and that would then stand twice.
    """
    trimmed = _without_place(short_title(title, names=names), place=place, places=places)
    named = [any(_occurs(form, trimmed) for form in _forms(tuple(own))) for own in names]
    # The title of a joint meeting that names only some of its mechanisms still needs the others in front.
    whole = bool(named) and all(named)
    text = trimmed if whole or not prefix else f"{prefix} – {_capitalised(trimmed)}"
    return one_line(f"{text} ({place})" if place else text)


def short_title(title: str, *, names: Sequence[Sequence[str]]) -> str:
    """Return the title without the mechanism's name, or the whole title when no clean way is found."""
    title = one_line(title)
    forms = [form for own in names for form in _forms(tuple(own))]
    for form in forms:
        for pattern in _ways(form):
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
            rf"(?<=\w\s)(?<!\b[Aa]\s)(?<!\b[Aa]n\s){form}\s+(?!{_NO_NOUN})(?=\w)",
        )
    )


def _is_clean(text: str, forms: Iterable[str]) -> bool:
    """Say whether what is left still says what sort of meeting it is, names nothing twice and reads on."""
    if any(_occurs(form, text) for form in forms):
        return False
    if re.search(rf"\b{_ORDINAL}\s+\d", text):  # "2nd 2022-2023 preparatory meetings"
        return False
    return any(not _ROMAN.fullmatch(word) for word in _HEAD_WORD.findall(re.sub(r"\(.*?\)", "", text)))


def _occurs(form: str, text: str) -> bool:
    return _compiled(form).search(text) is not None


@lru_cache(maxsize=4096)
def _compiled(form: str) -> re.Pattern[str]:
    """Compile once: there are more forms than the re module remembers."""
    return re.compile(form)


@lru_cache(maxsize=1024)
def _forms(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return patterns for every way of writing a mechanism's name, the longest first."""
    spellings: set[str] = set()
    for name in names:
        bare = re.sub(r"\s*\([^)]*\)", "", name).strip()
        spellings |= {name, bare}
        if bare.endswith("-RCP"):
            spellings |= {f"{bare[:-4]} RCP", f"{bare[:-4]} Regional Consultative Process"}
        spellings.update(_beginnings(bare, short=names[0]))
    ordered = sorted((spelling for spelling in spellings if spelling), key=lambda text: (-len(text), text))
    return tuple(_pattern(spelling) for spelling in ordered)


def _beginnings(name: str, *, short: str) -> Iterable[str]:
    """Return beginnings of a long name that titles use, as "ASEM Conference of Directors General"."""
    for joint in re.finditer(r"\s+and\s+|,\s+|\s+in the\s+|\s+of the\s+", name):
        words = name[: joint.start()].split()
        if len(words) >= _SHORTEST_PART and words[:2] == short.split()[:2]:
            yield " ".join(words)


def _pattern(spelling: str) -> str:
    """Return a pattern for one spelling: any space, any apostrophe; capitals matter only in acronyms."""
    words = re.escape(re.sub(r"\s+", " ", spelling)).replace(r"\ ", r"\s+")
    words = re.sub("['’ʻ]", "['’ʻ]", words)
    # "ADD" is the Abu Dhabi Dialogue, "add" is a word.
    body = words if spelling.upper() == spelling or " " not in spelling else f"(?i:{words})"
    return rf"(?<!\w)(?:{body})(?!\w)"


def _without_place(title: str, *, place: str | None, places: Iterable[str]) -> str:
    """Return the title without a place at its end that follows in brackets anyway; a year after it stays."""
    if not place:
        return title
    for name in sorted({*places, place}, key=lambda text: (-len(text), text)):
        shorter = re.sub(rf"(?:,\s*{re.escape(name)}|\s*\({re.escape(name)}\))(\s+\d{{4}})?$", r"\1", title)
        if shorter != title and shorter:
            return shorter
    return title


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
