"""The fields of a mechanism."""

from collections.abc import Mapping
from typing import Any

from models import field, plain_text
from models.base import Facts
from models.field import Field, Fields, check_lines
from models.known import Known
from models.mechanism import Dormancy, Mechanism, MechanismAlias, MechanismStatus, MechanismType
from models.plain_text import UnwelcomeText
from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from templates.text import slugify

Taking = tuple[Participant, ParticipantRole]


def _participants() -> Field:
    """All who take part, as one field, because a State that changes from observer to member is one change."""

    def read(record: Mechanism) -> Facts:
        rows = record.participations
        states = [row for row in rows if row.participant.kind is ParticipantKind.STATE]
        return {
            "members": sorted(
                str(row.participant.code) for row in states if row.role is ParticipantRole.MEMBER
            )
            if record.states_known
            else None,
            "observers": sorted(
                str(row.participant.code) for row in states if row.role is ParticipantRole.OBSERVER
            ),
            "organizations": {
                row.participant.name: row.role.value
                for row in sorted(rows, key=lambda row: row.participant.name)
                if row not in states
            },
            "as_of": record.states_as_of,
        }

    def write(record: Mechanism, value: Facts, known: Known) -> None:
        record.states_known = value["members"] is not None
        record.states_as_of = value["as_of"]
        wanted: list[Taking] = [
            *((known.state(code), ParticipantRole.MEMBER) for code in value["members"] or []),
            *((known.state(code), ParticipantRole.OBSERVER) for code in value["observers"]),
            *(
                (known.organization(name), ParticipantRole(role))
                for name, role in value["organizations"].items()
            ),
        ]
        kept = {row.participant: row for row in record.participations}
        rows = [kept.get(who) or Participation(participant=who, role=role) for who, role in wanted]
        for row, (_, role) in zip(rows, wanted, strict=True):
            row.role, row.as_of = role, value["as_of"]
        record.participations[:] = rows

    return Field("participants", check_participants, read, write)


def check_participants(value: Any) -> Facts:  # noqa: ANN401 - whatever was written
    """Read members (None: not known), observers, organizations and as_of; each participant once."""
    if not isinstance(value, Mapping):
        raise UnwelcomeText("The participants must be given as members, observers, organizations and as_of.")
    members = check_lines(value.get("members"), name="member State", unknown=True)
    observers = check_lines(value.get("observers"), name="observer State") or []
    organizations = value.get("organizations") or {}
    if not isinstance(organizations, Mapping):
        raise UnwelcomeText("The organizations must be given as names, each with its role.")
    for code in (found := [*(members or []), *observers]):
        if found.count(code) > 1:
            raise UnwelcomeText(f"The State {code} takes part twice; name it once, as member or as observer.")
    return {
        "members": None if members is None else sorted(_state(code) for code in members),
        "observers": sorted(_state(code) for code in observers),
        "organizations": {
            plain_text.required_line(name, name="organization", limit=200): plain_text.required_word(
                role, ParticipantRole, name="role"
            )
            for name, role in sorted(organizations.items())
        },
        "as_of": plain_text.line(value.get("as_of"), name="date of the list", limit=10),
    }


def _state(code: str) -> str:
    return str(plain_text.country(code, name="State"))


def _aliases() -> Field:
    def read(record: Mechanism) -> list[str]:
        return sorted(record.other_names)

    def write(record: Mechanism, names: list[str], known: Known) -> None:
        on_record = {alias.name: alias for alias in record.aliases}
        for alias in record.aliases:
            alias.former = alias.name not in names
        for name in names:
            if name not in on_record:
                taken = {record.slug, "", *(alias.slug for alias in record.aliases)}
                slug = slugify(name)
                known.refuse_taken_address(slug, name=name, of=record)
                record.aliases.append(
                    MechanismAlias(name=name, slug=None if slug in taken else slug, former=False)
                )

    def check(value: object) -> list[str]:
        names = check_lines(value, name="other name") or []
        return sorted({plain_text.required_line(name, name="other name", limit=400) for name in names})

    return Field("aliases", check, read, write)


def check_chair(value: Any) -> Facts | None:  # noqa: ANN401 - whatever was written
    """Read {"states": [{"state", "role"}], "since", "until", "where"}, or None for a chair not known."""
    if value is None:
        return None
    states = value.get("states") if isinstance(value, Mapping) else None
    if not isinstance(states, list) or not states or not all(isinstance(one, Mapping) for one in states):
        raise UnwelcomeText(
            "The chair must be given as states, each with its role, and since, until and where."
        )
    return {
        "states": [
            {
                "state": _state(plain_text.required_line(one.get("state"), name="chairing State")),
                "role": plain_text.required_line(one.get("role"), name="role of the chair", limit=80),
            }
            for one in states
        ],
        "since": plain_text.line(value.get("since"), name="beginning of the chair's term", limit=10),
        "until": plain_text.line(value.get("until"), name="end of the chair's term", limit=10),
        "where": plain_text.text(value.get("where"), name="source of the chair", limit=plain_text.ADDRESS),
    }


def check_former_chairs(value: object) -> list[Facts]:
    """Read the terms of earlier chairs, each as in check_chair, newest first."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnwelcomeText("The former chairs must be a list of terms.")
    terms = [check_chair(one) for one in value]
    return [term for term in terms if term is not None]


def _sources() -> Field:
    def check(value: object) -> list[Facts]:
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise UnwelcomeText("The sources must be a list, each with fields and where.")
        return [
            {
                "fields": check_lines(one.get("fields"), name="field of a source"),
                "where": plain_text.required_line(one.get("where"), name="source", limit=plain_text.ADDRESS),
            }
            for one in value
        ]

    return field.column("sources", check)


MECHANISM_FIELDS = Fields(
    "mechanism",
    field.required_line("name", 400),
    field.required_line("short_name", 200),
    field.line("acronym", 40),
    field.in_languages("name_in", 400),
    field.in_languages("short_name_in", 200),
    field.in_languages("acronym_in", 40),
    field.word("type", MechanismType, required=True),
    field.text("type_basis"),
    field.word("status", MechanismStatus, required=True),
    field.text("status_basis"),
    field.word("dormancy", Dormancy),
    field.flag("is_iscm"),
    field.line("region"),
    field.slugs("regions", attribute="regions", of=Known.region),
    field.line("association"),
    field.text("objectives"),
    field.whole_number("established_year", least=1900, most=2199),
    field.line("secretariat"),
    field.lines("iom_roles"),
    field.web_address("website"),
    field.text("contact", 1_000),
    field.lines("languages", unknown=True),
    field.lines("themes", unknown=True),
    field.slugs("theme_tags", attribute="theme_tags", of=Known.theme),
    field.column("chair", check_chair),
    field.column("former_chairs", check_former_chairs),
    _participants(),
    _aliases(),
    field.text("notes"),
    _sources(),
)
