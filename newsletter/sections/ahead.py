"""The calendar of the next twelve months, each date no more exact than it is known."""

from datetime import date, timedelta
from typing import Final

from models.meeting import MeetingStatus
from models.when import Precision
from newsletter.facts import MeetingFacts
from newsletter.highlights import Node
from newsletter.sections.desk import Desk
from newsletter.wording.dates import dates, open_end
from newsletter.wording.own_titles import own_title
from newsletter.wording.places import place
from newsletter.wording.plain_sentences import when_and_where
from newsletter.wording.telling import Telling
from newsletter.wording.titles import in_sentence, is_foreign, opening, shown_title
from templates.languages import ENGLISH


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when a node is made."""
    return sentence


_HOW_WELL_KNOWN: Final = {
    Precision.MONTH: _("the day is not yet known"),
    Precision.QUARTER: _("the month is not yet known"),
    Precision.YEAR: _("the month is not yet known"),
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
    if desk.language != ENGLISH:
        return _told_plainly(desk, meeting)
    first = desk.mechanisms[meeting.mechanisms[0]]
    title = shown_title(meeting, first, desk.countries.get(meeting.country or ""))
    words = title if is_foreign(title) else opening(in_sentence(title, meeting.kind))
    where = place(meeting, desk.countries)
    when = dates(meeting.when).removeprefix("on ")
    apart = where.startswith("online") or meeting.when.first is None
    spot = f"{',' if apart else ''} {where}" if where else ""
    return Telling(f"{_whose(desk, meeting, title)}{words}, {when}{spot}{_state(desk, meeting)}.", words)


def _told_plainly(desk: Desk, meeting: MeetingFacts) -> Telling:
    """Tell of a meeting to come from the catalogue of the edition's language."""
    first = desk.mechanisms[meeting.mechanisms[0]]
    title = own_title(meeting, first, language=desk.language)
    when = f"{when_and_where(meeting, desk.countries, language=desk.language)}{_state(desk, meeting)}"
    whose = _whose(desk, meeting, title).removesuffix(": ")
    if whose:
        said = desk.gettext("%(mechanisms)s: %(title)s, %(when)s.", mechanisms=whose, title=title, when=when)
    else:
        said = desk.gettext("%(title)s, %(when)s.", title=title, when=when)
    return Telling(said, title, desk.foreign(title, meeting.language))


def _whose(desk: Desk, meeting: MeetingFacts, shown: str) -> str:
    """Name the mechanisms of a meeting in front of its title, unless the title names them."""
    mechanisms = [desk.mechanisms[slug] for slug in meeting.mechanisms]
    unnamed = [
        one for one in mechanisms if one.short_name not in shown and (one.acronym or "\0") not in shown
    ]
    return f"{' / '.join(one.short_name for one in mechanisms)}: " if unnamed else ""


def _state(desk: Desk, meeting: MeetingFacts) -> str:
    said = [
        desk.gettext("postponed, with no new date yet") if meeting.status is MeetingStatus.POSTPONED else "",
        desk.gettext("dates proposed") if meeting.status is MeetingStatus.TENTATIVE else "",
        desk.gettext(_HOW_WELL_KNOWN[meeting.when.precision])
        if meeting.when.precision in _HOW_WELL_KNOWN
        else "",
    ]
    known = [words for words in said if words]
    if not known:
        return open_end(meeting.when) if desk.language == ENGLISH else ""
    return f" ({('؛ ' if desk.language == 'ar' else '; ').join(known)})"
