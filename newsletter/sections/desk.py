"""What every section has before it: the facts of the year, the day, and the names its sentences need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from models.meeting import Kind, MeetingStatus
from newsletter.facts import MechanismFacts, MeetingFacts, Record
from newsletter.highlights import Foreign, Link, MeetingNode
from newsletter.options import Options
from newsletter.pages import site_in
from newsletter.wording.outcomes import document_title
from newsletter.wording.telling import Telling
from templates.dates import DateTile, date_tile
from templates.languages import ENGLISH, catalogue
from templates.text import sorting_key

WEIGHTS: Final = {kind: place for place, kind in enumerate(Kind)}
"""How early a meeting is told of: the order of the kinds in the record."""


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when a node is made."""
    return sentence


_NOTICES: Final = {MeetingStatus.CANCELLED: _("Cancelled"), MeetingStatus.POSTPONED: _("Postponed")}


@dataclass(frozen=True)
class Desk:
    """The facts of one edition of an issue. today is the day on which it is compiled."""

    record: Record
    year: int
    today: date
    options: Options
    language: str = ENGLISH

    def gettext(self, sentence: str, **values: object) -> str:
        """Return a sentence of the catalogue in the edition's language, its named places filled in."""
        return catalogue(self.language).gettext(sentence) % values

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """Return a sentence about a number of things in the form the language has for it, as num in it."""
        return catalogue(self.language).ngettext(one, many, number) % (values | {"num": number})

    def page(self, path: str) -> str:
        """Return the address of a page of the site in the edition's language."""
        return f"{site_in(self.options.base_url, self.language)}{path}"

    def foreign(self, words: str | None, language: str) -> tuple[Foreign, ...]:
        """Mark words that are in another language than the edition."""
        return (Foreign(words=words, language=language),) if words and language != self.language else ()

    @property
    def is_recent(self) -> bool:
        """Whether the issue is that of the current or of the last year."""
        return self.year in {self.today.year, self.today.year - 1}

    @cached_property
    def mechanisms(self) -> Mapping[str, MechanismFacts]:
        """The mechanisms by slug, in the order in which they are told: by short name, whatever their type."""
        ordered = sorted(self.record.mechanisms, key=lambda one: (self._sorted_by(one.short_name), one.slug))
        return {mechanism.slug: mechanism for mechanism in ordered}

    def _sorted_by(self, name: str) -> str:
        """Return what a name is sorted by: other languages than English put é where e stands."""
        return name.casefold() if self.language == ENGLISH else sorting_key(name)

    @cached_property
    def meetings(self) -> tuple[MeetingFacts, ...]:
        """The meetings of the year, the weightiest kinds first, then by date."""
        return tuple(sorted(self._of_the_year(), key=_told_order))

    @property
    def countries(self) -> Mapping[str, str]:
        """Names of States by ISO code."""
        return self.record.countries

    def _of_the_year(self) -> Iterable[MeetingFacts]:
        return (one for one in self.record.meetings if one.when.first and one.when.first.year == self.year)

    def meeting_link(self, meeting: MeetingFacts, telling: Telling) -> Link:
        """Return the link from the meeting's name to its page."""
        return Link(words=telling.title, address=self.page(f"/meetings/{meeting.slug}"))

    def meeting_node(
        self, meeting: MeetingFacts, telling: Telling, *, role: str, after: MeetingFacts | None = None
    ) -> MeetingNode:
        """Return the node of a meeting told in a role; after is the meeting that shares its sentence."""
        both = (after, meeting) if after else (meeting,)
        documents = tuple(
            Link(words=document_title(outcome), address=outcome.url)
            for one in both
            for outcome in one.outcomes
            if outcome.url
        )
        return MeetingNode(
            key=f"meeting/{meeting.uid}/{role}",
            text=telling.sentence,
            links=(self.meeting_link(meeting, telling), *documents),
            foreign=telling.foreign,
            dates={one.uid: one.when.as_json() for one in both},
            tile=_tile(both, language=self.language),
            type=self.mechanisms[meeting.mechanisms[0]].type,
            weight=WEIGHTS[meeting.kind],
            notice=self.gettext(_NOTICES[meeting.status]) if meeting.status in _NOTICES else "",
        )


def _told_order(meeting: MeetingFacts) -> tuple[int, date, str]:
    return WEIGHTS[meeting.kind], meeting.when.first or date.max, meeting.uid


def _tile(meetings: tuple[MeetingFacts, ...], *, language: str) -> DateTile:
    first, last = meetings[0].when, meetings[-1].when
    return date_tile(first.first, last.last or last.first, precision=last.precision, language=language)
