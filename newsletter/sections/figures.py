"""The year in figures: counts, and in words what a map and a timeline would show."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from models.meeting import Kind, MeetingStatus, Mode
from newsletter.facts import MechanismFacts, MeetingFacts
from newsletter.highlights import Figure, Node, Paragraph
from newsletter.sections.desk import Desk
from newsletter.wording.outcomes import came_of_it
from newsletter.wording.sentences import ANNOUNCED
from templates.dates import month_name
from templates.text import joined

_TYPE_NAMES: Final = {
    "rcp": ("regional consultative process", "regional consultative processes"),
    "irf": ("interregional forum", "interregional forums"),
    "global": ("global process", "global processes"),
}
_MINISTERIAL: Final = frozenset({Kind.SUMMIT, Kind.MINISTERIAL, Kind.VICE_MINISTERIAL})


def year_in_figures(desk: Desk) -> tuple[Node, ...]:
    """Count what is known to have been held, and say apart what was only announced."""
    held = _held(desk)
    if not held and not _announced(desk):
        return ()
    countries = {meeting.country for meeting in held if meeting.country}
    documents = sum(1 for one in held for outcome in one.outcomes if outcome.act != "expected")
    counts = (
        ("meetings", len(held), "meeting held", "meetings held"),
        ("mechanisms", len(_that_met(desk, held)), "mechanism that met", "mechanisms that met"),
        ("countries", len(countries), "host country", "host countries"),
        ("documents", documents, "outcome document", "outcome documents"),
    )
    figures = tuple(
        Figure(key=f"figure/{key}", value=value, label=one if value == 1 else many)
        for key, value, one, many in counts
        if value
    )
    summary = (_by_type(desk, held), _by_level(held), *_announced_in_words(desk, held))
    texts = (
        ("summary", " ".join(sentence for sentence in summary if sentence)),
        ("months", _by_month(held)),
        ("hosts", _hosts(desk, held)),
    )
    return (*figures, *(Paragraph(key=f"figures/{key}", text=text) for key, text in texts if text))


def preview_line(desk: Desk) -> str:
    """Return the line that a mailbox shows beside the subject."""
    held = _held(desk)
    if not held:
        return f"The year {desk.year} of the inter-State consultation mechanisms on migration."
    met = _that_met(desk, held)
    counts = [_count(len(met), "mechanism", "mechanisms")] if met else []
    counts.append(_count(len(held), "meeting", "meetings"))
    return f"{joined(counts)}: what was adopted, endorsed and discussed in {desk.year}."


def _held(desk: Desk) -> list[MeetingFacts]:
    return [meeting for meeting in desk.meetings if meeting.status is MeetingStatus.HELD]


def _announced(desk: Desk) -> list[MeetingFacts]:
    return [meeting for meeting in desk.meetings if meeting.status in ANNOUNCED]


def _that_met(desk: Desk, held: Sequence[MeetingFacts]) -> list[MechanismFacts]:
    slugs = {slug for meeting in held for slug in meeting.mechanisms}
    return [one for one in desk.mechanisms.values() if one.slug in slugs and one.is_iscm]


def _by_type(desk: Desk, held: Sequence[MeetingFacts]) -> str:
    types = Counter(mechanism.type for mechanism in _that_met(desk, held))
    if not types:
        return ""
    parts = [_count(types[name], one, many) for name, (one, many) in _TYPE_NAMES.items() if types[name]]
    return f"In {desk.year}, {joined(parts)} met."


def _by_level(held: Sequence[MeetingFacts]) -> str:
    ministerial = sum(1 for meeting in held if meeting.kind in _MINISTERIAL)
    online = sum(1 for meeting in held if meeting.mode is Mode.ONLINE)
    said = []
    if ministerial:
        said.append(f"{_count(ministerial, 'was', 'were')} at the level of ministers or vice-ministers")
    if online:
        said.append(f"{_count(online, 'was', 'were')} held online")
    if not said:
        return ""
    return (
        f"It {joined([words.removeprefix('1 ') for words in said])}."
        if len(held) == 1
        else f"Of the meetings, {joined(said)}."
    )


def _announced_in_words(desk: Desk, held: Sequence[MeetingFacts]) -> tuple[str, str]:
    """Say what was announced and has passed without a report, and what is still to come."""
    announced = _announced(desk)
    to_come = [one for one in announced if not one.when.is_over(desk.today)]
    silent = [one for one in announced if one not in to_come and not came_of_it(one.outcomes)]
    further = "A further " if held else ""
    passed = _count(len(silent), "meeting was", "meetings were")
    them = "it" if len(silent) == 1 else "them"
    return (
        f"{further}{passed} announced; no report of {them} is on record." if silent else "",
        f"{_count(len(to_come), 'meeting is', 'meetings are')} still to come." if to_come else "",
    )


def _by_month(held: Sequence[MeetingFacts]) -> str:
    months = Counter(
        meeting.when.first.month
        for meeting in held
        if meeting.when.first and meeting.when.precision.value in {"moment", "day", "month"}
    )
    if len(months) < 2:
        return ""
    return (
        f"Meetings by month: {', '.join(f'{month_name(month)} {months[month]}' for month in sorted(months))}."
    )


def _hosts(desk: Desk, held: Sequence[MeetingFacts]) -> str:
    names = sorted({desk.countries.get(one.country, one.country) for one in held if one.country})
    return f"Host countries: {', '.join(names)}." if len(names) > 1 else ""


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
