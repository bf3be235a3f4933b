"""What every section has before it: the facts of the year, the day, and the names its sentences need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from models.meeting import Kind, MeetingStatus
from newsletter.facts import MechanismFacts, MeetingFacts, Record
from newsletter.highlights import Link, MeetingNode
from newsletter.options import Options
from newsletter.wording.outcomes import document_title
from newsletter.wording.sentences import Telling
from templates.dates import DateTile, date_tile

WEIGHTS: Final = {kind: place for place, kind in enumerate(Kind)}
"""How early a meeting is told of: the order of the kinds in the record."""

_NOTICES: Final = {MeetingStatus.CANCELLED: "Cancelled", MeetingStatus.POSTPONED: "Postponed"}


@dataclass(frozen=True)
class Desk:
    """The facts of one issue. today is the day on which it is compiled."""

    record: Record
    year: int
    today: date
    base_url: str
    options: Options

    @property
    def is_recent(self) -> bool:
        """Whether the issue is that of the current or of the last year."""
        return self.year in {self.today.year, self.today.year - 1}

    @cached_property
    def mechanisms(self) -> Mapping[str, MechanismFacts]:
        """The mechanisms by slug, in the order in which they are told: by short name, whatever their type."""
        ordered = sorted(self.record.mechanisms, key=lambda one: (one.short_name.casefold(), one.slug))
        return {mechanism.slug: mechanism for mechanism in ordered}

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
        return Link(words=telling.title, address=f"{self.base_url}/meetings/{meeting.slug}")

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
            dates={one.uid: one.when.as_json() for one in both},
            tile=_tile(both),
            type=self.mechanisms[meeting.mechanisms[0]].type,
            weight=WEIGHTS[meeting.kind],
            notice=_NOTICES.get(meeting.status, ""),
        )


def _told_order(meeting: MeetingFacts) -> tuple[int, date, str]:
    return WEIGHTS[meeting.kind], meeting.when.first or date.max, meeting.uid


def _tile(meetings: tuple[MeetingFacts, ...]) -> DateTile:
    first, last = meetings[0].when, meetings[-1].when
    return date_tile(first.first, last.last or last.first, precision=last.precision)
