"""The two pictures of the year, each with the same facts in a sentence and in a table."""

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from models import Precision
from newsletter.facts import MeetingFacts
from newsletter.highlights import HostMark, PictureNode, SpanMark
from newsletter.sections.desk import Desk
from templates.dates import month_name
from templates.text import parted, sorting_key
from templates.words import word

_TYPES: Final = ("rcp", "irf", "global")
_KNOWN: Final = frozenset({Precision.MOMENT, Precision.DAY, Precision.MONTH})


def timeline_of_the_year(desk: Desk, held: Sequence[MeetingFacts]) -> tuple[PictureNode, ...]:
    """Show when the mechanisms met; nothing when they did in less than two months."""
    placed = [one for one in held if one.when.first and one.when.precision in _KNOWN]
    months = Counter(one.when.first.month for one in placed if one.when.first)
    if len(months) < 2:
        return ()
    by_type = Counter((one.when.first.month, _type_of(desk, one)) for one in placed if one.when.first)
    types = [type_ for type_ in _TYPES if any(found == type_ for _, found in by_type)]
    names = {month: month_name(month, language=desk.language) for month in sorted(months)}
    counts = [f"{name} {months[month]}" for month, name in names.items()]
    return (
        PictureNode(
            key="figures/months",
            text=desk.gettext(
                "Meetings by month: %(months)s.", months=parted(counts, language=desk.language)
            ),
            shows="timeline",
            year=desk.year,
            title=desk.gettext("Meetings of %(year)s by month", year=desk.year),
            alt=desk.ngettext(
                "Timeline of the year, with %(num)s meeting at its days.",
                "Timeline of the year, with %(num)s meetings at their days, by type of mechanism.",
                len(placed),
            ),
            note=_note_of_months(desk, placed, unplaced=len(held) - len(placed)),
            columns=(
                desk.gettext("Month"),
                *(word("short type", type_, language=desk.language) for type_ in types),
            ),
            rows=tuple(
                (name, *(str(by_type[month, type_]) for type_ in types)) for month, name in names.items()
            ),
            spans=tuple(_span(desk, one) for one in placed),
        ),
    )


def map_of_hosts(desk: Desk, held: Sequence[MeetingFacts]) -> tuple[PictureNode, ...]:
    """Show where the mechanisms met; nothing when they did in less than two countries."""
    counts = Counter(one.country for one in held if one.country)
    if len(counts) < 2:
        return ()
    hosts = sorted(
        (
            HostMark(code=code, name=desk.countries.get(code, code), meetings=number)
            for code, number in counts.items()
        ),
        key=lambda host: (sorting_key(host.name), host.code),
    )
    told = [host.name if host.meetings == 1 else f"{host.name} ({host.meetings})" for host in hosts]
    return (
        PictureNode(
            key="figures/hosts",
            text=desk.gettext(
                "Host countries: %(countries)s.", countries=parted(told, language=desk.language)
            ),
            shows="map",
            year=desk.year,
            title=desk.gettext("Host countries of %(year)s", year=desk.year),
            alt=desk.ngettext(
                "Map of the world with a mark on the host country.",
                "Map of the world with a mark on each of the %(num)s host countries.",
                len(hosts),
            ),
            # What the United Nations says under its maps, in our words.
            note=desk.gettext(
                "The map is simplified and shows no boundaries. Its marks and names express no opinion on "
                "the legal status of any country, territory, city or area, on its authorities or frontiers."
            ),
            columns=(desk.gettext("Country"), desk.gettext("Meetings")),
            rows=tuple((host.name, str(host.meetings)) for host in hosts),
            hosts=tuple(hosts),
        ),
    )


def _note_of_months(desk: Desk, placed: Sequence[MeetingFacts], *, unplaced: int) -> str:
    notes = []
    if any(one.when.precision is Precision.MONTH for one in placed):
        notes.append(desk.gettext("An outline is a meeting of which only the month is known."))
    if unplaced:
        notes.append(
            desk.ngettext(
                "%(num)s meeting of which the month is not known is not shown.",
                "%(num)s meetings of which the month is not known are not shown.",
                unplaced,
            )
        )
    return " ".join(notes)


def _span(desk: Desk, meeting: MeetingFacts) -> SpanMark:
    first = meeting.when.first or date(desk.year, 1, 1)
    last = meeting.when.last or first
    has_days = meeting.when.precision is not Precision.MONTH
    if not has_days:
        first, last = first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1])
    return SpanMark(
        type=_type_of(desk, meeting), first=first.isoformat(), last=last.isoformat(), has_days=has_days
    )


def _type_of(desk: Desk, meeting: MeetingFacts) -> str:
    return desk.mechanisms[meeting.mechanisms[0]].type
