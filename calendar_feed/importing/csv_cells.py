"""The cells of a .csv file: written so that a spreadsheet harms nothing, and read as people write them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from babel import Locale

from calendar_feed.importing.location_reading import country_named
from calendar_feed.importing.properties import UnreadableEvent
from calendar_feed.importing.title_reading import LANGUAGES
from models import plain_text

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DOTTED: Final = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
_WORDED: Final = re.compile(r"(?:(\d{1,2})\s+(?:de\s+)?)?([^\W\d]+\.?)(?:\s+(?:de\s+)?|,\s*)(\d{4})")
_CLOCK: Final = re.compile(r"(\d{1,2})[:.h](\d\d)(?::\d\d)?\s*([ap])?\.?m?\.?", re.IGNORECASE)


def text_cell(value: str | None) -> str:
    """Return a text as a cell; an apostrophe keeps a spreadsheet from taking it for a formula."""
    if not value:
        return ""
    return f"'{value}" if value.startswith((*_FORMULA, "'")) else value


def read_text(cell: str) -> str:
    """Return the text of a cell, without the apostrophe that text_cell puts before it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell


def list_cell(values: Iterable[str]) -> str:
    """Return a list as a cell, one item a line."""
    return "\n".join(values)


def read_list(cell: str, *, separators: str) -> list[str]:
    """Return the items of a cell, one a line; `separators` part them too where all stand in one line."""
    parts = cell.splitlines() if "\n" in cell or not separators else re.split(f"[{separators}]", cell)
    return [part.strip() for part in parts if part.strip()]


def read_degrees(cell: str, *, name: str) -> float:
    """Return degrees, a comma being read as a point. Raises UnreadableEvent."""
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        raise UnreadableEvent(f"The {name} “{cell:.40}” is not a number of degrees.") from None


def read_country(cell: str, *, name: str) -> str | None:
    """Return the code of a country that is given by its code or its name. Raises UnknownWord."""
    return country_named(cell) or plain_text.country(cell, name=name)


def day_first(cells: Iterable[str]) -> bool | None:
    """Say whether dates with slashes begin with the day, from all those of a file; None if none tells."""
    firsts, seconds = False, False
    for cell in cells:
        if found := _SLASHED.match(cell.strip()):
            firsts, seconds = firsts or int(found[1]) > 12, seconds or int(found[2]) > 12
    return None if firsts == seconds else firsts


def read_date(cell: str, *, is_day_first: bool | None) -> str:
    """Return a date as When.parse reads it; what is written in no form known here is returned as it stands.

    Raises UnreadableEvent for 06/08/2027 where the file does not show whether that is June or August.
    """
    plain = " ".join(cell.split())
    if found := _DOTTED.fullmatch(plain):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if found := _SLASHED.fullmatch(plain):
        if is_day_first is None and found[1] != found[2]:
            raise UnreadableEvent(f"“{plain}” may be two dates; write it like 2027-06-08.")
        day, month = (found[1], found[2]) if is_day_first else (found[2], found[1])
        return f"{found[3]}-{int(month):02d}-{int(day):02d}"
    if found := _WORDED.fullmatch(plain):
        number = _months().get(found[2].rstrip(".").casefold())
        if number is not None:
            return f"{found[3]}-{number:02d}" + (f"-{int(found[1]):02d}" if found[1] else "")
    return plain.replace("T", " ") if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]+", plain) else plain


def read_clock(cell: str) -> str:
    """Return an hour as HH:MM, also of 9:30 AM; raises UnreadableEvent."""
    found = _CLOCK.fullmatch(cell.strip())
    if found is None:
        raise UnreadableEvent(f"“{cell:.40}” is not an hour; write it like 09:30.")
    hour = int(found[1]) % 12 + (12 if found[3].lower() == "p" else 0) if found[3] else int(found[1])
    return f"{hour:02d}:{found[2]}"


def _months() -> Mapping[str, int]:
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            names: Mapping[int, Any] = Locale.parse(language).months["format"][width]
            found |= {str(name).rstrip(".").casefold(): number for number, name in names.items()}
    return found
