"""The updates page: what happened in the mechanisms, newest first, by year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.update import UpdateKind
from models.update_list import UPDATE_FILTERS
from templates.languages import ENGLISH
from web.filtered_list import filtered_list
from web.language import language_of
from web.list_filters import Filter
from web.pages.record_filters import by_kind, by_mechanism, by_theme, by_year
from web.pages.update_line import UpdateLine, update_lines, updates_in_order


@dataclass(frozen=True, slots=True)
class YearOfUpdates:
    """The updates of one year."""

    year: int
    lines: tuple[UpdateLine, ...]


def updates(request: Request) -> Response:
    """Answer `/updates`, narrowed by `mechanism`, `kind`, `theme` and `year`."""
    language = language_of(request)
    return filtered_list(
        request,
        "updates.html",
        read_words=partial(update_filters, language=language),
        filters=UPDATE_FILTERS,
        in_order=updates_in_order(),
        grouped=lambda found: by_years(update_lines(found, language=language)),
    )


def update_filters(session: Session, today: date, *, language: str = ENGLISH) -> tuple[Filter, ...]:
    """Return the filters of the news in the order of the form and of addresses."""
    return (
        by_mechanism(session, language=language),
        by_kind(UpdateKind, "update kind", language=language),
        by_theme(session, language=language),
        by_year(today, language=language),
    )


def by_years(lines: Iterable[UpdateLine]) -> tuple[YearOfUpdates, ...]:
    """Put lines that follow each other and are of one year together."""
    return tuple(
        YearOfUpdates(year, tuple(group)) for year, group in groupby(lines, key=lambda line: line.day.year)
    )
