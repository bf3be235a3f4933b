"""Which columns of somebody's file are ours."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from newsletter.readers_text import UnreadableFile

KNOWN: Final = ("address", "language", "name", "kind", "organisation", "post", "state")
"""The columns an import reads; others are passed over."""

_FIRST_LINE: Final = "Its first line must name them: address,language"

ColumnMap = Mapping[str, str]
"""The file's own names, by ours."""

_LIKE: Final = {
    "address": re.compile(r"e-?mail|mail|courriel|correo|adresse|direcci|address|بريد", re.IGNORECASE),
    "language": re.compile(r"^lang|idioma|sprache|لغة", re.IGNORECASE),
    "name": re.compile(r"^(full )?name$|^nom|nombre", re.IGNORECASE),
    "organisation": re.compile(r"organi[sz]|institution|ministr|company", re.IGNORECASE),
    "post": re.compile(r"^post$|function|fonction|cargo|position|title", re.IGNORECASE),
}


class BadMap(UnreadableFile):
    """The map names a column that is not there, or is no map."""


def read_map(text: str) -> ColumnMap:
    """Read `address=E-mail,language=Lang`; raise BadMap."""
    found: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        ours, equals, theirs = (one.strip() for one in part.partition("="))
        if not equals or not theirs or ours.lower() not in KNOWN:
            raise BadMap(
                f'"{part[:60]}" does not say which column is which. Write it like '
                f"address=E-mail,language=Lang; our columns are {', '.join(KNOWN)}."
            )
        found[ours.lower()] = theirs
    return found


def named_columns(headings: Sequence[str], columns: ColumnMap, *, file: str) -> dict[str, int]:
    """Return the place of each column of ours in the file. Raises BadMap, with the map that may be meant."""
    theirs = [" ".join(name.split()) for name in headings]
    places = {name.lower(): place for place, name in reversed(list(enumerate(theirs)))}
    shown = ", ".join(name[:40] for name in theirs[:20] if name) or "none"
    found: dict[str, int] = {ours: places[ours] for ours in KNOWN if ours in places}
    for ours, name in columns.items():
        place = places.get(" ".join(name.split()).lower())
        if place is None:
            raise BadMap(f'{file} has no column "{name}"; its columns are: {shown}.')
        found[ours] = place
    if "address" not in found:
        hint = _hint(theirs)
        how = (
            f' Say which is which: --map "{hint}"'
            if hint
            else " Its first line must name them: address,language"
        )
        raise BadMap(f"{file} has no column address; its columns are: {shown}. {how}")
    return found


def _hint(theirs: Sequence[str]) -> str:
    """Return the map that may be meant, empty where no column looks like addresses."""
    hint = {
        ours: next((name for name in theirs if name and "," not in name and like.search(name)), None)
        for ours, like in _LIKE.items()
    }
    return ",".join(f"{ours}={name}" for ours, name in hint.items() if name) if hint["address"] else ""
