"""The year on paper: one sheet with every meeting by month, to print or keep, as of the day it is opened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.meeting import Meeting
from models.when import Precision
from templates.dates import month_name, written_date, written_days_in_short, written_quarter
from templates.languages import ENGLISH
from web.addresses import whole_address
from web.answer import page
from web.feed_links import feed_links
from web.language import language_of
from web.pages.meeting_entry import MeetingEntry, between, of_type, read_entries
from web.pages.meeting_types import chosen_type, type_choices, typed
from web.pages.year_range import YearRange, asked_year, calendar_years, moved_to
from web.paging import paging
from web.surroundings import surroundings_of

_MEETINGS: Final = 400
"""How many meetings one sheet holds; what is more stands on its next page."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A meeting under its month. `days` are empty where the day is not known."""

    days: str
    entry: MeetingEntry


@dataclass(frozen=True, slots=True)
class SheetMonth:
    """A month of the sheet: the meetings that begin in it, and those that go on in it from an earlier one."""

    name: str
    address: str | None
    is_past: bool
    lines: tuple[SheetLine, ...]
    going_on: tuple[MeetingEntry, ...]


@dataclass(frozen=True, slots=True)
class SheetQuarter:
    """Three months, and the meetings of which no more than the quarter is known."""

    name: str
    months: tuple[SheetMonth, ...]
    rough: tuple[MeetingEntry, ...]


@dataclass(frozen=True, slots=True)
class YearSheet:
    """What the sheet shows; `rough` are the meetings of which no more than the year is known."""

    year: int
    as_of: str
    quarters: tuple[SheetQuarter, ...]
    rough: tuple[MeetingEntry, ...]
    previous: str | None
    current: str | None
    next: str | None


def year(request: Request) -> Response:
    """Answer `/calendar/{year}`; 404 for a year outside the calendar."""
    number = asked_year(request)
    path = f"/calendar/{number}"
    if moved := moved_to(request, path):
        return moved
    kind = chosen_type(request)
    around, language = surroundings_of(request), language_of(request)
    chosen = [*of_type(kind), *between(date(number, 1, 1), date(number, 12, 31))]
    with around.database.reading() as session:
        years = calendar_years(session, today=around.today)
        if years.year_address(number) is None:
            raise HTTPException(404)
        total = session.scalar(select(func.count(Meeting.id)).where(*chosen)) or 0
        pages = paging(request, total=total, size=_MEETINGS)
        entries = read_entries(
            session,
            chosen,
            today=around.today,
            limit=_MEETINGS,
            offset=pages.offset,
            language=language,
        )
    return page(
        request,
        "year.html",
        sheet=year_sheet(number, entries, today=around.today, years=years, language=language),
        paging=pages,
        choices=type_choices(path, kind, language=language),
        keep=lambda address: typed(address, kind),
        feed=feed_links(
            around.site,
            f"type/{kind.value}" if kind else _feed_of(number, total),
            name=str(number),
            language=language,
        ),
        address=whole_address(around.site, typed(path, kind), language=language),
    )


def _feed_of(year: int, meetings: int) -> str:
    """Return the feed of a year, which there is once it has a meeting on record, else that of everything."""
    return f"archive/{year}" if meetings else "all"


def year_sheet(
    year: int, entries: Sequence[MeetingEntry], *, today: date, years: YearRange, language: str = ENGLISH
) -> YearSheet:
    """Return the sheet of a year with the meetings that touch it, in the order given."""
    months = [
        _month(first, entries, today=today, address=years.month_address(year, first.month), language=language)
        for first in (date(year, month, 1) for month in range(1, 13))
    ]
    return YearSheet(
        year=year,
        as_of=written_date(today, language=language),
        quarters=tuple(
            SheetQuarter(
                name=written_quarter(date(year, first, 1), language=language),
                months=tuple(months[first - 1 : first + 2]),
                rough=tuple(
                    one
                    for one in entries
                    if one.precision is Precision.QUARTER
                    and (one.first.year, one.first.month) == (year, first)
                ),
            )
            for first in (1, 4, 7, 10)
        ),
        rough=tuple(one for one in entries if one.precision is Precision.YEAR),
        previous=years.year_address(year - 1),
        current=years.year_address(today.year) if year != today.year else None,
        next=years.year_address(year + 1),
    )


def _month(
    first: date, entries: Iterable[MeetingEntry], *, today: date, address: str | None, language: str
) -> SheetMonth:
    """Return the month that begins on `first` with its part of the entries."""
    this = (first.year, first.month)
    known = [one for one in entries if one.precision not in {Precision.QUARTER, Precision.YEAR}]
    return SheetMonth(
        name=month_name(first.month, language=language),
        address=address,
        is_past=this < (today.year, today.month),
        lines=tuple(
            SheetLine(
                written_days_in_short(one.first, one.last, language=language) if one.is_dated else "", one
            )
            for one in known
            if (one.first.year, one.first.month) == this
        ),
        going_on=tuple(
            one
            for one in known
            if (one.first.year, one.first.month) < this <= (one.last.year, one.last.month)
        ),
    )
