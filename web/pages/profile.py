"""The profile of a mechanism: its facts in the order the field expects, each with where it was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.base import Facts
from models.mechanism import Mechanism
from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from templates.countries import listed_territory_names, territory_note
from templates.dates import written_date, written_months
from templates.languages import ENGLISH, catalogue, locale_of
from templates.text import joined
from templates.words import word


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the profile. `items` are shown as a list where there are several; `notes` are footnotes."""

    label: str
    items: tuple[str, ...]
    notes: tuple[int, ...] = ()
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts were found. `address` is None for a source that is no page."""

    number: int
    words: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Profile:
    """The facts in their order, and the sources they point to."""

    facts: tuple[Fact, ...]
    sources: tuple[Source, ...]
    remarks: tuple[str, ...]


@dataclass(slots=True)
class _Footnotes:
    """Numbers the sources in the order in which the facts name them."""

    by_field: dict[str, list[str]]
    numbers: dict[str, int] = field(default_factory=dict)

    def of(self, *fields: str) -> tuple[int, ...]:
        """Return the numbers of the sources of some fields of the record, each once."""
        places = dict.fromkeys(place for name in fields for place in self.by_field.get(name, ()))
        return tuple(self.number(place) for place in places)

    def number(self, place: str) -> int:
        return self.numbers.setdefault(place, len(self.numbers) + 1)


class _Participants:
    """Who takes part, by name."""

    def __init__(self, participations: Iterable[Participation], language: str) -> None:
        self._participations = tuple(participations)
        self._names = listed_territory_names(language)
        self._language = language

    def names(self, role: ParticipantRole, *, states: bool) -> tuple[str, ...]:
        """Return States and territories, or organizations, in alphabetical order; a star marks a remark."""
        chosen = [
            one.participant
            for one in self._participations
            if one.role is role and (one.participant.kind is ParticipantKind.STATE) is states
        ]
        return tuple(sorted(self._names.get(one.code or "", one.name) + self._star(one) for one in chosen))

    def remarks(self) -> tuple[str, ...]:
        """Return the sentences that the stars stand for."""
        codes = {one.participant.code or "" for one in self._participations}
        said = {territory_note(code, language=self._language) for code in codes}
        return tuple(f"* {sentence}" for sentence in sorted(filter(None, said)))

    def _star(self, participant: Participant) -> str:
        return "*" if territory_note(participant.code or "", language=self._language) else ""


def read_profile(mechanism: Mechanism, *, language: str = ENGLISH) -> Profile:
    """Return the profile; a fact that is not known is left out, never guessed."""
    _ = catalogue(language).gettext
    notes = _Footnotes(_fields_of_sources(mechanism.sources))
    taking_part = _Participants(mechanism.participations, language)
    roles = [word("iom role", role, language=language) for role in mechanism.iom_roles]
    chair, chair_notes = _chair(mechanism.chair, notes, language=language)
    facts = (
        Fact(_("Type"), _type(mechanism, language), notes.of("type")),
        Fact(_("Region"), _one(mechanism.region), notes.of("region")),
        Fact(_("Formal association"), _one(mechanism.association)),
        Fact(_("Status"), _status(mechanism, language), notes.of("status")),
        Fact(_("Established"), _one(mechanism.established_year), notes.of("established_year")),
        Fact(_("Thematic focus"), _one(_capitalised(", ".join(mechanism.themes or ()))), notes.of("themes")),
        Fact(_("Chair"), chair, chair_notes),
        Fact(_("Secretariat"), _one(mechanism.secretariat), notes.of("secretariat")),
        Fact(_("IOM’s role"), _one(_capitalised(joined(roles, language=language))), notes.of("iom_role")),
        Fact(
            _("Member States"),
            taking_part.names(ParticipantRole.MEMBER, states=True),
            notes.of("participating_states"),
            remark=_as_of(mechanism.states_as_of, language=language),
        ),
        Fact(_("Member organizations"), taking_part.names(ParticipantRole.MEMBER, states=False)),
        Fact(
            _("Observer States"),
            taking_part.names(ParticipantRole.OBSERVER, states=True),
            notes.of("observer_states"),
        ),
        Fact(_("Observer organizations"), taking_part.names(ParticipantRole.OBSERVER, states=False)),
        Fact(_("Working languages"), _languages(mechanism.languages, language), notes.of("languages")),
        Fact(_("Contact"), _one(mechanism.contact)),
        Fact(_("Also known as"), tuple(mechanism.other_names)),
    )
    notes.of("name", "acronym")
    for source in mechanism.sources:
        notes.number(str(source.get("where", "")))
    return Profile(
        facts=tuple(fact for fact in facts if fact.items),
        sources=tuple(
            Source(number, place, place if place.startswith(("https://", "http://")) else None)
            for place, number in notes.numbers.items()
            if place
        ),
        remarks=taking_part.remarks(),
    )


def _fields_of_sources(sources: Iterable[Facts]) -> dict[str, list[str]]:
    by_field: dict[str, list[str]] = {}
    for source in sources:
        for name in source.get("fields", ()):
            by_field.setdefault(name, []).append(str(source.get("where", "")))
    return by_field


def _one(value: object) -> tuple[str, ...]:
    return (str(value),) if value else ()


def _type(mechanism: Mechanism, language: str) -> tuple[str, ...]:
    if not mechanism.is_iscm:
        return (catalogue(language).gettext("A series of meetings of all processes, not itself an ISCM"),)
    return (word("type", mechanism.type, language=language),)


def _status(mechanism: Mechanism, language: str) -> tuple[str, ...]:
    status = word("mechanism status", mechanism.status, language=language)
    if mechanism.dormancy is None:
        return (status,)
    return (f"{status} ({word('dormancy', mechanism.dormancy, language=language)})",)


def _languages(codes: Sequence[str] | None, language: str) -> tuple[str, ...]:
    names = [locale_of(language).languages.get(code, code) for code in codes or ()]
    return _one(joined(names, language=language))


def _capitalised(text: str) -> str:
    """Begin with a capital and leave the rest as it is: `EU` inside stays `EU`."""
    return text[:1].upper() + text[1:]


def _chair(
    chair: Facts | None, notes: _Footnotes, *, language: str
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return who chairs and since when, one line a State."""
    if not chair:
        return (), ()
    names = listed_territory_names(language)
    since = _term(chair, language=language)
    lines = []
    for seat in chair.get("states", ()):
        role = word("chair role", str(seat.get("role") or "chair"), language=language)
        name = names.get(seat["state"], seat["state"])
        is_plain = seat.get("role") in {None, "chair"}
        lines.append(name if is_plain else f"{name} ({role.lower()})")
    where = chair.get("where")
    if since and lines:
        lines[-1] = f"{lines[-1]}, {since}"
    return tuple(lines), (notes.number(str(where)),) if where else ()


def _term(chair: dict[str, Any], *, language: str) -> str:
    _ = catalogue(language).gettext
    since, until = chair.get("since"), chair.get("until")
    if since and until:
        span = {"since": _day(since, language), "until": _day(until, language)}
        return _("from %(since)s to %(until)s") % span
    if since:
        return _("since %(day)s") % {"day": _day(since, language)}
    if until:
        return _("until %(day)s") % {"day": _day(until, language)}
    return ""


def _day(text: str, language: str) -> str:
    """Write a day kept as YYYY, YYYY-MM or YYYY-MM-DD."""
    match [int(part) for part in text.split("-")]:
        case [year, month, day]:
            return written_date(date(year, month, day), language=language)
        case [year, month]:
            return written_months(date(year, month, 1), date(year, month, 1), language=language)
        case _:
            return text


def _as_of(text: str | None, *, language: str) -> str | None:
    return catalogue(language).gettext("as of %(day)s") % {"day": _day(text, language)} if text else None
