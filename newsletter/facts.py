"""What an edition of Highlights is compiled from: plain facts in its language, read once and handed in.

Nothing here knows of the database. `newsletter.gathering` fills these from the record; tests and other
programs may fill them by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from models import Confidence, Kind, MeetingStatus, Mode
from models.when import When
from templates.languages import ENGLISH


@dataclass(frozen=True, slots=True)
class ChairFacts:
    """Who chairs a mechanism.

    states are pairs of ISO code and role; since and until are YYYY, YYYY-MM or YYYY-MM-DD.
    """

    states: tuple[tuple[str, str], ...]
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class MechanismFacts:
    """A mechanism as the letter needs it. names are all the names in use, the aliases too.

    language is that of its short name; secretariat and contact are as the record has them, in English.
    """

    slug: str
    short_name: str
    name: str
    type: str
    acronym: str | None = None
    aliases: tuple[str, ...] = ()
    is_iscm: bool = True
    is_dormant: bool = False
    secretariat: str | None = None
    website: str | None = None
    contact: str | None = None
    chair: ChairFacts | None = None
    language: str = ENGLISH

    @property
    def names(self) -> tuple[str, ...]:
        """Every name a title may call it by, the longest first."""
        known = {self.short_name, self.name, *self.aliases}
        if self.acronym:
            known.add(self.acronym)
        return tuple(sorted(known, key=lambda name: (-len(name), name)))


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """A document of a meeting; act is adopted, endorsed, recommended, issued, expected or None."""

    slug: str
    title: str
    act: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting. mechanisms are slugs in stored order: the first one tells of it, the others name it.

    city is in the edition's language where that is known; language is that of the title. Theme, reason and
    notes are English.
    """

    uid: str
    slug: str
    mechanisms: tuple[str, ...]
    title: str
    kind: Kind
    status: MeetingStatus
    when: When
    previous_when: When | None = None
    mode: Mode | None = None
    city: str | None = None
    country: str | None = None
    theme: str | None = None
    reason: str | None = None
    outcomes: tuple[OutcomeFacts, ...] = ()
    confidence: Confidence = Confidence.HIGH
    notes: str | None = None
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    """A news item.

    day is the first of the month where day_known is False; families are those of its themes. language is
    that of the title, summary_language that of the summary.
    """

    slug: str
    day: date
    title: str
    mechanisms: tuple[str, ...]
    summary: str | None = None
    url: str | None = None
    day_known: bool = True
    is_day_of_event: bool = True
    families: tuple[str, ...] = ()
    confidence: Confidence = Confidence.HIGH
    language: str = ENGLISH
    summary_language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class Record:
    """Everything an issue of one year can tell of.

    meetings are those of the year and of the twelve months ahead; theme_names gives the heading of a family
    of themes; countries gives names of States by ISO code.
    """

    mechanisms: tuple[MechanismFacts, ...]
    meetings: tuple[MeetingFacts, ...]
    updates: tuple[UpdateFacts, ...] = ()
    theme_names: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)

    def mechanism(self, slug: str) -> MechanismFacts:
        """Give the mechanism of that slug; KeyError when there is none."""
        for mechanism in self.mechanisms:
            if mechanism.slug == slug:
                return mechanism
        raise KeyError(slug)
