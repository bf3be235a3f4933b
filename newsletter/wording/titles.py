"""Titles of meetings as they read under their mechanism's heading, and in the middle of a sentence."""

import re
from typing import Final

from models.meeting import Kind, Mode
from newsletter.facts import MechanismFacts, MeetingFacts

_OF: Final = r"(?:of the|of|del|de la|de l['’]|de|du)"
# What may follow a name that is taken out. Before another noun ("of the Bali Process Consultation Mechanism")
# the name belongs to that noun and stays.
_NAME_ENDS: Final = r"(?=$|\s*[,(:;–]|\s+(?:and|before|after|on|in|at|for|to|with|held)\b)"
_ORDINAL: Final = r"(?:\d+(?:st|nd|rd|th)|[IVXLC]+)"
_LED_INTO: Final = re.compile(
    rf"\s+(?:before|ahead of|leading to|preparing)\s+the\s+(?:{_ORDINAL}\s+)?(?:Vice-)?Ministerial\b.*$"
)
_FOREIGN: Final = frozenset(
    [
        "conferencia",
        "congreso",
        "consulta",
        "cumbre",
        "de",
        "del",
        "des",
        "du",
        "en",
        "encuentro",
        "et",
        "la",
        "las",
        "le",
        "les",
        "los",
        "ministérielle",
        "para",
        "pour",
        "reunión",
        "reunión",
        "regional",
        "réunion",
        "seminario",
        "sobre",
        "sommet",
        "sur",
        "taller",
        "atelier",
        "conférence",
        "y",
    ]
)
_ENGLISH: Final = frozenset(
    ["the", "of", "meeting", "conference", "on", "and", "for", "consultation", "workshop", "forum", "process"]
)


def shown_title(meeting: MeetingFacts, told_by: MechanismFacts | None, country: str | None = None) -> str:
    """Return a meeting's title without what its heading and its place say already.

    Taken out: "of the <mechanism>" under any of its names, a mechanism's name of several words in front
    ("Rabat Process Steering Committee"), its name in brackets or after a colon, and a place at the end. A
    title that would lose its noun stays whole. country is the name of the meeting's State.
    """
    title = _without_place(" ".join(meeting.title.split()), meeting, country)
    if told_by is None:
        return title
    for name in told_by.names:
        title = _without_name(title, name)
    return title


def _without_place(title: str, meeting: MeetingFacts, country: str | None) -> str:
    for spot in filter(None, (meeting.city, country)):
        year = f"(?: {meeting.when.first.year})?" if meeting.when.first else ""
        title = _unless_bare(title, re.sub(rf",? *[,(] *{re.escape(spot)}{year}\)?$", "", title))
    if meeting.mode is Mode.ONLINE:
        title = _unless_bare(title, re.sub(r"\s*\((?:online|virtual)\)$", "", title, flags=re.IGNORECASE))
    return title


def _without_name(title: str, name: str) -> str:
    known = re.escape(name)
    shorter = re.sub(rf"\s+{_OF}\s*(?<=[\s'’]){known}{_NAME_ENDS}", "", title)
    shorter = re.sub(rf"\s*(?:\({known}\)|:\s*(?:the\s+)?{known})$", "", shorter)
    if " " in name:
        # Short names of one word belong to the title ("MIDWA Conference 2015", "RIAM Congress").
        shorter = re.sub(rf"^{known}\s+(?=[A-Z\d])", "", shorter)
    return _unless_bare(title, shorter)


def _unless_bare(title: str, shorter: str) -> str:
    """Keep the title whole where only an ordinal or a year would be left of it."""
    left = re.sub(rf"\b(?:{_ORDINAL}|\d{{4}}|the|The)\b", "", shorter).strip()
    return shorter.strip() if any(letter.isalpha() for letter in left) else title


def without_what_it_leads_into(title: str) -> str:
    """Return a senior officials' title without "before the 6th Ministerial Conference", told beside it."""
    return _LED_INTO.sub("", title)


def in_sentence(title: str, kind: Kind) -> str:
    """Return a title as it stands after "the": "first MIDCOM meeting", "4th Senior Officials' Meeting".

    The name of a side event, a webinar, a workshop or a training after a colon goes into quotation marks.
    """
    title = re.sub(r"^The\s+", "", title)
    if kind in {Kind.SIDE_EVENT, Kind.WEBINAR, Kind.WORKSHOP, Kind.TRAINING} and ": " in title:
        label, _, name = title.partition(": ")
        title = f"{label} “{name[:1].upper()}{name[1:]}”"
    first, _, rest = title.partition(" ")
    is_plain_word = first[:1].isupper() and first[1:].replace("-", "").islower()
    # A small letter after it says that the first word is a plain adjective, unless the phrase ends with it.
    is_adjective = rest[:1].islower() and not re.match(
        r"(?:and|between|for|in|launching|of|on|to|with)\b", rest
    )
    return f"{first.lower()} {rest}" if is_plain_word and is_adjective else title


def is_foreign(title: str) -> bool:
    """Say whether a title is written in Spanish or French, so that no English article may stand before it."""
    words = re.findall(r"[^\W\d_]+", title.casefold())
    return not _ENGLISH.intersection(words) and sum(word in _FOREIGN for word in words) >= 2


def with_the(title: str, kind: Kind) -> str:
    """Return a title with its article, for the middle of a sentence; a foreign title stands as it is."""
    return title if is_foreign(title) else f"the {in_sentence(title, kind)}"


def opening(sentence: str) -> str:
    """Return the sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]
