"""News of the year about the Global Compact, the 2030 Agenda and the climate."""

from typing import Final

from newsletter.facts import UpdateFacts
from newsletter.highlights import Heading, Link, Node, UpdateNode
from newsletter.sections.desk import Desk
from templates.dates import written_date, written_months


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when a node is made."""
    return sentence


FAMILIES: Final = {
    "gcm": _("Global Compact for Migration"),
    "sdg": _("2030 Agenda"),
    "climate": _("Climate, environment and disasters"),
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
            text = desk.record.theme_names.get(family) or desk.gettext(name)
            nodes.append(Heading(key=f"theme/{family}", text=text))
            nodes.extend(_told(desk, one) for one in own)
    return tuple(nodes)


def _first_family(update: UpdateFacts) -> str | None:
    return next((family for family in FAMILIES if family in update.families), None)


def _told(desk: Desk, update: UpdateFacts) -> UpdateNode:
    language = desk.language
    if update.day_known:
        day = written_date(update.day, language=language)
    else:
        day = written_months(update.day, update.day, language=language)
    title = update.title.strip().rstrip(".")
    summary = (update.summary or "").strip()
    if update.is_day_of_event:
        said = desk.gettext("%(title)s, %(date)s.", title=title, date=day)
    else:
        said = desk.gettext("%(title)s, reported %(date)s.", title=title, date=day)
    return UpdateNode(
        key=f"update/{update.slug}",
        text=f"{said} {summary}".strip(),
        links=(Link(words=title, address=update.url),) if update.url else (),
        foreign=desk.foreign(title, update.language) + desk.foreign(summary, update.summary_language),
        slug=update.slug,
    )
