"""The fields of a record as plain JSON values: how each is checked, read from the record and written to it.

One table of fields per kind of record serves the editors' changes, the bundled registry and the revisions, so
that all three mean the same thing by a field.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final

from models import plain_text
from models.base import Facts, InLanguages
from models.known import Known
from models.plain_text import UnwelcomeText
from models.when import ImpossibleDate, Precision, When
from templates.languages import ENGLISH


class UnknownField(UnwelcomeText):
    """The record has no field of that name."""


Check = Callable[[Any], Any]
Read = Callable[[Any], Any]
Write = Callable[[Any, Any, Known], None]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. check turns what was written into its JSON value or refuses it; write takes that value."""

    name: str
    check: Check
    read: Read
    write: Write


class Fields:
    """The fields of one kind of record, in the order in which they are shown and written."""

    def __init__(self, kind: str, *fields: Field, code: Callable[[Any], str] = attrgetter("slug")) -> None:
        """Take the kind, as revisions name it, its fields, and what tells one record from all others."""
        self.kind = kind
        self.code = code
        self._fields = {field.name: field for field in fields}

    def __iter__(self) -> Iterator[str]:
        """Give the names of the fields."""
        return iter(self._fields)

    def check(self, written: Mapping[str, Any]) -> Facts:
        """Return what was written as JSON values. Raises a Refusal that names the field and the reason."""
        unknown = sorted(set(written) - set(self._fields))
        if unknown:
            raise UnknownField(
                f"A {self.kind} has no field “{unknown[0]}”; it has: {', '.join(self._fields)}."
            )
        return {name: field.check(written[name]) for name, field in self._fields.items() if name in written}

    def facts(self, record: object) -> Facts:
        """Read the whole record."""
        return {name: field.read(record) for name, field in self._fields.items()}

    def assign(self, record: object, facts: Mapping[str, Any], known: Known) -> None:
        """Write checked values. Hand in only what differs: writing a field marks its record as changed."""
        for name, field in self._fields.items():
            if name in facts:
                field.write(record, facts[name], known)


def column(name: str, check: Check, *, attribute: str | None = None) -> Field:
    """Make a field that is one column whose Python value is its JSON value."""
    key = attribute or name

    def write(record: object, value: object, known: Known) -> None:
        del known
        setattr(record, key, value)

    return Field(name, check, lambda record: getattr(record, key), write)


def line(name: str, limit: int = plain_text.LINE) -> Field:
    """Make a field of one line, or None."""
    return column(name, lambda value: plain_text.line(value, name=spoken(name), limit=limit))


def required_line(name: str, limit: int = plain_text.LINE) -> Field:
    """Make a field of one line that is never empty."""
    return column(name, lambda value: plain_text.required_line(value, name=spoken(name), limit=limit))


def text(name: str, limit: int = plain_text.TEXT) -> Field:
    """Make a field of several lines, or None."""
    return column(name, lambda value: plain_text.text(value, name=spoken(name), limit=limit))


def in_languages(name: str, limit: int = plain_text.LINE, *, several_lines: bool = False) -> Field:
    """Make a field with the words of another one in other languages than English: {"fr": ..., "ar": ...}.

    A language that says nothing is left out.
    """
    take = plain_text.text if several_lines else plain_text.line

    def check(value: object) -> InLanguages:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise UnwelcomeText(f"The {spoken(name)} must be given by language, not {value!r:.60}.")
        found = {
            _other_language(code): take(text, name=spoken(name), limit=limit) for code, text in value.items()
        }
        return {code: text for code, text in sorted(found.items()) if text}

    return column(name, check)


def _other_language(value: object) -> str:
    code = plain_text.language(value)
    if code is None or code == ENGLISH:
        raise UnwelcomeText("English stands in the field itself; name another language, like fr, es or ar.")
    return code


def web_address(name: str) -> Field:
    """Make a field that is an http or https address, or None."""
    return column(name, lambda value: plain_text.web_address(value, name=spoken(name)))


def country(name: str) -> Field:
    """Make a field that is an ISO 3166-1 alpha-2 code, or None."""
    return column(name, lambda value: plain_text.country(value, name=spoken(name)))


def language(name: str) -> Field:
    """Make a field that is the code of a language (ISO 639-1), or None."""
    return column(name, lambda value: plain_text.language(value, name=spoken(name)))


def flag(name: str) -> Field:
    """Make a field that is true or false."""

    def check(value: object) -> bool:
        if not isinstance(value, bool):
            raise UnwelcomeText(f"The {spoken(name)} must be true or false, not {value!r:.60}.")
        return value

    return column(name, check)


def whole_number(name: str, *, least: int, most: int, required: bool = False) -> Field:
    """Make a field that is a whole number between two bounds, or None unless required."""

    def check(value: object) -> int | None:
        if value is None and not required:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise UnwelcomeText(
                f"The {spoken(name)} must be a whole number from {least} to {most}, not {value!r:.60}."
            )
        return value

    return column(name, check)


def degrees(name: str, *, most: float) -> Field:
    """Make a field that is an angle in degrees between -most and most, or None.

    It is kept to the sixth decimal, some ten centimetres, which is what calendars are told: never minus zero.
    """

    def check(value: object) -> float | None:
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or not -most <= value <= most:
            raise UnwelcomeText(
                f"The {spoken(name)} must be degrees from -{most:g} to {most:g}, not {value!r:.60}."
            )
        return round(float(value), 6) + 0.0

    return column(name, check)


def word(name: str, kind: type[StrEnum], *, required: bool = False) -> Field:
    """Make a field that is a word of a list, or None unless required."""
    take = plain_text.required_word if required else plain_text.word

    def read(record: object) -> str | None:
        value = getattr(record, name)
        return None if value is None else kind(value).value

    def write(record: object, value: str | None, known: Known) -> None:
        del known
        setattr(record, name, None if value is None else kind(value))

    return Field(name, lambda value: take(value, kind, name=spoken(name)), read, write)


def lines(name: str, *, unknown: bool = False) -> Field:
    """Make a field that is a list of lines; with unknown, None is allowed and means not known."""
    return column(name, lambda value: check_lines(value, name=spoken(name), unknown=unknown))


def check_lines(value: object, *, name: str, unknown: bool = False) -> list[str] | None:
    """Read a list of lines, each of which says something."""
    if value is None:
        return None if unknown else []
    if not isinstance(value, list | tuple):
        raise UnwelcomeText(f"The {name} must be a list, not {value!r:.60}.")
    return [plain_text.required_line(one, name=name) for one in value]


def moment(name: str) -> Field:
    """Make a field that is an instant, written as ISO 8601 with its offset, or None."""

    def check(value: object) -> str | None:
        found = plain_text.line(value, name=spoken(name))
        return None if found is None else datetime.fromisoformat(found).isoformat()

    def read(record: object) -> str | None:
        value: datetime | None = getattr(record, name)
        return None if value is None else value.isoformat()

    def write(record: object, value: str | None, known: Known) -> None:
        del known
        setattr(record, name, None if value is None else datetime.fromisoformat(value))

    return Field(name, check, read, write)


def day(name: str) -> Field:
    """Make a field that is a day, written YYYY-MM-DD, or None."""

    def read(record: object) -> str | None:
        value: date | None = getattr(record, name)
        return None if value is None else value.isoformat()

    def write(record: object, value: str | None, known: Known) -> None:
        del known
        setattr(record, name, None if value is None else date.fromisoformat(value))

    return Field(name, lambda value: check_day(value, name=spoken(name)), read, write)


def check_day(value: object, *, name: str) -> str | None:
    """Read a day as YYYY-MM-DD."""
    found = plain_text.line(value, name=name)
    if found is None:
        return None
    when = When.parse(found)
    if when.precision is not Precision.DAY:
        raise ImpossibleDate(f"The {name} “{found}” must be a day, written 2027-06-08.")
    return when.start_text


def slugs(name: str, *, attribute: str, of: Callable[[Known, str], Any]) -> Field:
    """Make a field that is a set of other records, named by their slugs in alphabetical order."""

    def check(value: object) -> list[str]:
        return sorted(set(check_lines(value, name=spoken(name)) or []))

    def read(record: object) -> list[str]:
        return sorted(one.slug for one in getattr(record, attribute))

    def write(record: object, value: list[str], known: Known) -> None:
        setattr(record, attribute, [of(known, slug) for slug in value])

    return Field(name, check, read, write)


def spoken(name: str) -> str:
    """Return a field's name as a sentence says it."""
    return _SPOKEN.get(name, name.replace("_", " "))


_SPOKEN: Final = {
    "url": "web address",
    "name_in": "name in other languages",
    "short_name_in": "short name in other languages",
    "acronym_in": "acronym in other languages",
    "title_in": "title in other languages",
    "summary_in": "summary in other languages",
    "iom_roles": "role of IOM",
    "when": "date",
    "own_mechanisms": "mechanism",
    "is_key": "mark of a key document",
}
