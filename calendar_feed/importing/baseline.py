"""What our own calendars say of a meeting: the measure of whether a file says anything new.

A feed of ours trims titles, joins places and shows a month as a day. Read plainly, it would change every
meeting it came from. Whatever a file says in just the words our feed would use says nothing new.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from calendar_feed.addresses import Site
from calendar_feed.compose import compose_event
from calendar_feed.event import EventFacts
from calendar_feed.facts import MechanismFacts, MeetingFacts
from calendar_feed.importing.told import Told
from calendar_feed.spans import Days, Hours, Span, span_of
from calendar_feed.states import Shown, state_of
from models.meeting import Kind, MeetingStatus, Mode, Visibility
from models.when import When
from templates.text import one_line

_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


def composed(meeting: MeetingFacts, *, language: str, base_url: str = "") -> EventFacts | None:
    """Return the event that a feed shows of a meeting while it lies ahead, or None where feeds show none."""
    if meeting.when.first is None:
        return None
    shown = state_of(meeting, as_of=meeting.when.first, language=language)
    if not isinstance(shown, Shown):
        return None
    return compose_event(meeting, shown=shown, sequence=0, language=language, site=Site(base_url))


def facts_of_fields(
    fields: Mapping[str, Any], *, uid: str, slug: str, mechanisms: Mapping[str, MechanismFacts]
) -> MeetingFacts:
    """Return the facts of a meeting from checked values of MEETING_FIELDS; the mechanisms must be known."""
    before = fields["previous_when"]
    return MeetingFacts(
        uid=uid,
        slug=slug,
        title=fields["title"],
        title_in=fields.get("title_in") or {},
        kind=Kind(fields["kind"]),
        status=MeetingStatus(fields["status"]),
        when=When.kept(fields["when"]),
        created_at=_NEVER,
        mechanisms=tuple(mechanisms[one] for one in fields["mechanisms"]),
        reason=fields["reason"],
        previous_when=When.kept(before) if before else None,
        moved_on=datetime.fromisoformat(fields["moved_at"]).date() if fields["moved_at"] else None,
        mode=Mode(fields["mode"]) if fields["mode"] else None,
        venue=fields["venue"],
        city=fields["city"],
        country=fields["country"],
        latitude=fields["latitude"],
        longitude=fields["longitude"],
        join_link=fields["join_link"],
        theme=fields["theme"],
        sessions=tuple(fields["sessions"]),
        local_times=fields["local_times"],
        interpretation=fields["interpretation"],
        hidden=fields["visibility"] == Visibility.HIDDEN.value,
    )


def says_when(told: Told, event: EventFacts, *, when: When) -> bool:
    """Say whether a file shows the event where our feed does, or more coarsely than the record knows it."""
    if told.when is None:
        return True
    span = span_of(told.when)
    if span is not None and _same_span(span, event.span):
        return True
    # A calendar that shows whole days says less than hours on the same days, and nothing against them.
    return isinstance(span, Days) and _days_of(when) == (span.first, span.last)


def _days_of(when: When) -> tuple[date, date] | None:
    return (when.first, when.last) if when.start_time and when.first and when.last else None


def _same_span(one: Span, other: Span) -> bool:
    if one == other:
        return True
    if not isinstance(one, Hours) or not isinstance(other, Hours):
        return False
    return _instants(one) == _instants(other)


def _instants(span: Hours) -> tuple[datetime | None, datetime | None]:
    when = When.moments(span.start, span.end, span.zone)
    return when.start_instant, when.end_instant


def same_text(one: str | None, other: str | None) -> bool:
    """Say whether two texts are one, white space and marks of direction forgiven."""
    return one_line(one or "") == one_line(other or "")


def same_point(one: tuple[float, float] | None, other: tuple[float, float] | None) -> bool:
    """Say whether two points are one, to the six digits that a calendar gives."""
    if one is None or other is None:
        return one is other
    return all(f"{a:.6f}" == f"{b:.6f}" for a, b in zip(one, other, strict=True))
