"""The strip of the year: three rows, one a type of mechanism, with a mark where each meeting is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from models.mechanism import MechanismType
from models.meeting import Meeting, MeetingStatus
from models.when import Precision
from templates.dates import DASH, month_name, written_when
from templates.languages import ENGLISH
from templates.words import word
from web.pages.meeting_line import closing_day, visible_meetings

# Units of the drawing; a day is one unit wide.
_SHORTEST_MARK: Final = 5
_ROW: Final = 22
_GAP_BETWEEN_MARKS: Final = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """One meeting: where its mark begins and how wide it is, in days; `open` when only the month is known."""

    at: int
    width: int
    address: str
    words: str
    open: bool


@dataclass(frozen=True, slots=True)
class Row:
    """The meetings of one type, from the first."""

    type: str
    words: str
    top: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class MonthLine:
    """Where a month begins, in days from the start, its short name, and the year where one begins with it."""

    at: int
    name: str
    year: int | None


@dataclass(frozen=True, slots=True)
class YearStrip:
    """The drawing of two years. `today` is where the current day stands in it."""

    years: str
    days: int
    height: int
    number: int
    rows: tuple[Row, ...]
    months: tuple[MonthLine, ...]
    today: int


def year_strip(session: Session, *, today: date, language: str = ENGLISH) -> YearStrip | None:
    """Return the strip of this year and the next, or of the last and this one while nothing is known ahead.

    None when nobody met in the time it would show.
    """
    begun = visible_meetings().where(
        Meeting.status.not_in([MeetingStatus.CANCELLED, MeetingStatus.POSTPONED])
    )
    next_year = date(today.year + 1, 1, 1)
    is_ahead = session.scalar(
        begun.with_only_columns(Meeting.id).where(Meeting.first_day >= next_year).limit(1)
    )
    first_year = today.year if is_ahead else today.year - 1
    start, end = date(first_year, 1, 1), date(first_year + 1, 12, 31)
    meetings = session.scalars(
        begun.where(Meeting.first_day <= end, closing_day >= start)
        .where(Meeting.precision.in_([Precision.MOMENT, Precision.DAY, Precision.MONTH]))
        .order_by(Meeting.first_day, Meeting.uid)
    ).all()
    if not meetings:
        return None
    rows = []
    for number, kind in enumerate(MechanismType):
        of_type = [meeting for meeting in meetings if meeting.mechanisms[0].type is kind]
        marks = _marks(of_type, start, end, language)
        rows.append(Row(kind.value, word("short type", kind, language=language), number * _ROW, marks))
    return YearStrip(
        years=f"{start.year}{DASH}{end.year}",
        days=(end - start).days + 1,
        height=_ROW * len(rows),
        number=len(meetings),
        rows=tuple(rows),
        months=_months(start, language),
        today=(today - start).days,
    )


def _months(start: date, language: str) -> tuple[MonthLine, ...]:
    firsts = [date(year, month, 1) for year in (start.year, start.year + 1) for month in range(1, 13)]
    return tuple(
        MonthLine(
            at=(first - start).days,
            name=month_name(first.month, language=language, short=True),
            year=first.year if first.month == 1 else None,
        )
        for first in firsts
    )


def _marks(meetings: Sequence[Meeting], start: date, end: date, language: str) -> tuple[Mark, ...]:
    """Place the marks of one row in order; one that would lie on its neighbour moves just behind it."""
    marks: list[Mark] = []
    free_from = 0
    for meeting in meetings:
        first = max(meeting.first_day or start, start)
        last = min(meeting.last_day or first, end)
        width = max((last - first) // timedelta(days=1) + 1, _SHORTEST_MARK)
        at = max((first - start).days, free_from)
        free_from = at + width + _GAP_BETWEEN_MARKS
        when = meeting.when
        words = written_when(when.first, when.last, precision=when.precision, language=language)
        marks.append(
            Mark(
                at=at,
                width=width,
                address=f"/meetings/{meeting.slug}",
                words=f"{meeting.title}, {words}",
                open=when.precision is Precision.MONTH,
            )
        )
    return tuple(marks)
