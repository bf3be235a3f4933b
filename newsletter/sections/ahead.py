"""The calendar of the next twelve months, each date no more exact than it is known."""

from datetime import date, timedelta
from typing import Final

from models.meeting import MeetingStatus
from models.when import Precision
from newsletter.facts import MeetingFacts
from newsletter.highlights import Node
from newsletter.sections.desk import Desk
from newsletter.wording.dates import dates, open_end
from newsletter.wording.places import place
from newsletter.wording.sentences import Telling
from newsletter.wording.titles import in_sentence, is_foreign, opening, shown_title

_HOW_WELL_KNOWN: Final = {
    Precision.MONTH: "the day is not yet known",
    Precision.QUARTER: "the month is not yet known",
    Precision.YEAR: "the month is not yet known",
}


def meetings_ahead(desk: Desk) -> tuple[Node, ...]:
    """List what is to come from today to the same day of next year; what has no date at all stands last."""
    coming = sorted((one for one in desk.record.meetings if _is_ahead(one, desk.today)), key=_order)
    return tuple(desk.meeting_node(one, _told(desk, one), role="ahead") for one in coming)


def _is_ahead(meeting: MeetingFacts, today: date) -> bool:
    if meeting.status in {MeetingStatus.CANCELLED, MeetingStatus.HELD}:
        return False
    first, closing = meeting.when.first, meeting.when.closing_day
    if first is None or closing is None:
        return True
    return closing >= today and first <= today + timedelta(days=365)


def _order(meeting: MeetingFacts) -> tuple[date, date, str]:
    return meeting.when.first or date.max, meeting.when.closing_day or date.max, meeting.uid


def _told(desk: Desk, meeting: MeetingFacts) -> Telling:
    first = desk.mechanisms[meeting.mechanisms[0]]
    title = shown_title(meeting, first, desk.countries.get(meeting.country or ""))
    words = title if is_foreign(title) else opening(in_sentence(title, meeting.kind))
    where = place(meeting, desk.countries)
    when = dates(meeting.when).removeprefix("on ")
    apart = where.startswith("online") or meeting.when.first is None
    spot = f"{',' if apart else ''} {where}" if where else ""
    return Telling(f"{_whose(desk, meeting, title)}{words}, {when}{spot}{_state(meeting)}.", words)


def _whose(desk: Desk, meeting: MeetingFacts, shown: str) -> str:
    """Name the mechanisms of a meeting in front of its title, unless the title names them."""
    mechanisms = [desk.mechanisms[slug] for slug in meeting.mechanisms]
    unnamed = [
        one for one in mechanisms if one.short_name not in shown and (one.acronym or "\0") not in shown
    ]
    return f"{' / '.join(one.short_name for one in mechanisms)}: " if unnamed else ""


def _state(meeting: MeetingFacts) -> str:
    said = [
        "postponed, with no new date yet" if meeting.status is MeetingStatus.POSTPONED else "",
        "dates proposed" if meeting.status is MeetingStatus.TENTATIVE else "",
        _HOW_WELL_KNOWN.get(meeting.when.precision, ""),
    ]
    known = [words for words in said if words]
    return f" ({'; '.join(known)})" if known else open_end(meeting.when)
