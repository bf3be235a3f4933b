"""The updates page: what happened in the mechanisms, newest first, by year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.update import Update, UpdateKind
from models.update_list import UPDATE_FILTERS
from templates.languages import ENGLISH
from web.answer import page
from web.list_filters import Filter, read_filters, to_canonical
from web.pages.record_filters import by_kind, by_mechanism, by_theme, by_year
from web.pages.update_line import UpdateLine, update_lines, updates_in_order
from web.paging import PARAMETER, paging
from web.surroundings import surroundings_of

PAGE_SIZE: Final = 30


@dataclass(frozen=True, slots=True)
class YearOfUpdates:
    """The updates of one year."""

    year: int
    lines: tuple[UpdateLine, ...]


def updates(request: Request) -> Response:
    """Answer `/updates`, narrowed by `mechanism`, `kind`, `theme` and `year`.

    A value that no filter knows is answered 404, with the sentence that says so over the whole list.
    """
    around = surroundings_of(request)
    with around.database.reading() as session:
        filters = read_update_filters(session, today=around.today)
        asked = read_filters(request, filters)
        if way := to_canonical(request, asked):
            return way
        total, tally = around.tallies.count(session, UPDATE_FILTERS, asked.values)
        pages = paging(request, total=total, size=PAGE_SIZE, query=asked.query)
        wanted = updates_in_order().where(*UPDATE_FILTERS.conditions(asked.values))
        found = session.scalars(pages.rows_of(wanted, updates_in_order(), key=Update.id)).all()
        years = by_years(update_lines(found))
    return page(
        request,
        "updates.html",
        status=404 if asked.unknown else 200,
        distinct=(*(one.name for one in filters), PARAMETER),
        years=years,
        paging=pages,
        fields=asked.fields(tally),
        chosen=asked.chosen(),
        unknown=asked.unknown,
    )


def read_update_filters(session: Session, *, today: date, language: str = ENGLISH) -> tuple[Filter, ...]:
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
