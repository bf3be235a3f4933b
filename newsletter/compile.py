"""Compile an issue: from plain facts, at a moment and under options, to the typed tree. A pure function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from newsletter.facts import Record
from newsletter.highlights import Highlights, Node, Paragraph, Section
from newsletter.options import Options
from newsletter.sections.ahead import meetings_ahead
from newsletter.sections.chairs import chairs_and_contacts
from newsletter.sections.desk import Desk
from newsletter.sections.documents import documents_of_the_year
from newsletter.sections.figures import preview_line, year_in_figures
from newsletter.sections.mechanisms import global_meeting, mechanisms_of_the_year
from newsletter.sections.notes import name_notes
from newsletter.sections.subscribe import how_to_subscribe
from newsletter.sections.themes import themes_of_the_year


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a section is headed and filled. Only a recent issue has the sections that are recent_only."""

    heading: str
    nodes: Callable[[Desk], tuple[Node, ...]]
    recent_only: bool = False


def _nothing(desk: Desk) -> tuple[Node, ...]:
    """Leave a section to the editor."""
    del desk
    return ()


_PLANS: Final[Mapping[str, _Plan]] = {
    "foreword": _Plan("Foreword", _nothing),
    "figures": _Plan("{year} in figures", year_in_figures),
    "mechanisms": _Plan("Mechanisms", mechanisms_of_the_year),
    "global_meeting": _Plan("Global meeting", global_meeting),
    "themes": _Plan("Themes", themes_of_the_year),
    "documents": _Plan("Documents of {year}", documents_of_the_year),
    "ahead": _Plan("Calendar ahead", meetings_ahead, recent_only=True),
    "chairs": _Plan("Chairs and contacts", chairs_and_contacts, recent_only=True),
    "subscribe": _Plan("How to subscribe", how_to_subscribe, recent_only=True),
}


def compile_highlights(
    record: Record, *, code: str, year: int, now: datetime, options: Options
) -> Highlights:
    """Return the issue of a year as the record has it at the moment now (aware).

    Equal facts, moment and options give an equal tree. An issue is recent while its year is the current or
    the last one at that moment.
    """
    desk = Desk(record=record, year=year, today=now.date(), base_url=options.base_url, options=options)
    sections = tuple(_section(key, desk, is_on=key not in options.off) for key in options.order)
    return Highlights(
        code=code,
        year=year,
        language=options.language,
        title=f"ISCM Highlights {year}",
        address=f"{options.base_url}/highlights/{code}",
        subject=Paragraph(key="issue/subject", text=f"ISCM Highlights {year}"),
        preheader=Paragraph(key="issue/preheader", text=preview_line(desk)),
        sections=sections,
        notes=name_notes(desk, sections),
    )


def _section(key: str, desk: Desk, *, is_on: bool) -> Section:
    plan = _PLANS[key]
    is_due = desk.is_recent or not plan.recent_only
    return Section(
        key=key,
        heading=plan.heading.format(year=desk.year),
        intro=Paragraph(key=f"{key}/text", text=""),
        nodes=plan.nodes(desk) if is_due else (),
        is_on=is_on,
    )
