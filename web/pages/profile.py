"""The profile of a mechanism: its facts in the order the field expects, each with where it was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.base import Facts
from models.mechanism import Mechanism
from models.own_words import region_name
from models.state import ParticipantRole
from templates.languages import ENGLISH, catalogue, locale_of
from templates.text import joined
from templates.words import word
from web.english import in_english, said
from web.pages.profile_chair import chair_items, former_chair_items, is_term_over
from web.pages.profile_days import written_as_of
from web.pages.profile_item import Item
from web.pages.profile_states import TakingPart
from web.pages.theme_link import theme_links


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the profile. `notes` are footnotes, `remark` says how far the line can be trusted."""

    label: str
    items: tuple[Item, ...]
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
        return self.at(place for name in fields for place in self.by_field.get(name, ()))

    def at(self, places: Iterable[str | None]) -> tuple[int, ...]:
        """Return the numbers of some sources, each once; what has no source has no number."""
        named = dict.fromkeys(place for place in places if place)
        return tuple(self.numbers.setdefault(place, len(self.numbers) + 1) for place in named)


def read_profile(mechanism: Mechanism, *, today: date, language: str = ENGLISH) -> Profile:
    """Return the profile as of a day; a fact that is not known is left out, never guessed."""
    notes = _Footnotes(_fields_of_sources(mechanism.sources))
    taking_part = TakingPart(mechanism.participations, language=language)
    facts = (
        *_beginnings(mechanism, notes, language=language),
        *_leading(mechanism, notes, today=today, language=language),
        *_participants(mechanism, taking_part, notes, language=language),
        *_endings(mechanism, notes, language=language),
    )
    notes.of("name", "acronym")
    notes.at(str(source.get("where", "")) for source in mechanism.sources)
    return Profile(
        facts=tuple(fact for fact in facts if fact.items or fact.remark),
        sources=tuple(
            Source(number, place, place if place.startswith(("https://", "http://")) else None)
            for place, number in notes.numbers.items()
        ),
        remarks=taking_part.remarks(),
    )


def _beginnings(mechanism: Mechanism, notes: _Footnotes, *, language: str) -> tuple[Fact, ...]:
    """Say what it is, and what it is for."""
    _ = catalogue(language).gettext
    regions = tuple(
        Item(
            said(region_name(region, language=language), language=language),
            f"/mechanisms?by=region#region-{region.slug}",
        )
        for region in mechanism.regions
    )
    tags = tuple(
        Item(link.name, link.address) for link in theme_links(mechanism.theme_tags, language=language)
    )
    focus = _capitalised(", ".join(mechanism.themes or ()))
    return (
        Fact(_("Type"), _type(mechanism, language), notes.of("type")),
        Fact(_("Region"), (*_english(mechanism.region, language), *regions), notes.of("region")),
        Fact(_("Formal association"), _english(mechanism.association, language), notes.of("association")),
        Fact(_("Status"), _status(mechanism, language), notes.of("status")),
        Fact(_("Established"), _one(mechanism.established_year), notes.of("established_year")),
        Fact(_("Objectives"), _english(mechanism.objectives, language), notes.of("objectives")),
        Fact(_("Current thematic focus"), _english(focus, language), notes.of("themes")),
        Fact(_("Themes"), tags),
    )


def _leading(mechanism: Mechanism, notes: _Footnotes, *, today: date, language: str) -> tuple[Fact, ...]:
    """Say who chairs, who chaired, who writes the papers, and what IOM does."""
    _ = catalogue(language).gettext
    roles = [word("iom role", role, language=language) for role in mechanism.iom_roles]
    chair, former = mechanism.chair, list(mechanism.former_chairs)
    is_over = chair is not None and is_term_over(chair, today=today)
    return (
        Fact(
            _("Chair"),
            chair_items(chair, language=language) if chair else (),
            notes.at([chair.get("where")]) if chair else (),
            remark=_("Who followed is not on record.") if is_over else None,
        ),
        Fact(
            _("Chaired before by"),
            former_chair_items(former, language=language),
            notes.at(term.get("where") for term in former),
        ),
        Fact(_("Secretariat"), _english(mechanism.secretariat, language), notes.of("secretariat")),
        Fact(_("IOM’s role"), _one(_capitalised(joined(roles, language=language))), notes.of("iom_role")),
    )


def _participants(
    mechanism: Mechanism, taking_part: TakingPart, notes: _Footnotes, *, language: str
) -> tuple[Fact, ...]:
    """Say who takes part; where no list of the States is known, that it is not."""
    _ = catalogue(language).gettext
    members = taking_part.items(ParticipantRole.MEMBER, states=True)
    if members:
        remark = written_as_of(mechanism.states_as_of, language=language)
    elif mechanism.is_iscm and not mechanism.states_known:
        remark = _("No list of its States is on record.")
    else:
        remark = None
    return (
        Fact(_("Member States"), members, notes.of("participating_states"), remark),
        Fact(_("Member organizations"), taking_part.items(ParticipantRole.MEMBER, states=False)),
        Fact(
            _("Observer States"),
            taking_part.items(ParticipantRole.OBSERVER, states=True),
            notes.of("observer_states"),
        ),
        Fact(_("Observer organizations"), taking_part.items(ParticipantRole.OBSERVER, states=False)),
    )


def _endings(mechanism: Mechanism, notes: _Footnotes, *, language: str) -> tuple[Fact, ...]:
    _ = catalogue(language).gettext
    return (
        Fact(_("Working languages"), _languages(mechanism.languages, language), notes.of("languages")),
        Fact(_("Contact"), _english(mechanism.contact, language), notes.of("contact")),
        Fact(
            _("Also known as"),
            tuple(item for name in mechanism.other_names for item in _english(name, language)),
        ),
    )


def _fields_of_sources(sources: Iterable[Facts]) -> dict[str, list[str]]:
    by_field: dict[str, list[str]] = {}
    for source in sources:
        for name in source.get("fields", ()):
            by_field.setdefault(name, []).append(str(source.get("where", "")))
    return by_field


def _one(value: object) -> tuple[Item, ...]:
    return (Item(str(value)),) if value else ()


def _english(text: str | None, language: str) -> tuple[Item, ...]:
    return (Item(in_english(text, language=language)),) if text else ()


def _type(mechanism: Mechanism, language: str) -> tuple[Item, ...]:
    if not mechanism.is_iscm:
        return _one(catalogue(language).gettext("A series of meetings of all processes, not itself an ISCM"))
    return (Item(word("type", mechanism.type, language=language), f"/types/{mechanism.type.value}"),)


def _status(mechanism: Mechanism, language: str) -> tuple[Item, ...]:
    status = word("mechanism status", mechanism.status, language=language)
    if mechanism.dormancy is None:
        return _one(status)
    return _one(f"{status} ({word('dormancy', mechanism.dormancy, language=language)})")


def _languages(codes: Sequence[str] | None, language: str) -> tuple[Item, ...]:
    names = [locale_of(language).languages.get(code, code) for code in codes or ()]
    return _one(joined(names, language=language))


def _capitalised(text: str) -> str:
    """Begin with a capital and leave the rest as it is: `EU` inside stays `EU`."""
    return text[:1].upper() + text[1:]
