"""What there is to choose from on the page to subscribe, and what a request chose of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calendar_feed.variants import Variant
from models.choice import Choice
from models.mechanism import Mechanism, MechanismAlias, MechanismStatus, MechanismType
from models.meeting import Kind
from models.own_words import Words, region_name, theme_name, words_in
from models.state import Participant
from models.vocabulary import Region, Theme
from templates.countries import territory_names
from templates.languages import ENGLISH, catalogue, own_name
from templates.states import listing_key, state_codes
from templates.words import word
from web.english import said

FIELDS: Final = {
    "mechanism": "mechanisms",
    "type": "types",
    "region": "regions",
    "country": "countries",
    "theme": "themes",
    "kind": "kinds",
}
"""The names of the parts of a choice in a form and in addresses."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `remark` is said beside it."""

    value: str
    words: str
    is_chosen: bool
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class TypeOptions:
    """A type as a whole, and its mechanisms one by one."""

    type: Option
    mechanisms: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """Everything there is to choose. `countries` are those chosen, `more_countries` all others."""

    types: tuple[TypeOptions, ...]
    regions: tuple[Option, ...]
    countries: tuple[Option, ...]
    more_countries: tuple[Option, ...]
    themes: tuple[Option, ...]
    kinds: tuple[Option, ...]
    languages: tuple[Option, ...]
    variants: tuple[Option, ...]


class _Mechanism(NamedTuple):
    """What the form tells of a mechanism."""

    slug: str
    type: MechanismType
    status: MechanismStatus
    name: Words


class Offered:
    """What is on record to choose from, read in a fixed number of statements, in the words of a language."""

    def __init__(self, session: Session, *, language: str, languages: Iterable[str]) -> None:
        """Read it; `languages` are those of the feeds."""
        self.language = language
        self.languages = tuple(languages)
        columns = (Mechanism.slug, Mechanism.type, Mechanism.status)
        named = session.execute(select(*columns, Mechanism.short_name, Mechanism.short_name_in))
        self._mechanisms = sorted(
            (
                _Mechanism(
                    row.slug,
                    row.type,
                    row.status,
                    words_in(row.short_name, row.short_name_in, language=language),
                )
                for row in named
            ),
            key=lambda one: listing_key(one.name.text),
        )
        self._aliases = {
            str(alias): slug
            for alias, slug in session.execute(
                select(MechanismAlias.slug, Mechanism.slug)
                .join(MechanismAlias.mechanism)
                .where(MechanismAlias.slug.is_not(None))
            )
        }
        self._regions = {
            one.slug: said(region_name(one, language=language), language=language)
            for one in session.scalars(select(Region).order_by(Region.position))
        }
        self._themes = {
            one.slug: said(theme_name(one, language=language), language=language)
            for one in session.scalars(select(Theme).order_by(Theme.position))
        }
        self._countries = _countries(session, language=language)

    def choice(self, given: Mapping[str, Iterable[str]], *, kept: Choice | None = None) -> Choice:
        """Return what was chosen, by the names of FIELDS; what is not offered is passed over.

        Of what `kept` holds already, also what nothing on record is named after any more can be chosen.
        """
        known: dict[str, Callable[[str], str | None]] = {
            "mechanism": self._mechanism,
            "type": _one_of(MechanismType),
            "region": _one_of(self._regions),
            "country": lambda code: code.lower() if code.lower() in self._countries else None,
            "theme": _one_of(self._themes),
            "kind": _one_of(Kind),
        }
        parts = {
            part: {
                found
                for value in given.get(name, ())
                if (found := known[name](value) or (value if kept and value in getattr(kept, part) else None))
            }
            for name, part in FIELDS.items()
        }
        asked = [one for one in given.get("language", ()) if one in self.languages]
        fallback = kept.language if kept else self.language
        if not kept and fallback not in self.languages:
            fallback = ENGLISH
        return Choice.of(parts, language=asked[-1] if asked else fallback)

    def options(self, choice: Choice, variants: Iterable[Variant]) -> Options:
        """Return everything as it stands in the form, with what is chosen."""
        listed = _Listed(choice)
        countries = listed.of("countries", self._countries)
        told = tuple(variants)
        return Options(
            types=self._types(choice),
            regions=listed.of("regions", self._regions),
            countries=tuple(one for one in countries if one.is_chosen),
            more_countries=tuple(one for one in countries if not one.is_chosen),
            themes=listed.of("themes", self._themes),
            kinds=listed.of("kinds", {kind: word("kind", kind, language=self.language) for kind in Kind}),
            languages=tuple(Option(one, own_name(one), one == choice.language) for one in self.languages),
            variants=tuple(
                Option(variant, words, variant in told, remark)
                for variant, (words, remark) in variant_words(self.language).items()
            ),
        )

    def _types(self, choice: Choice) -> tuple[TypeOptions, ...]:
        known = {one.slug for one in self._mechanisms}
        lost = [Option(slug, slug, is_chosen=True) for slug in choice.mechanisms if slug not in known]
        return tuple(
            TypeOptions(
                Option(kind, word("types", kind, language=self.language), kind in choice.types),
                (
                    *(self._option(one, choice) for one in self._mechanisms if one.type is kind),
                    *(lost if kind is MechanismType.RCP else ()),
                ),
            )
            for kind in MechanismType
        )

    def _option(self, mechanism: _Mechanism, choice: Choice) -> Option:
        is_active = mechanism.status is MechanismStatus.ACTIVE
        remark = None if is_active else word("mechanism status", mechanism.status, language=self.language)
        words = said(mechanism.name, language=self.language)
        return Option(mechanism.slug, words, mechanism.slug in choice.mechanisms, remark)

    def _mechanism(self, name: str) -> str | None:
        plain = name.lower()
        return next((one.slug for one in self._mechanisms if one.slug == plain), self._aliases.get(plain))


class _Listed:
    """Makes options of what is known by name, and of what is chosen though nothing has that name any more."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice

    def of(self, part: str, names: Mapping[str, str]) -> tuple[Option, ...]:
        chosen: tuple[str, ...] = getattr(self._choice, part)
        lost = {code: code for code in chosen if code not in names}
        return tuple(Option(code, words, code in chosen) for code, words in {**names, **lost}.items())


def asked_variants(words: Iterable[str]) -> tuple[Variant, ...]:
    """Return the variants that are named, each once, in their order; other words are passed over."""
    known = set(Variant)
    return tuple(sorted({Variant(word) for word in words if word in known}))


def variant_words(language: str) -> dict[Variant, tuple[str, str]]:
    """Return what each variant is called, and what it does, in plain words."""
    _ = catalogue(language).gettext
    return {
        Variant.BUSY: (
            _("Show me as busy"),
            _("Meetings take up your time, so that others see you are not free. Else they only stand there."),
        ),
        Variant.CANCELLED_VISIBLE: (
            _("Keep cancelled meetings in sight"),
            _("Some programs hide what is cancelled. This way it stays, and its title says so."),
        ),
        Variant.SESSIONS: (
            _("One entry for each day"),
            _("A meeting of several days with known hours stands on each day with its hours."),
        ),
        Variant.TBC_OMIT: (
            _("Leave out what has only a month"),
            _("Meetings without a day would else stand on the first of their month, marked as such."),
        ),
        Variant.UTC: (
            _("Hours in UTC"),
            _("For programs that do not know the zones of the venues. Most do: leave this alone."),
        ),
    }


def _one_of(names: Iterable[str]) -> Callable[[str], str | None]:
    known = {str(name) for name in names}
    return lambda value: value if value in known else None


def _countries(session: Session, *, language: str) -> dict[str, str]:
    """Return every State, and each territory that takes part in a mechanism, by its code in small letters."""
    taking_part = session.scalars(select(func.lower(Participant.code)).where(Participant.code.is_not(None)))
    known = {*taking_part, *(code.lower() for code in state_codes())}
    return {code: name for code, name in _territories(language) if code in known}


@cache
def _territories(language: str) -> tuple[tuple[str, str], ...]:
    """Return the codes, in small letters, and names of all States and territories, in the order of lists."""
    names = sorted(territory_names(language).items(), key=lambda one: listing_key(one[1]))
    return tuple((code.lower(), name) for code, name in names)
