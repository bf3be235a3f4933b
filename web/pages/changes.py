"""What changed: everything that a reader of calendars was told, newest first, by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.change_list import CHANGE_FILTERS, changes_in_order
from models.mechanism import MechanismType
from templates.dates import written_date
from templates.languages import ENGLISH, catalogue
from templates.words import word
from web.filtered_list import filtered_list
from web.language import language_of
from web.list_filters import Filter
from web.pages.change_line import ChangeLine, change_lines, kind_words
from web.pages.record_filters import by_mechanism


@dataclass(frozen=True, slots=True)
class DayOfChanges:
    """The changes that were told on one day (UTC); `exact` is the day as HTML's `time` element takes it."""

    day: str
    exact: str
    lines: tuple[ChangeLine, ...]


def changes(request: Request) -> Response:
    """Answer `/changes`, narrowed by `kind`, `mechanism` and `type`."""
    language = language_of(request)
    return filtered_list(
        request,
        "changes.html",
        read_words=lambda session, _: change_filters(session, language=language),
        filters=CHANGE_FILTERS,
        in_order=changes_in_order(),
        grouped=lambda found: by_days(change_lines(found, language=language), language=language),
    )


def change_filters(session: Session, *, language: str = ENGLISH) -> tuple[Filter, ...]:
    """Return the filters of the changes in the order of the form and of addresses."""
    _ = catalogue(language).gettext
    types = {kind.value: word("types", kind.value, language=language) for kind in MechanismType}
    return (
        Filter("kind", _("Change"), _("All changes"), kind_words(language=language)),
        by_mechanism(session, language=language),
        Filter("type", _("Type"), _("All types"), types),
    )


def by_days(lines: Iterable[ChangeLine], *, language: str = ENGLISH) -> tuple[DayOfChanges, ...]:
    """Put lines that follow each other and were told on one day together."""
    return tuple(
        DayOfChanges(written_date(day, language=language), day.isoformat(), tuple(group))
        for day, group in groupby(lines, key=lambda line: line.told_at.date())
    )
