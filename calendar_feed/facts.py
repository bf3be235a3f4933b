"""What is known of a meeting, as plain values: all that a VEVENT can be made of, without a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from models.document import DocumentAct
from models.mechanism import MechanismType
from models.meeting import Kind, MeetingStatus, Mode
from models.own_words import Words, words_in
from models.when import When

WORLD = "global"
"""The region of the mechanisms that are open to every State."""


@dataclass(frozen=True, slots=True)
class MechanismFacts:
    """A mechanism as an event names it.

    `names` are all its names in use, in every language, the short English one first. `short_name_in` and
    `full_name_in` are those of other languages than English, by language.
    """

    slug: str
    short_name: str
    full_name: str
    type: MechanismType
    is_iscm: bool
    names: tuple[str, ...]
    short_name_in: Mapping[str, str] = field(default_factory=dict)
    full_name_in: Mapping[str, str] = field(default_factory=dict)

    def called(self, language: str) -> Words:
        """Return the name it is called by, in `language` or in English."""
        return words_in(self.short_name, self.short_name_in, language=language)

    def whole_name(self, language: str) -> Words:
        """Return its whole name, in `language` or in English."""
        return words_in(self.full_name, self.full_name_in, language=language)


@dataclass(frozen=True, slots=True)
class Membership:
    """Where a mechanism works and who takes part in it: regions by slug, States by code in small letters."""

    regions: tuple[str, ...]
    states: frozenset[str]

    @property
    def is_open_to_all(self) -> bool:
        """Whether every State may come: its region is the world."""
        return WORLD in self.regions


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """What feeds are made for: every mechanism, region, theme, State and year on record.

    `regions` and `themes` are English names by slug, `names_in` those of other languages by the key of the
    feed that is named so (`region/africa`) and then by language. `countries` are codes in small letters,
    `years` those in which a meeting is shown.
    """

    mechanisms: Mapping[str, MechanismFacts]
    memberships: Mapping[str, Membership]
    regions: Mapping[str, str]
    themes: Mapping[str, str]
    countries: tuple[str, ...]
    years: tuple[int, ...]
    names_in: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


NOTHING_KNOWN = KnownRecord(mechanisms={}, memberships={}, regions={}, themes={}, countries=(), years=())
"""What is known of an empty record."""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document of a meeting; `act` is what the meeting did with it."""

    title: str
    act: DocumentAct | None
    url: str | None


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting. `mechanisms` stand in stored order; `moved_on` is the day `previous_when` was given up.

    `themes` are slugs. `title_in` holds the title in other languages than English.
    """

    uid: str
    slug: str
    title: str
    kind: Kind
    status: MeetingStatus
    when: When
    created_at: datetime
    mechanisms: tuple[MechanismFacts, ...]
    reason: str | None = None
    previous_when: When | None = None
    moved_on: date | None = None
    mode: Mode | None = None
    venue: str | None = None
    city: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    join_link: str | None = None
    theme: str | None = None
    sessions: tuple[str, ...] = ()
    local_times: str | None = None
    interpretation: str | None = None
    hidden: bool = False
    documents: tuple[DocumentFacts, ...] = ()
    themes: tuple[str, ...] = ()
    title_in: Mapping[str, str] = field(default_factory=dict)

    def titled(self, language: str) -> Words:
        """Return its title, in `language` or in English."""
        return words_in(self.title, self.title_in, language=language)
