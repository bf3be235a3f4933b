"""What is to be told of one meeting now, beside what the world was told of it last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from calendar_feed.addresses import Site
from calendar_feed.changes import is_moved_by_zone, told_facts
from calendar_feed.compose import anchor, compose_event
from calendar_feed.event import render_event
from calendar_feed.facts import MeetingFacts
from calendar_feed.selection import feeds_of
from calendar_feed.spans import Hours
from calendar_feed.states import Shown, state_of
from models.base import Facts

NEVER_TOLD = ""
"""The anchor of a meeting that stood in no feed yet."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One meeting as it should stand in feeds: its VEVENT in each language, stamps not yet filled in.

    For a meeting that stands in no feed `feeds` and `bodies` are empty and `told` is None; its sequence and
    anchor are kept, so that SEQUENCE goes on from there should it come back.
    """

    sequence: int
    anchor: str
    order: str = ""
    feeds: list[str] = field(default_factory=list)
    zone: str | None = None
    ages_on: date | None = None
    bodies: Mapping[str, bytes] = field(default_factory=dict)
    told: Facts | None = None


def tell(
    meeting: MeetingFacts,
    *,
    last: tuple[int, str] | None,
    before: Facts | None = None,
    as_of: date,
    languages: Sequence[str],
    site: Site,
) -> Telling:
    """Render a meeting for the day `as_of`.

    `last` is the sequence and the anchor it was last told with, `before` the facts. SEQUENCE is one for all
    languages and grows by one when start, end, zone, place or status differ from what was told last; so it
    does when newer zone data moves the start or the end, whose values in UTC stand in some variants and forms
    (RFC 5546, 2.1.4: DTSTART and DTEND must not change without it).
    """
    sequence, told = last or (0, NEVER_TOLD)
    states = {language: state_of(meeting, as_of=as_of, language=language) for language in languages}
    shown = {language: state for language, state in states.items() if isinstance(state, Shown)}
    if not shown or meeting.hidden or not meeting.mechanisms:
        return Telling(sequence=sequence, anchor=told)
    any_language = shown[languages[0]]
    now = anchor(meeting, shown=any_language)
    facts = told_facts(meeting)
    if told not in {NEVER_TOLD, now} or is_moved_by_zone(before, facts):
        sequence += 1
    return Telling(
        sequence=sequence,
        anchor=now,
        order=f"{any_language.span.order} {meeting.uid}",
        feeds=feeds_of(meeting, any_language.span),
        zone=any_language.span.zone if isinstance(any_language.span, Hours) else None,
        ages_on=any_language.ages_on,
        bodies={
            language: render_event(
                compose_event(meeting, shown=state, sequence=sequence, language=language, site=site)
            )
            for language, state in shown.items()
        },
        told=facts,
    )
