"""The strip of the year: months side by side in three rows, one a type, with a mark where each meeting is."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import Session

from models.mechanism import Mechanism, MechanismType
from models.meeting import Meeting, MeetingMechanism, MeetingStatus, Visibility
from models.own_words import words_in
from models.when import Precision
from templates.dates import DASH, month_name
from templates.languages import ENGLISH
from templates.words import word
from web.pages.meeting_entry import between
from web.pages.year_marks import Mark, Marked, heap, marks_of_month

_MOST_MARKS: Final = 240
"""With more meetings than this in the strip, a month of a type is one mark that leads to its page."""


@dataclass(frozen=True, slots=True)
class StripMonth:
    """A month of the strip: its short name, its page, how many of its days are over (None: not this one)."""

    name: str
    address: str
    today: int | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class StripYear:
    """A year of the strip and the sheet that tells it in full."""

    year: int
    address: str
    months: tuple[StripMonth, ...]


@dataclass(frozen=True, slots=True)
class YearStrip:
    """The drawing. `rows` are the types from the top, each with its words; `number` is of meetings."""

    span: str
    number: int
    rows: tuple[tuple[str, str], ...]
    years: tuple[StripYear, ...]


_Heaps = Counter[tuple[int, int, MechanismType]]
_Meetings = dict[MechanismType, list[Marked]]


def year_strip(session: Session, *, today: date, language: str = ENGLISH) -> YearStrip | None:
    """Return the strip of this year and the next, or of the last and this one while nothing is known ahead.

    A year in which nobody meets is left out; None where that leaves nothing. Two statements.
    """
    numbers = _by_year(session, today.year - 1, today.year + 1)
    wanted = (today.year, today.year + 1) if numbers[today.year + 1] else (today.year - 1, today.year)
    years = [year for year in wanted if numbers[year]]
    number = sum(numbers[year] for year in years)
    if number > _MOST_MARKS:
        meetings, heaps = None, _heaps(session, years[0], years[-1])
    else:
        meetings, heaps = _meetings(session, *wanted, language=language), _Heaps()
    if not years:
        return None
    return YearStrip(
        span=DASH.join(str(year) for year in dict.fromkeys((years[0], years[-1]))),
        number=number,
        rows=tuple((kind.value, word("short type", kind, language=language)) for kind in MechanismType),
        years=tuple(_year(year, meetings, heaps, today=today, language=language) for year in years),
    )


def _chosen(first_year: int, last_year: int) -> list[ColumnElement[bool]]:
    return [
        *between(date(first_year, 1, 1), date(last_year, 12, 31)),
        Meeting.visibility == Visibility.PUBLIC,
        Meeting.status.not_in([MeetingStatus.CANCELLED, MeetingStatus.POSTPONED]),
        Meeting.precision.in_([Precision.MOMENT, Precision.DAY, Precision.MONTH]),
    ]


def _by_year(session: Session, first_year: int, last_year: int) -> Counter[int]:
    """Count the meetings by the year they begin in; what began earlier is counted in its own year."""
    year = extract("year", Meeting.first_day)
    rows = session.execute(select(year, func.count()).where(*_chosen(first_year, last_year)).group_by(year))
    return Counter({int(found): number for found, number in rows})


def _heaps(session: Session, first_year: int, last_year: int) -> _Heaps:
    """Count the meetings by the year and month they begin in and the type of their first mechanism."""
    year, month = extract("year", Meeting.first_day), extract("month", Meeting.first_day)
    rows = session.execute(
        select(year, month, Mechanism.type, func.count())
        .select_from(Meeting)
        .join(MeetingMechanism, MeetingMechanism.meeting_id == Meeting.id)
        .join(Mechanism, Mechanism.id == MeetingMechanism.mechanism_id)
        .where(*_chosen(first_year, last_year), MeetingMechanism.position == 0)
        .group_by(year, month, Mechanism.type)
    )
    return _Heaps({(int(year), int(month), kind): number for year, month, kind, number in rows})


def _meetings(session: Session, first_year: int, last_year: int, *, language: str) -> _Meetings:
    rows = session.execute(
        select(Meeting.slug, Meeting.title, Meeting.title_in, Meeting.when, Mechanism.type)
        .join(MeetingMechanism, MeetingMechanism.meeting_id == Meeting.id)
        .join(Mechanism, Mechanism.id == MeetingMechanism.mechanism_id)
        .where(*_chosen(first_year, last_year), MeetingMechanism.position == 0)
        .order_by(Meeting.first_day, Meeting.uid)
    )
    found: _Meetings = {kind: [] for kind in MechanismType}
    for slug, title, title_in, when, kind in rows:
        found[kind].append(Marked(slug, words_in(title, title_in, language=language).text, when))
    return found


def _year(year: int, meetings: _Meetings | None, heaps: _Heaps, *, today: date, language: str) -> StripYear:
    def marks(kind: MechanismType, row: int, first: date) -> tuple[Mark, ...]:
        if meetings is not None:
            return marks_of_month(meetings[kind], kind, first, row=row, language=language)
        number = heaps[year, first.month, kind]
        return (heap(number, kind, first, row=row, language=language),) if number else ()

    months = tuple(
        StripMonth(
            name=month_name(first.month, language=language, short=True),
            address=f"/calendar/{year}/{first.month}",
            today=today.day - 1 if (year, first.month) == (today.year, today.month) else None,
            marks=tuple(mark for row, kind in enumerate(MechanismType) for mark in marks(kind, row, first)),
        )
        for first in (date(year, month, 1) for month in range(1, 13))
    )
    return StripYear(year, f"/calendar/{year}", months)
