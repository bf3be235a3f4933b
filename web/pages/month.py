"""One month: a grid with bars across the days of its meetings, and beneath it all of them as a list."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from babel.dates import get_day_names
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.mechanism import MechanismType
from models.meeting import Meeting
from models.when import Precision
from templates.dates import written_months, written_quarter
from templates.languages import ENGLISH, catalogue, locale_of
from web.answer import page
from web.language import language_of
from web.pages.meeting_entry import MeetingEntry, between, of_type, read_entries
from web.pages.meeting_line import MeetingLine, meeting_lines, visible_meetings
from web.pages.meeting_types import chosen_type, type_choices, typed
from web.pages.month_grid import Week, month_grid
from web.pages.year_range import YearRange, asked_month, asked_year, calendar_years, moved_to
from web.paging import Paging, paging
from web.surroundings import surroundings_of

_LINES: Final = 60
"""How many meetings the list beneath the grid holds; what is more stands on its next page."""


@dataclass(frozen=True, slots=True)
class MonthLink:
    """A month and its page."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class AgendaPart:
    """Meetings of the list that are known equally well: to the day (no heading), month, quarter or year."""

    heading: str | None
    lines: tuple[MeetingLine, ...]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """What the page of a month shows. `number` is how many meetings it has.

    `loose` are the meetings of the month whose day is not known. `anchors` lead to a meeting's line in the
    list, by the meeting's address. `nearest` are the months before and after with a meeting, given only where
    this one has none.
    """

    name: str
    year: int
    number: int
    today: date
    is_past: bool
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[Week, ...]
    loose: tuple[MeetingEntry, ...]
    agenda: tuple[AgendaPart, ...]
    anchors: Mapping[str, str]
    previous: MonthLink | None
    next: MonthLink | None
    current: str | None
    sheet: str
    nearest: tuple[MonthLink, ...]


def this_month(request: Request) -> Response:
    """Answer `/calendar`: the current month, asked for anew each time."""
    today = surroundings_of(request).today
    address = typed(f"/calendar/{today.year}/{today.month}", chosen_type(request))
    return RedirectResponse(address, status_code=302, headers={"Cache-Control": "no-store"})


def month(request: Request) -> Response:
    """Answer `/calendar/{year}/{month}`; `03` is answered 308 with `3`, a month outside the calendar 404."""
    year, number = asked_year(request), asked_month(request)
    path = f"/calendar/{year}/{number}"
    if moved := moved_to(request, path):
        return moved
    kind = chosen_type(request)
    around, language = surroundings_of(request), language_of(request)
    first, last = date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
    with around.database.reading() as session:
        years = calendar_years(session, today=around.today)
        if years.month_address(year, number) is None:
            raise HTTPException(404)
        chosen = [*of_type(kind), *between(first, last)]
        entries = read_entries(session, chosen, today=around.today, language=language)
        pages = paging(request, total=len(entries), size=_LINES)
        view = read_month(
            session,
            entries,
            first,
            today=around.today,
            pages=pages,
            years=years,
            only=kind,
            language=language,
        )
    return page(
        request,
        "month.html",
        month=view,
        paging=pages,
        choices=type_choices(path, kind, language=language),
        keep=lambda address: typed(address, kind),
    )


def read_month(
    session: Session,
    entries: Sequence[MeetingEntry],
    first: date,
    *,
    today: date,
    pages: Paging,
    years: YearRange,
    only: MechanismType | None = None,
    language: str = ENGLISH,
) -> MonthPage:
    """Return the page of the month that begins on `first`; `entries` are its meetings in the list's order."""
    year, month = first.year, first.month
    lists = [pages.address(number) for number in range(1, pages.last + 1)]
    names = [get_day_names(width, locale=locale_of(language)) for width in ("wide", "abbreviated")]
    return MonthPage(
        name=written_months(first, first, language=language),
        year=year,
        number=len(entries),
        today=today,
        is_past=(year, month) < (today.year, today.month),
        weekdays=tuple((names[0][day], names[1][day]) for day in range(7)),
        weeks=month_grid((one for one in entries if one.is_dated), year=year, month=month),
        loose=tuple(one for one in entries if one.precision is Precision.MONTH),
        agenda=_agenda(
            session, entries[pages.offset : pages.offset + pages.size], first, today=today, language=language
        ),
        anchors={
            one.address: f"{lists[place // pages.size]}#{one.anchor}" for place, one in enumerate(entries)
        },
        previous=_link(years, year, month - 1, language=language),
        next=_link(years, year, month + 1, language=language),
        current=years.month_address(today.year, today.month) if first != today.replace(day=1) else None,
        sheet=f"/calendar/{year}",
        nearest=() if entries else _nearest(session, first, only=only, years=years, language=language),
    )


def _agenda(
    session: Session, entries: Sequence[MeetingEntry], first: date, *, today: date, language: str
) -> tuple[AgendaPart, ...]:
    wanted = [one.id for one in entries]
    found = {one.id: one for one in session.scalars(visible_meetings().where(Meeting.id.in_(wanted)))}
    sentence = catalogue(language).gettext

    def heading(entry: MeetingEntry) -> str | None:
        match entry.precision:
            case Precision.MONTH:
                return sentence("%(period)s, day not known") % {"period": entry.dates}
            case Precision.QUARTER:
                quarter = written_quarter(first, language=language)
                return sentence("%(period)s, month not known") % {"period": quarter.capitalize()}
            case Precision.YEAR:
                return sentence("%(period)s, month not known") % {"period": first.year}
            case _:
                return None

    return tuple(
        AgendaPart(named, meeting_lines((found[one.id] for one in group), today=today, language=language))
        for named, group in groupby(entries, key=heading)
    )


def _link(years: YearRange, year: int, number: int, *, language: str) -> MonthLink | None:
    address = years.month_address(year, number)
    if address is None:
        return None
    first = date(year + (number - 1) // 12, (number - 1) % 12 + 1, 1)
    return MonthLink(written_months(first, first, language=language), address)


def _nearest(
    session: Session, first: date, *, only: MechanismType | None, years: YearRange, language: str
) -> tuple[MonthLink, ...]:
    """Return the last month before and the first one after in which a meeting begins."""
    before = select(func.max(Meeting.first_day)).where(*of_type(only), Meeting.first_day < first)
    after = select(func.min(Meeting.first_day)).where(*of_type(only), Meeting.first_day > first)
    days = (session.scalar(before), session.scalar(after))
    links = (_link(years, day.year, day.month, language=language) for day in days if day)
    return tuple(link for link in links if link)
