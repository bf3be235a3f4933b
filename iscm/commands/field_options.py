"""Options that set fields of a record: what was not given stays away, "" empties a field."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import click

from iscm.commands.output import print_json
from models.when import When

_IN_LANGUAGES = "_in"

Command = TypeVar("Command", bound=Callable[..., Any])


class Word(click.ParamType):  # type: ignore[type-arg]  # generic only in newest click
    """One word of a list, with hyphens or underscores. Wrong use (exit 2) names the choices."""

    name = "word"

    def __init__(self, kind: type[StrEnum], *, may_be_empty: bool = False) -> None:
        self.choices = [member.value for member in kind]
        self.may_be_empty = may_be_empty

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """The choices, where they are few enough to be read."""
        del ctx
        return "[" + "|".join(self.choices) + "]" if len(self.choices) <= 6 else str(param.name).upper()

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word as it is kept."""
        word = value.strip().lower().replace("-", "_")
        if word in self.choices or (self.may_be_empty and not word):
            return word
        return self.fail(f"{value!r} is not one of {', '.join(self.choices)}.", param, ctx)


class Whole(click.ParamType):  # type: ignore[type-arg]  # generic only in newest click
    """A whole number, or "" for none."""

    name = "number"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        """The number; "" as it is."""
        if not value.strip():
            return ""
        try:
            return int(value)
        except ValueError:
            return self.fail(f"{value!r} is not a whole number.", param, ctx)


class Point(click.ParamType):  # type: ignore[type-arg]  # generic only in newest click
    """Latitude and longitude in degrees, "-15.41,28.28", or "" for none."""

    name = "LATITUDE,LONGITUDE"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float | None, float | None]:
        """Both degrees, or none of them."""
        if not value.strip():
            return None, None
        try:
            latitude, longitude = (float(part) for part in value.split(","))
        except ValueError:
            return self.fail(f"{value!r} is not a point; write it like -15.41,28.28.", param, ctx)
        return latitude, longitude


class InLanguage(click.ParamType):  # type: ignore[type-arg]  # generic only in newest click
    """Words in one language, fr="Processus de Rabat"; without words the language has none."""

    name = "LANGUAGE=TEXT"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The language's code and the words."""
        language, found, words = value.partition("=")
        if not found or not language.strip().isalpha():
            return self.fail(f'{value!r} names no language; write it like fr="...".', param, ctx)
        return language.strip().lower(), words.strip()


def in_languages(option: str, help: str) -> Callable[[Command], Command]:  # noqa: A002 - click's word
    """Make an option of words in other languages than English, one language each time it is given."""
    return click.option(option, multiple=True, type=InLanguage(), help=f"{help} Repeatable.")


def all_of(options: Sequence[Callable[[Command], Command]]) -> Callable[[Command], Command]:
    """Put several options on a command, in the order of its help."""

    def put(function: Command) -> Command:
        for option in reversed(options):
            function = option(function)
        return function

    return put


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that were given: "" is None, and a repeatable option given as "" is an empty list."""
    fields: dict[str, Any] = {}
    for name, value in options.items():
        if value is None or value == ():
            continue
        if isinstance(value, tuple):
            fields[name] = [one for one in value if one != ""]
        else:
            fields[name] = None if value == "" else value
    return fields


def beside_those_kept(fields: Mapping[str, Any], *, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields, words in languages put beside those that `before`, the record's fields, has."""
    return {
        name: {**before.get(name, {}), **dict(value)} if name.endswith(_IN_LANGUAGES) else value
        for name, value in fields.items()
    }


def require_some(fields: Mapping[str, Any]) -> None:
    """Raise UsageError when nothing to change was given."""
    if not fields:
        raise click.UsageError("Say what to change; see the options with --help.")


def span_of(options: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """Return the first and last day that --year, --from (since) and --to (until) leave; None is open."""
    first = When.parse(options["since"]).first if options["since"] else None
    last = When.parse(options["until"]).closing_day if options["until"] else None
    if year := options["year"]:
        first = max(first or date.min, date(year, 1, 1))
        last = min(last or date.max, date(year, 12, 31))
    return first, last


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_one(row: Mapping[str, Any], *, as_json: bool, line: str) -> None:
    """Print the record that a command made or changed, or the one line that says so."""
    if as_json:
        print_json(row)
    else:
        click.echo(line)


def confirm_deleting(what: str, *, yes: bool) -> None:
    """Ask before deleting, on a terminal only: a program that runs this has made up its mind."""
    if not yes and sys.stdin is not None and sys.stdin.isatty():
        click.confirm(f"Delete {what}?", abort=True, err=True)


yes = click.option("--yes", is_flag=True, help="Do not ask.")


def mechanism_option(
    name: str, *, required: bool = False, instead: bool = False
) -> Callable[[Command], Command]:
    """Make the option --mechanism, kept as `name`; with `instead` it replaces those on record."""
    words = "repeatable, instead of those on record." if instead else "repeatable."
    return click.option(
        "--mechanism",
        name,
        multiple=True,
        required=required,
        metavar="NAME",
        help=f"Slug, alias or acronym; {words}",
    )
