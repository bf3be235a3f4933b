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
from templates.languages import ENGLISH


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when an edition is compiled."""
    return sentence


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


CORRECTION: Final = "correction"
"""The section of a correction that says what was not right; no other issue has it."""

_PLANS: Final[Mapping[str, _Plan]] = {
    CORRECTION: _Plan(_("Correction"), _nothing),
    "foreword": _Plan(_("Foreword"), _nothing),
    "figures": _Plan(_("%(year)s in figures"), year_in_figures),
    "mechanisms": _Plan(_("Mechanisms"), mechanisms_of_the_year),
    "global_meeting": _Plan(_("Global meeting"), global_meeting),
    "themes": _Plan(_("Themes"), themes_of_the_year),
    "documents": _Plan(_("Documents of %(year)s"), documents_of_the_year),
    "ahead": _Plan(_("Calendar ahead"), meetings_ahead, recent_only=True),
    "chairs": _Plan(_("Chairs and contacts"), chairs_and_contacts, recent_only=True),
    "subscribe": _Plan(_("How to subscribe"), how_to_subscribe, recent_only=True),
}


def compile_highlights(
    record: Record, *, code: str, year: int, now: datetime, options: Options, language: str = ENGLISH
) -> Highlights:
    """Return one edition of a year's issue as the record has it at the moment now (aware).

    The record's facts are those of the language. Equal facts, moment, options and language give an equal
    tree. An issue is recent while its year is the current or the last one at that moment.
    """
    desk = Desk(record=record, year=year, today=now.date(), options=options, language=language)
    sections = tuple(_section(key, desk, is_on=key not in options.off) for key in options.order)
    title = desk.gettext("ISCM Highlights %(year)s", year=year)
    if CORRECTION in options.order:
        title = desk.gettext("Correction: %(title)s", title=title)
    return Highlights(
        code=code,
        year=year,
        language=language,
        title=title,
        address=desk.page(f"/highlights/{code}"),
        subject=Paragraph(key="issue/subject", text=title),
        preheader=Paragraph(key="issue/preheader", text=preview_line(desk)),
        sections=sections,
        notes=name_notes(desk, sections),
    )


def _section(key: str, desk: Desk, *, is_on: bool) -> Section:
    plan = _PLANS[key]
    is_due = desk.is_recent or not plan.recent_only
    return Section(
        key=key,
        heading=desk.gettext(plan.heading, year=desk.year),
        intro=Paragraph(key=f"{key}/text", text=""),
        nodes=plan.nodes(desk) if is_due else (),
        is_on=is_on,
    )
