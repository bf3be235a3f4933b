"""News of the year about the Global Compact, the 2030 Agenda and the climate."""

from typing import Final

from newsletter.facts import UpdateFacts
from newsletter.highlights import Heading, Link, Node, UpdateNode
from newsletter.sections.desk import Desk
from templates.dates import written_date, written_months

FAMILIES: Final = {
    "gcm": "Global Compact for Migration",
    "sdg": "2030 Agenda",
    "climate": "Climate, environment and disasters",
}
"""The families of themes in their order, with the heading of each where the record gives none."""


def themes_of_the_year(desk: Desk) -> tuple[Node, ...]:
    """Tell of each tagged update of the year once, under the first of its families."""
    updates = sorted(
        (one for one in desk.record.updates if one.day.year == desk.year), key=lambda one: (one.day, one.slug)
    )
    nodes: list[Node] = []
    for family, name in FAMILIES.items():
        own = [one for one in updates if _first_family(one) == family]
        if own:
            nodes.append(Heading(key=f"theme/{family}", text=desk.record.theme_names.get(family, name)))
            nodes.extend(_told(one) for one in own)
    return tuple(nodes)


def _first_family(update: UpdateFacts) -> str | None:
    return next((family for family in FAMILIES if family in update.families), None)


def _told(update: UpdateFacts) -> UpdateNode:
    day = written_date(update.day) if update.day_known else written_months(update.day, update.day)
    when = day if update.is_day_of_event else f"reported {day}"
    summary = f" {update.summary.strip()}" if update.summary else ""
    title = update.title.strip().rstrip(".")
    return UpdateNode(
        key=f"update/{update.slug}",
        text=f"{title}, {when}.{summary}",
        links=(Link(words=title, address=update.url),) if update.url else (),
        slug=update.slug,
    )
