"""The sentence fragment that tells of one meeting under its mechanism's heading."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from models.meeting import Kind, MeetingStatus
from models.when import When
from newsletter.facts import MechanismFacts, MeetingFacts, OutcomeFacts
from newsletter.wording import dates, outcomes
from newsletter.wording.names import named, named_all
from newsletter.wording.places import place
from newsletter.wording.telling import Telling
from newsletter.wording.titles import (
    in_sentence,
    is_foreign,
    opening,
    shown_title,
    with_the,
    without_what_it_leads_into,
)

_MOVED_DAYS: Final = 28

ANNOUNCED: Final = frozenset({MeetingStatus.PLANNED, MeetingStatus.TENTATIVE, MeetingStatus.CONFIRMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who tells of meetings: the mechanism of the heading, and the names that its sentences need."""

    mechanism: MechanismFacts
    mechanisms: Mapping[str, MechanismFacts]
    countries: Mapping[str, str]

    def tell(self, meeting: MeetingFacts, *, after: MeetingFacts | None = None) -> Telling:
        """Tell of a meeting.

        After is the senior officials' meeting that led into it and shares the sentence.
        """
        title = self._title(meeting)
        noun = with_the(title, meeting.kind)
        where = place(meeting, self.countries)
        if after is None:
            sentence = self._alone(meeting, noun, where)
        else:
            sentence = self._together(meeting, after, noun, where)
        return Telling(
            opening(sentence) + ".", title if is_foreign(title) else in_sentence(title, meeting.kind)
        )

    def name(self, meeting: MeetingFacts) -> Telling:
        """Name a joint meeting that is told under another mechanism's heading."""
        first = self.mechanisms[meeting.mechanisms[0]]
        title = self._title(meeting)
        act = "announced" if meeting.status in ANNOUNCED else "held"
        with_whom = (
            f"{act} jointly with {named(first)} (see there)"
            if first.is_iscm
            else f"{act} as the global meeting (see there)"
        )
        sentence = f"{with_the(title, meeting.kind)}, {dates.dates(meeting.when)}, {with_whom}."
        return Telling(opening(sentence), title if is_foreign(title) else in_sentence(title, meeting.kind))

    def _jointly(self, meeting: MeetingFacts) -> str:
        """Name the other mechanisms of a joint meeting, unless its title names them."""
        others = [self.mechanisms[slug] for slug in meeting.mechanisms if slug != self.mechanism.slug]
        unnamed = [other for other in others if not any(name in meeting.title for name in other.names)]
        return f", jointly with {named_all(unnamed)}" if unnamed else ""

    def _title(self, meeting: MeetingFacts) -> str:
        country = self.countries.get(meeting.country or "")
        return shown_title(meeting, self.mechanism, country)

    def _alone(self, meeting: MeetingFacts, noun: str, where: str) -> str:
        if meeting.status in ANNOUNCED:
            when = f"{_with_place(dates.announced_for(meeting.when), where)}{dates.open_end(meeting.when)}"
            moved = _moved_from(meeting).replace("first called", "having first been called")
            further = f"{moved}{self._jointly(meeting)}"
            return f"{noun} {_was(noun)} announced for {when}{further}{_hoped_for(meeting.outcomes)}"
        when = _with_place(dates.dates(meeting.when), where)
        if meeting.status in {MeetingStatus.CANCELLED, MeetingStatus.POSTPONED}:
            return (
                f"{noun}, announced for {when}, {_was(noun)} {meeting.status.value}{_because(meeting.reason)}"
            )
        further = f"{_moved_from(meeting)}{self._jointly(meeting)}"
        return f"{noun}, {when}{further}{_what_of_it(meeting)}"

    def _together(self, meeting: MeetingFacts, led_by: MeetingFacts, noun: str, where: str) -> str:
        led = with_the(without_what_it_leads_into(self._title(led_by)), led_by.kind)
        both = replace(
            meeting,
            outcomes=led_by.outcomes + meeting.outcomes,
            theme=meeting.theme or led_by.theme,
        )
        if meeting.status in ANNOUNCED:
            first = f"{led} {_was(led)} announced for {dates.announced_for(led_by.when)}"
            second = _with_place(dates.announced_for(meeting.when), where)
            return f"{first} and {noun} for {second}{self._jointly(meeting)}{_hoped_for(both.outcomes)}"
        when = _with_place(dates.dates(meeting.when), where)
        further = f"{self._jointly(meeting)}{_what_of_it(both)}"
        return f"{led}, {dates.dates(led_by.when)}, and {noun}, {when}{further}"


def leads_into(officials: MeetingFacts, meeting: MeetingFacts) -> bool:
    """Say whether a senior officials' meeting leads into a ministerial one: adjoining dates in the same city.

    Where the end of the officials' meeting is not stated, a ministerial that begins up to two days later
    counts.
    """
    ministerial = {Kind.SUMMIT, Kind.MINISTERIAL, Kind.VICE_MINISTERIAL}
    if officials.kind is not Kind.SENIOR_OFFICIALS or meeting.kind not in ministerial:
        return False
    same = (officials.city, officials.country, officials.status, officials.mechanisms[0]) == (
        meeting.city, meeting.country, meeting.status, meeting.mechanisms[0],
    )  # fmt: skip
    if not same or meeting.status in {MeetingStatus.CANCELLED, MeetingStatus.POSTPONED} or not meeting.city:
        return False
    begins, follows = officials.when.first, meeting.when.first
    if begins is None or follows is None or not (_is_day(officials.when) and _is_day(meeting.when)):
        return False
    reach = 2 if officials.when.last is None else ((officials.when.last - begins).days + 1)
    return 0 <= (follows - begins).days <= reach


def _is_day(when: When) -> bool:
    return when.precision.value in {"day", "moment"}


def _with_place(when: str, where: str) -> str:
    if not where:
        return when
    return f"{when}, {where}" if where.startswith("online") else f"{when} {where}"


def _what_of_it(meeting: MeetingFacts) -> str:
    came = outcomes.came_of_it(meeting.outcomes)
    if came:
        return f", {came}"
    return f", {outcomes.about(meeting.theme)}" if meeting.theme else ""


def _hoped_for(documents: Sequence[OutcomeFacts]) -> str:
    """Say what came of a meeting that was only announced.

    A document that is known after all, or one expected.
    """
    came, hoped = outcomes.came_of_it(documents), outcomes.expected(documents)
    return (f", and {came}" if came else "") + (f", with {hoped} expected" if hoped else "")


def _moved_from(meeting: MeetingFacts) -> str:
    """Say the days a meeting was first called for, where it moved by weeks."""
    if meeting.previous_when is None or not has_moved(meeting):
        return ""
    return f", first called for {dates.announced_for(meeting.previous_when)}"


def has_moved(meeting: MeetingFacts) -> bool:
    """Say whether a meeting moved by weeks from the days it was first called for.

    A month that became days was not moved, and a day or two were a correction that no reader of a year
    misses.
    """
    before, since = meeting.previous_when, meeting.when
    if before is None or before.first is None or since.first is None or not _is_day(before):
        return False
    return abs((since.first - before.first).days) >= _MOVED_DAYS


def _because(reason: str | None) -> str:
    return f" ({reason.strip().rstrip('.')})" if reason else ""


def _was(noun: str) -> str:
    """Choose the verb by the noun that the title begins with.

    "the virtual meetings were", "the summit was".
    """
    head = re.split(r" of | on |: | “", noun, maxsplit=1)[0]
    last = head.split()[-1]
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is")) and last[:-1].casefold() in _PLURALS
    return "were" if plural or " and " in head else "was"


_PLURALS: Final = frozenset(
    ["meeting", "consultation", "webinar", "talk", "session", "workshop", "round", "dialogue", "conference"]
)
