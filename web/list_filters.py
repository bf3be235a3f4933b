"""The filters above a list: what is asked for, what there is to choose, and how to take a choice back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.tally import Tally
from templates.languages import ENGLISH, catalogue
from web.paging import PARAMETER


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its name in addresses, its words on the page, and the words of every value it knows.

    `all_words` stand for no choice. The values are in the order in which they are offered.
    """

    name: str
    label: str
    all_words: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many rows it would leave."""

    value: str
    words: str
    number: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A filter as it stands in the form."""

    name: str
    label: str
    all_words: str
    choices: tuple[Choice, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that was made, and the address of the list without it."""

    label: str
    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of a list's filters: known values by name, and sentences about the rest."""

    path: str
    filters: tuple[Filter, ...]
    values: Mapping[str, str]
    unknown: tuple[str, ...]

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The choices in the order that addresses have them."""
        return tuple((one.name, self.values[one.name]) for one in self.filters if one.name in self.values)

    def fields(self, tally: Tally) -> tuple[Field, ...]:
        """Return the form's fields; a value that would leave nothing is not offered unless it is chosen."""
        return tuple(_field(one, self.values.get(one.name), tally.get(one.name, {})) for one in self.filters)

    def chosen(self) -> tuple[Chosen, ...]:
        """Return what was chosen, each with the way back."""
        return tuple(
            Chosen(
                label=one.label,
                words=one.values[self.values[one.name]],
                without=_address(self.path, [pair for pair in self.query if pair[0] != one.name]),
            )
            for one in self.filters
            if one.name in self.values
        )


def read_filters(request: Request, filters: Sequence[Filter], *, language: str = ENGLISH) -> Asked:
    """Return what a request asks for. A filter left empty in the form is not asked for."""
    sentence = catalogue(language).gettext("There is nothing called “%(value)s” under “%(filter)s”.")
    values: dict[str, str] = {}
    unknown: list[str] = []
    for one in filters:
        given = [value for value in request.query_params.getlist(one.name) if value]
        if given and given[-1] in one.values:
            values[one.name] = given[-1]
        elif given:
            unknown.append(sentence % {"value": given[-1][:80], "filter": one.label})
    return Asked(request.url.path, tuple(filters), values, tuple(unknown))


def to_canonical(request: Request, asked: Asked) -> Response | None:
    """Return the way to the one address of this list, or None when the request has it already.

    The form sends every filter, empty ones too, and links from elsewhere bring parts of their own: all of
    them lead to the same page under the same address.
    """
    if asked.unknown:
        return None
    pages = [(PARAMETER, number) for number in request.query_params.getlist(PARAMETER) if number != "1"]
    canonical = [*asked.query, *pages]
    if request.query_params.multi_items() == canonical:
        return None
    return RedirectResponse(_address(asked.path, canonical), status_code=308)


def _field(one: Filter, chosen: str | None, numbers: Mapping[str, int]) -> Field:
    return Field(
        name=one.name,
        label=one.label,
        all_words=one.all_words,
        choices=tuple(
            Choice(value, words, numbers.get(value, 0), value == chosen)
            for value, words in one.values.items()
            if value in numbers or value == chosen
        ),
        is_chosen=chosen is not None,
    )


def _address(path: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
