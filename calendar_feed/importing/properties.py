"""One property of an event: its name, its parameters and its value, as icalendar reads a content line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from icalendar.parser import Contentline

from calendar_feed.importing.components import RECORD, RawEvent
from models.refusal import Refusal
from templates.text import clean_text

_LONGEST: Final = 20_000
"""How many bytes of a value are looked at; a description beyond that holds nothing that is taken."""
_LONGEST_RECORD: Final = 200_000
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_LIST_ITEM: Final = re.compile(r"((?:[^\\,]|\\(?:.|$))*+)(?:,|$)", re.DOTALL)


class UnreadableEvent(Refusal):
    """One event, or one row, cannot be read; the others can."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property. `value` is as it stands in the file, still escaped."""

    name: str
    parameters: Mapping[str, str]
    value: str
    line: int

    @property
    def text(self) -> str:
        """The value as TEXT (RFC 5545, 3.3.11), cleaned."""
        return clean_text(_ESCAPED.sub(_plain, self.value)).strip()

    @property
    def texts(self) -> list[str]:
        """The values of a list of TEXT."""
        found = (clean_text(_ESCAPED.sub(_plain, one)).strip() for one in split_list(self.value))
        return [one for one in found if one]


def read_properties(event: RawEvent) -> dict[str, list[Property]]:
    """Return the kept properties of an event by name; raise UnreadableEvent for one that is no property."""
    found: dict[str, list[Property]] = {}
    for number, line in event.lines:
        one = _read(number, line)
        found.setdefault(one.name, []).append(one)
    return found


def split_list(value: str) -> list[str]:
    """Split at commas that are not escaped."""
    return [match[1] for match in _LIST_ITEM.finditer(value) if match[0]]


def _read(number: int, line: bytes) -> Property:
    head, _, value = line.partition(b":")
    if (
        head.upper() == RECORD.encode()
    ):  # it may be long, has no parameters, and is read letter by letter below
        return Property(RECORD, {}, value[:_LONGEST_RECORD].decode("utf-8"), number)
    try:
        name, parameters, text = _raw_parts(line[:_LONGEST].decode("utf-8", errors="ignore"))
    except ValueError as error:
        raise UnreadableEvent(
            f"Line {number} is no property of a calendar: “{line[:60].decode('utf-8', errors='replace')}”."
        ) from error
    plain = {str(key).upper(): _first(one) for key, one in parameters.items()}
    return Property(str(name).upper(), plain, str(text), number)


def _raw_parts(line: str) -> tuple[Any, Mapping[Any, Any], Any]:
    found: tuple[Any, Mapping[Any, Any], Any] = Contentline(line).raw_parts()  # type: ignore[no-untyped-call]  # it has none
    return found


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else str(value)


def _plain(escaped: re.Match[str]) -> str:
    return "\n" if escaped[1] in "nN" else escaped[1]
