"""The columns of a .csv file: those that our own export writes, and what other programs call them."""

from typing import Final

from templates.text import slugify

TEXT_COLUMNS: Final = (
    "title", "reason", "venue", "city", "join_link", "theme", "local_times", "interpretation", "url",
    "source", "notes",
)  # fmt: skip
"""Columns whose cells are the field itself."""

COLUMNS: Final = (
    "slug", "uid", "title", "title_in", "mechanisms", "start", "end", "precision", "zone", "status", "kind",
    "city", "country", "venue", "mode", "latitude", "longitude", "join_link", "host", "theme", "themes",
    "sessions", "local_times", "interpretation", "url", "reason", "previous_start", "previous_end",
    "previous_zone", "moved_at", "source", "confidence", "visibility", "notes",
)  # fmt: skip
"""The columns of our own export, in their order: the names that `iscm meetings list --json` gives them."""

_READ_ONLY: Final = ("documents", "created_at", "previous_when")
_PASSED_OVER: Final = frozenset(
    {"private", "show-as", "priority", "sensitivity", "reminder-on-off", *_READ_ONLY}
)
_BESIDE: Final = ("location", "start_time", "end_time", "all_day")

# Keys are what slugify makes of a heading: capitals, accents and punctuation do not count.
_CALLED: Final = {
    "title": ("summary", "subject", "event", "event-name", "meeting", "name", "titre", "titulo"),
    "mechanisms": ("mechanism", "process", "iscm", "rcp", "mecanisme", "mecanismo"),
    "start": (
        "from", "start-date", "date", "first-day", "begin", "begins", "dtstart", "debut", "date-de-debut",
        "inicio", "fecha-de-inicio", "fecha",
    ),
    "end": (
        "to", "until", "end-date", "last-day", "ends", "dtend", "fin", "date-de-fin", "fecha-de-fin",
    ),
    "start_time": ("time", "from-time", "heure-de-debut", "hora-de-inicio"),
    "end_time": ("to-time", "heure-de-fin", "hora-de-fin"),
    "all_day": ("all-day-event", "allday"),
    "zone": ("timezone", "time-zone", "tz", "tzid"),
    "status": ("state", "statut", "estado"),
    "kind": ("type", "meeting-type", "type-of-meeting"),
    "city": ("town", "ville", "ciudad"),
    "country": ("country-code", "pays", "pais"),
    "location": ("place", "where", "lieu", "lugar"),
    "venue": ("building", "address"),
    "mode": ("format", "modality"),
    "latitude": ("lat",),
    "longitude": ("lon", "lng", "long"),
    "join_link": ("meeting-link", "online-link", "join-url", "conference"),
    "host": ("hosted-by", "host-country"),
    "sessions": ("session",),
    "url": ("website", "web", "web-page", "page", "link"),
    "interpretation": ("languages", "langues", "idiomas"),
    "uid": ("id", "event-id"),
    "reason": ("comment",),
}  # fmt: skip

_NAMES: Final = {
    **{slugify(name): name for name in (*COLUMNS, *_BESIDE)},
    **{word: name for name, words in _CALLED.items() for word in words},
}


def known_columns(headings: list[str]) -> tuple[dict[str, int], list[str]]:
    """Return the place of each column by our name for it, and the headings that are none of ours.

    Where two headings mean one column, the first one counts.
    """
    found: dict[str, int] = {}
    strange: list[str] = []
    for place, heading in enumerate(headings):
        word = slugify(heading)
        name = _NAMES.get(word)
        if name is not None and name not in found:
            found[name] = place
        elif (
            name is None
            and word
            and word not in _PASSED_OVER
            and word not in {slugify(one) for one in _READ_ONLY}
        ):
            strange.append(heading.strip())
    return found, strange
