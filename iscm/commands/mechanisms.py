"""`iscm mechanisms`: list the mechanisms and change what is said of them."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from iscm.commands.context import opened
from iscm.commands.field_options import (
    Whole,
    Word,
    all_of,
    as_json,
    beside_those_kept,
    given,
    in_languages,
    print_one,
    require_some,
)
from iscm.commands.output import print_rows
from models.base import Facts
from models.known import Known
from models.mechanism import Dormancy, Mechanism, MechanismStatus, MechanismType
from models.mechanism_change import change_mechanism
from models.mechanism_fields import MECHANISM_FIELDS
from models.mechanism_list import list_mechanisms


def _list(option: str, name: str, *, metavar: str, help: str = "") -> Callable[[Any], Any]:  # noqa: A002 - click's word
    """Make an option that can be repeated and replaces the whole list."""
    return click.option(option, name, multiple=True, metavar=metavar, help=f"{help} Repeatable.".strip())


field_options = all_of(
    [
        click.option("--name"),
        click.option("--short-name", help="The name that stands before its meetings."),
        click.option("--acronym"),
        in_languages("--name-in", 'The name in another language: fr="...".'),
        in_languages("--short-name-in", "The short name in another language."),
        in_languages("--acronym-in", "The acronym, where another language has its own."),
        _list(
            "--alias",
            "aliases",
            metavar="NAME",
            help="Another name; the address of one left out still answers.",
        ),
        click.option("--type", type=Word(MechanismType)),
        click.option("--status", type=Word(MechanismStatus)),
        click.option(
            "--dormancy", type=Word(Dormancy, may_be_empty=True), help="How a dormant one came to rest."
        ),
        _list("--region", "regions", metavar="SLUG"),
        click.option("--association", help="The institution it is formally associated with."),
        click.option("--objectives", help="What it is for, in a few sentences."),
        click.option("--established", "established_year", type=Whole(), metavar="YEAR"),
        click.option("--secretariat"),
        _list("--iom-role", "iom_roles", metavar="ROLE"),
        click.option("--website", metavar="URL"),
        click.option("--contact"),
        _list("--language", "languages", metavar="CODE", help="A working language."),
        _list("--tag", "theme_tags", metavar="SLUG", help="A theme of the list."),
        _list("--chair", "chairs", metavar="CODE[:ROLE]", help="A chairing State; starts a new term."),
        click.option(
            "--chair-since",
            metavar="DATE",
            help="When the term began: 2027, 2027-06; who chaired before is then kept as a former chair.",
        ),
        click.option("--chair-until", metavar="DATE", help="When it ends."),
        click.option("--chair-source", help="Where the chair is known from."),
        _list(
            "--former-chair",
            "former_chairs",
            metavar="CODE[:ROLE][,SINCE[,UNTIL]]",
            help="An earlier term; name all of them, newest first.",
        ),
        _list("--member", "members", metavar="CODE", help="A member State; name all of them."),
        _list("--observer", "observers", metavar="CODE", help="An observer State; name all of them."),
        click.option("--states-as-of", metavar="DATE", help="The date of the list of States."),
        click.option("--notes", help="For editors only."),
    ]
)


@click.group(name="mechanisms", no_args_is_help=True)
def command() -> None:
    """List and change the mechanisms."""


@command.command(name="list")
@click.option("--type", "types", multiple=True, type=Word(MechanismType), help="Repeatable.")
@click.option("--status", "statuses", multiple=True, type=Word(MechanismStatus), help="Repeatable.")
@as_json
def list_(types: tuple[str, ...], statuses: tuple[str, ...], *, as_json: bool) -> None:
    """List the mechanisms by name."""
    with opened() as house, house.database.reading() as session:
        mechanisms = list_mechanisms(
            session,
            types=[MechanismType(word) for word in types],
            statuses=[MechanismStatus(word) for word in statuses],
        )
        rows = [_row(mechanism) for mechanism in mechanisms]
    print_rows(rows, columns=["slug", "type", "status", "short_name"], as_json=as_json)


@command.command()
@click.argument("mechanism", metavar="NAME")
@field_options
@as_json
def change(mechanism: str, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Change what is said of a mechanism, called by its slug, an alias or its acronym; "" empties a field.

    What is given for a repeatable option takes the place of all that was there. Its slug is for ever.
    """
    require_some(given(options))
    with opened() as house, house.database.writing() as session:
        found = Known(session).mechanism(mechanism)
        fields = _written(options, before=found)
        row = _row(change_mechanism(session, found.slug, fields, editor=house.editor, now=house.now))
    print_one(row, as_json=as_json, line=f"{row['slug']}: changed.")


_CHAIR = ("chairs", "chair_since", "chair_until", "chair_source")
_STATES = {"members": "members", "observers": "observers", "states_as_of": "as_of"}


def _written(options: Mapping[str, Any], *, before: Mechanism) -> Facts:
    facts = MECHANISM_FIELDS.facts(before)
    fields = beside_those_kept(given(options), before=facts)
    if "former_chairs" in fields:
        fields["former_chairs"] = [
            _former_term(one, before=facts["former_chairs"]) for one in fields["former_chairs"]
        ]
    states = {name: fields.pop(option) for option, name in _STATES.items() if option in fields}
    if states:
        fields["participants"] = facts["participants"] | states
    chair: Facts = {option: fields.pop(option) for option in _CHAIR if option in fields}
    if chair:
        fields["chair"] = _chair(chair, before=facts["chair"])
        if chair.get("chairs") and chair.get("chair_since") and facts["chair"]:
            # The end of the term that is left stays as it was known: others may have chaired in between.
            fields.setdefault("former_chairs", [facts["chair"], *facts["former_chairs"]])
    return fields


def _chair(given_chair: Mapping[str, Any], *, before: Facts | None) -> Facts | None:
    """Put the chair together. Named States start a new term; without them the term on record is changed."""
    if "chairs" in given_chair:
        if not given_chair["chairs"]:
            return None
        chair: Facts = {"states": [_chairing(one) for one in given_chair["chairs"]]}
    elif before is None:
        raise click.UsageError("No chair is on record; name the State too, with --chair CODE.")
    else:
        chair = dict(before)
    for option, name in (("chair_since", "since"), ("chair_until", "until"), ("chair_source", "where")):
        if option in given_chair:
            chair[name] = given_chair[option]
    return chair


def _former_term(written: str, *, before: list[Facts]) -> Facts:
    """Read one earlier term; where it is on record already, the source it was found in stays."""
    who, since, until, *more = [*(part.strip() or None for part in written.split(",")), None, None][:4]
    if not who or any(more):
        raise click.UsageError(f"The former chair “{written}” must be written CODE:ROLE,SINCE,UNTIL.")
    term = {"states": [_chairing(who)], "since": since, "until": until}
    sources = [one["where"] for one in before if {key: one[key] for key in term} == term]
    return {**term, "where": sources[0] if sources else None}


def _chairing(written: str) -> dict[str, str]:
    code, _, role = written.partition(":")
    return {"state": code, "role": role or "chair"}


def _row(mechanism: Mechanism) -> Facts:
    return {"slug": mechanism.slug, **MECHANISM_FIELDS.facts(mechanism)}
