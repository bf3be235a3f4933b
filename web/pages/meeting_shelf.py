"""A bounded list of meetings on a page about something else, and the way to the rest of them.

A mechanism may have a thousand meetings. Its page shows the first of each list and their number; `?show=past`
is the same page with that list alone, `?show=past&page=2` the next part of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request

from models.meeting import Meeting, MeetingStatus, Visibility
from templates.languages import ENGLISH
from web.pages.meeting_line import (
    MeetingLine,
    is_coming,
    is_past,
    meeting_lines,
    visible_meetings,
)
from web.paging import PARAMETER, Paging, paging

SHOW: Final = "show"
DISTINCT: Final = (SHOW, PARAMETER)
"""What of the query makes another page, for the canonical address."""

ON_A_PAGE: Final = 40
"""How many meetings stand on one page of a list shown alone."""

_LONGEST: Final = timedelta(days=731)
"""How long ago a meeting that still goes on can have begun.

Bounding the first day on either side lets a database walk its index and stop after the first few meetings.
"""


@dataclass(frozen=True, slots=True)
class YearOfMeetings:
    """Meetings that began in a year; 0 stands for a year not known."""

    year: int
    lines: tuple[MeetingLine, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some meetings. `all_address` shows all of them, None when all are here.

    `paging` and `number`, how many there are in all, are known of a list shown alone.
    """

    lines: tuple[MeetingLine, ...]
    all_address: str | None = None
    paging: Paging | None = None

    @property
    def number(self) -> int | None:
        """How many meetings there are in all, where that was counted or can be seen."""
        if self.paging:
            return self.paging.total
        return None if self.all_address else len(self.lines)

    @property
    def years(self) -> tuple[YearOfMeetings, ...]:
        """The same lines by the year in which they began."""

        def year(line: MeetingLine) -> int:
            return line.first_day.year if line.first_day else 0

        return tuple(YearOfMeetings(key, tuple(group)) for key, group in groupby(self.lines, key=year))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of its lists a page is asked to show alone (None: the beginning of each), and its pages."""

    path: str
    shown: str | None = None
    turn: Callable[[int], Paging] | None = None


def asked_shelf(request: Request, *names: str) -> Asked:
    """Read `?show=` and leave `?page=` to the list; raises HTTPException 404 for no list of this page."""
    shown = request.query_params.getlist(SHOW)
    if not shown and PARAMETER not in request.query_params:
        return Asked(request.url.path)
    if len(shown) != 1 or shown[0] not in names:
        raise HTTPException(404)
    name = shown[0]
    return Asked(
        request.url.path,
        name,
        lambda total: paging(request, total=total, size=ON_A_PAGE, query=[(SHOW, name)]),
    )


@dataclass(frozen=True, slots=True)
class Which:
    """The meetings a page is about: a query for their keys, and whether they are a large part of all.

    A small part is found first and sorted then; of a large one, each meeting is asked as the index of days
    is walked, until there are enough.
    """

    ids: Select[int]
    are_many: bool = False

    @property
    def found(self) -> ColumnElement[bool]:
        """The condition that finds all of them."""
        return Meeting.id.in_(self.ids)

    @property
    def walked(self) -> ColumnElement[bool]:
        """The condition that finds the first few of them."""
        if not self.are_many:
            return self.found
        (key,) = self.ids.selected_columns
        return self.ids.where(key == Meeting.id).correlate(Meeting).exists()


@dataclass(frozen=True, slots=True)
class Part:
    """One list of a page: the word that asks for it, what stands in it, in which order, how much at first."""

    name: str
    which: ColumnElement[bool]
    order: ColumnElement[date | None]
    limit: int


def coming_part(today: date, *, limit: int) -> Part:
    """Return the list of what is ahead on a date, the soonest first."""
    which = and_(
        is_coming(today), Meeting.first_day >= today - _LONGEST, Meeting.status != MeetingStatus.POSTPONED
    )
    return Part("coming", which, Meeting.first_day.asc(), limit)


def open_part(*, limit: int) -> Part:
    """Return the list of what has no date to look forward to: not yet known, or taken back."""
    which = or_(Meeting.first_day.is_(None), Meeting.status == MeetingStatus.POSTPONED)
    return Part("open", which, Meeting.first_day.desc().nulls_first(), limit)


def past_part(today: date, *, limit: int) -> Part:
    """Return the list of what is over, the newest first."""
    which = and_(is_past(today), Meeting.first_day <= today, Meeting.status != MeetingStatus.POSTPONED)
    return Part("past", which, Meeting.first_day.desc(), limit)


def whole_part(name: str, *, limit: int) -> Part:
    """Return the list of all, the newest first; what has no date stands before it."""
    return Part(name, true(), Meeting.first_day.desc().nulls_first(), limit)


def read_shelf(
    session: Session,
    part: Part,
    of: Which,
    *,
    asked: Asked,
    today: date,
    language: str = ENGLISH,
) -> Shelf:
    """Return one list of some meetings: its beginning, or one page of it when asked.

    Takes three statements, one more for a page; none, and no meeting, where another list is asked for.
    """
    if asked.shown not in {None, part.name}:
        return Shelf(())
    found = visible_meetings().where(part.which, of.walked).order_by(part.order, Meeting.uid)
    if asked.turn is None:
        # One more than is shown tells whether there are more; counting them would read them all.
        first = session.scalars(found.limit(part.limit + 1)).all()
        lines = meeting_lines(first[: part.limit], today=today, language=language)
        is_all = len(first) <= part.limit
        return Shelf(lines, None if is_all else f"{asked.path}?{SHOW}={part.name}")
    total = select(func.count(Meeting.id)).where(
        Meeting.visibility == Visibility.PUBLIC, part.which, of.found
    )
    page = asked.turn(session.scalar(total) or 0)
    on_page = session.scalars(found.limit(page.size).offset(page.offset))
    return Shelf(meeting_lines(on_page, today=today, language=language), paging=page)
