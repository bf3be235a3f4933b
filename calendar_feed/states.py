"""What a calendar says of a meeting's state on a day: the whole table of calendar.md, section 2.

Google hides STATUS:CANCELLED, Outlook ignores it, Thunderbird strikes it through; so every state stands in
STATUS, in the title and in the description at once. Some states age: what is said of them changes with the
day alone, and `ages_on` tells when.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from calendar_feed.facts import MeetingFacts
from calendar_feed.spans import Days, Span, span_of
from models.meeting import MeetingStatus
from models.when import Precision, When
from templates.dates import written_when
from templates.languages import catalogue

CANCELLED_STAYS = timedelta(days=30)
"""How long a cancelled meeting stays in feeds after its last day."""
MOVE_IS_TOLD = timedelta(days=60)
"""How long a moved meeting says from which dates it was moved."""

MONTH_MARK = ("X-ISCM-DATE-PRECISION", "MONTH")
HOURS_MARK = "X-ISCM-HOURS"

_DAY = timedelta(days=1)


class EventStatus(StrEnum):
    """STATUS of a VEVENT (RFC 5545, 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Shown:
    """A meeting that stands in feeds.

    `prefix` goes before its title, `remarks` are sentences of its description, `reason` is why it was
    cancelled or postponed, `marks` are X- properties. `ages_on` is the first as-of day on which something
    else must be said, None for never.
    """

    span: Span
    status: EventStatus
    prefix: str = ""
    remarks: tuple[str, ...] = ()
    reason: str | None = None
    marks: tuple[tuple[str, str], ...] = ()
    ages_on: date | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """A meeting that stands in no feed; no day alone brings it back."""


def state_of(meeting: MeetingFacts, *, as_of: date, language: str) -> Shown | Absent:
    """Return what a feed in `language` says of a meeting's state on the day `as_of` (a day in UTC)."""
    found = _state(meeting, as_of=as_of, language=language)
    if isinstance(found, Shown) and (mark := _hours_mark(meeting.when, found.span)):
        return replace(found, marks=(*found.marks, mark))
    return found


def _state(meeting: MeetingFacts, *, as_of: date, language: str) -> Shown | Absent:
    when, span = meeting.when, span_of(meeting.when)
    last = when.closing_day
    if span is None or last is None:
        return Absent()
    if meeting.status is MeetingStatus.CANCELLED:
        return _cancelled(meeting, span=span, last=last, as_of=as_of, language=language)
    if when.precision is Precision.MONTH:
        return _month(meeting, span=span, last=last, as_of=as_of, language=language)
    return _exact(meeting, span=span, last=last, as_of=as_of, language=language)


def _cancelled(
    meeting: MeetingFacts, *, span: Span, last: date, as_of: date, language: str
) -> Shown | Absent:
    leaves_on = last + CANCELLED_STAYS + _DAY
    if as_of >= leaves_on:
        return Absent()
    sentence = catalogue(language).gettext
    return Shown(
        span=span,
        status=EventStatus.CANCELLED,
        prefix=sentence("CANCELLED: "),
        remarks=(sentence("This meeting has been cancelled."), *_as_known(meeting.when, language=language)),
        reason=meeting.reason,
        marks=_precision_mark(meeting.when),
        ages_on=leaves_on,
    )


def _month(meeting: MeetingFacts, *, span: Span, last: date, as_of: date, language: str) -> Shown | Absent:
    """Say what is known of a meeting of which only the month is known."""
    sentence = catalogue(language).gettext
    when, marks = meeting.when, _precision_mark(meeting.when)
    month = _written(when, language=language)
    known = _as_known(when, language=language)
    if meeting.status is MeetingStatus.HELD:
        prefix = sentence("%(month)s (day not known): ") % {"month": month}
        return Shown(span=span, status=EventStatus.CONFIRMED, prefix=prefix, remarks=known, marks=marks)
    if as_of > last:
        return Absent()
    if meeting.status is MeetingStatus.POSTPONED:
        shown = _postponed(meeting, span=span, language=language)
        return replace(
            shown,
            remarks=(*shown.remarks, *known),
            marks=(*shown.marks, *marks),
            ages_on=last + _DAY,
        )
    prefix = sentence("Date TBC (%(month)s): ") % {"month": month}
    remarks = (sentence("Only the month is announced; the day is to be confirmed."),)
    moved, told_until = _move(meeting, as_of=as_of, language=language)
    return Shown(
        span=span,
        status=EventStatus.TENTATIVE,
        prefix=prefix,
        remarks=(*remarks, *moved),
        marks=marks,
        ages_on=_earliest(told_until, last + _DAY),
    )


def _exact(meeting: MeetingFacts, *, span: Span, last: date, as_of: date, language: str) -> Shown:
    """Say what is known of a meeting whose day is known."""
    sentence = catalogue(language).gettext
    open_end = (sentence("End not stated."),) if meeting.when.last is None else ()
    if meeting.status is MeetingStatus.POSTPONED:
        shown = _postponed(meeting, span=span, language=language)
        return replace(shown, remarks=(*shown.remarks, *open_end))
    status, prefix = EventStatus.CONFIRMED, ""
    remarks, ages_on = open_end, None
    if meeting.status is MeetingStatus.TENTATIVE:
        status, prefix = EventStatus.TENTATIVE, sentence("TBC: ")
        remarks = (*remarks, sentence("These dates are proposed and not yet confirmed."))
    if meeting.status is not MeetingStatus.HELD:
        if as_of > last:
            remarks = (*remarks, sentence("Announced; not confirmed as held."))
        else:
            ages_on = last + _DAY
    moved, told_until = _move(meeting, as_of=as_of, language=language)
    return Shown(
        span=span,
        status=status,
        prefix=prefix,
        remarks=(*moved, *remarks),
        ages_on=_earliest(ages_on, told_until),
    )


def _postponed(meeting: MeetingFacts, *, span: Span, language: str) -> Shown:
    sentence = catalogue(language).gettext
    return Shown(
        span=span,
        status=EventStatus.TENTATIVE,
        prefix=sentence("POSTPONED: "),
        remarks=(
            sentence("This meeting has been postponed; new dates are not yet known."),
            sentence("The dates shown are the old ones."),
        ),
        reason=meeting.reason,
        marks=(("X-ISCM-STATUS", "POSTPONED"),),
    )


def _move(meeting: MeetingFacts, *, as_of: date, language: str) -> tuple[tuple[str, ...], date | None]:
    """Return the sentence on the dates given up, and the day from which it is no longer said."""
    before = meeting.previous_when
    if before is None or before.first is None or meeting.moved_on is None:
        return (), None
    until = meeting.moved_on + MOVE_IS_TOLD
    if as_of >= until:
        return (), None
    sentence = catalogue(language).gettext
    return (sentence("Moved from %(dates)s.") % {"dates": _written(before, language=language)},), until


def _as_known(when: When, *, language: str) -> tuple[str, ...]:
    if when.precision is not Precision.MONTH:
        return ()
    sentence = catalogue(language).gettext
    return (sentence("Only the month is known; the day shown stands for it."),)


def _precision_mark(when: When) -> tuple[tuple[str, str], ...]:
    return (MONTH_MARK,) if when.precision is Precision.MONTH else ()


def _hours_mark(when: When, span: Span) -> tuple[str, str] | None:
    """Return the hours of days that stand as whole days: from them the variant `sessions` makes sittings."""
    if not isinstance(span, Days) or when.precision is not Precision.MOMENT or when.start_time is None:
        return None
    if when.end_time is None or when.end_time <= when.start_time or when.last is None:
        return None
    return HOURS_MARK, f"{when.start_time:%H%M%S}/{when.end_time:%H%M%S} {when.zone}"


def _written(when: When, *, language: str) -> str:
    return written_when(when.first, when.last, precision=when.precision.value, language=language)


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
