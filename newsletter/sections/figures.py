"""The year in figures: counts, then a timeline and a map."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from models.meeting import Kind, MeetingStatus, Mode
from newsletter.facts import MechanismFacts, MeetingFacts
from newsletter.highlights import Figure, Node, Paragraph
from newsletter.sections.desk import Desk
from newsletter.sections.drawn import map_of_hosts, timeline_of_the_year
from newsletter.wording.outcomes import came_of_it
from newsletter.wording.sentences import ANNOUNCED
from templates.text import joined

_MINISTERIAL: Final = frozenset({Kind.SUMMIT, Kind.MINISTERIAL, Kind.VICE_MINISTERIAL})


def year_in_figures(desk: Desk) -> tuple[Node, ...]:
    """Count what is known to have been held, and say apart what was only announced."""
    held = _held(desk)
    if not held and not _announced(desk):
        return ()
    ngettext = desk.ngettext
    countries = {meeting.country for meeting in held if meeting.country}
    documents = sum(1 for one in held for outcome in one.outcomes if outcome.act != "expected")
    met = len(_that_met(desk, held))
    counts = (
        ("meetings", len(held), ngettext("meeting held", "meetings held", len(held))),
        ("mechanisms", met, ngettext("mechanism that met", "mechanisms that met", met)),
        ("countries", len(countries), ngettext("host country", "host countries", len(countries))),
        ("documents", documents, ngettext("outcome document", "outcome documents", documents)),
    )
    figures = tuple(
        Figure(key=f"figure/{key}", value=value, label=label) for key, value, label in counts if value
    )
    summary = (_by_type(desk, held), *_by_level(desk, held), *_announced_in_words(desk, held))
    said = " ".join(sentence for sentence in summary if sentence)
    return (
        *figures,
        *((Paragraph(key="figures/summary", text=said),) if said else ()),
        *timeline_of_the_year(desk, held),
        *map_of_hosts(desk, held),
    )


def preview_line(desk: Desk) -> str:
    """Return the line that a mailbox shows beside the subject."""
    held = _held(desk)
    if not held:
        return desk.gettext(
            "The year %(year)s of the inter-State consultation mechanisms on migration.", year=desk.year
        )
    met = len(_that_met(desk, held))
    counts = [desk.ngettext("%(num)s mechanism", "%(num)s mechanisms", met)] if met else []
    counts.append(desk.ngettext("%(num)s meeting", "%(num)s meetings", len(held)))
    return desk.gettext(
        "%(counts)s: what was adopted, endorsed and discussed in %(year)s.",
        counts=joined(counts, language=desk.language),
        year=desk.year,
    )


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
    regional, interregional, worldwide = types["rcp"], types["irf"], types["global"]
    parts = (
        (
            regional,
            desk.ngettext(
                "%(num)s regional consultative process", "%(num)s regional consultative processes", regional
            ),
        ),
        (
            interregional,
            desk.ngettext("%(num)s interregional forum", "%(num)s interregional forums", interregional),
        ),
        (worldwide, desk.ngettext("%(num)s global process", "%(num)s global processes", worldwide)),
    )
    counts = [words for number, words in parts if number]
    return desk.gettext(
        "In %(year)s, %(mechanisms)s met.", year=desk.year, mechanisms=joined(counts, language=desk.language)
    )


def _by_level(desk: Desk, held: Sequence[MeetingFacts]) -> Iterator[str]:
    ministerial = sum(1 for meeting in held if meeting.kind in _MINISTERIAL)
    online = sum(1 for meeting in held if meeting.mode is Mode.ONLINE)
    if ministerial:
        yield desk.ngettext(
            "%(num)s meeting was at the level of ministers or vice-ministers.",
            "%(num)s meetings were at the level of ministers or vice-ministers.",
            ministerial,
        )
    if online:
        yield desk.ngettext("%(num)s meeting was held online.", "%(num)s meetings were held online.", online)


def _announced_in_words(desk: Desk, held: Sequence[MeetingFacts]) -> Iterator[str]:
    """Say what was announced and has passed without a report, and what is still to come."""
    announced = _announced(desk)
    to_come = [one for one in announced if not one.when.is_over(desk.today)]
    silent = sum(1 for one in announced if one not in to_come and not came_of_it(one.outcomes))
    if silent and held:
        yield desk.ngettext(
            "A further %(num)s meeting was announced; no report of it is on record.",
            "A further %(num)s meetings were announced; no report of them is on record.",
            silent,
        )
    elif silent:
        yield desk.ngettext(
            "%(num)s meeting was announced; no report of it is on record.",
            "%(num)s meetings were announced; no report of them is on record.",
            silent,
        )
    if to_come:
        yield desk.ngettext(
            "%(num)s meeting is still to come.", "%(num)s meetings are still to come.", len(to_come)
        )
