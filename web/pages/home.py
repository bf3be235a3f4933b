"""The home page: what is coming by month, what just happened, and one way to subscribe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.issue import Issue
from models.meeting import Meeting, MeetingStatus
from models.when import Precision
from templates.dates import written_months
from templates.languages import ENGLISH
from web.answer import page
from web.pages.meeting_line import (
    MeetingLine,
    closing_day,
    is_coming,
    is_past,
    meeting_lines,
    visible_meetings,
)
from web.pages.update_line import UpdateLine, newest_updates
from web.pages.year_strip import YearStrip, year_strip
from web.surroundings import surroundings_of

_JUST_HAPPENED: Final = 6
_RECENT: Final = timedelta(days=60)
_NEWEST_UPDATES: Final = 4


@dataclass(frozen=True, slots=True)
class Month:
    """The meetings that begin in a month (or have begun before and go on)."""

    name: str
    lines: tuple[MeetingLine, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page shows.

    `undated` are announced without a date, or postponed without a new one. `is_recent` says whether the
    newest of the past meetings can be said to have just happened.
    """

    coming: tuple[Month, ...]
    undated: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]
    is_recent: bool
    updates: tuple[UpdateLine, ...]
    strip: YearStrip | None
    newest_issue: str | None


def home(request: Request) -> Response:
    """Answer `/`."""
    around = surroundings_of(request)
    with around.database.reading() as session:
        view = read_home(session, today=around.today)
    return page(request, "home.html", home=view)


def read_home(session: Session, *, today: date, language: str = ENGLISH) -> Home:
    """Return the home page as of a day. The number of statements does not grow with the record."""
    coming = session.scalars(
        visible_meetings()
        .where(is_coming(today), Meeting.status != MeetingStatus.POSTPONED)
        .order_by(Meeting.first_day, Meeting.precision, Meeting.uid)
    ).all()
    undated = session.scalars(
        visible_meetings()
        .where(
            or_(Meeting.precision == Precision.UNKNOWN, Meeting.status == MeetingStatus.POSTPONED),
            Meeting.status.not_in([MeetingStatus.HELD, MeetingStatus.CANCELLED]),
        )
        .order_by(Meeting.title, Meeting.uid)
    ).all()
    past = session.scalars(
        visible_meetings()
        .where(
            is_past(today),
            Meeting.status.not_in([MeetingStatus.CANCELLED, MeetingStatus.POSTPONED]),
        )
        .order_by(closing_day.desc(), Meeting.uid)
        .limit(_JUST_HAPPENED)
    ).all()
    return Home(
        coming=_by_month(coming, today=today, language=language),
        undated=meeting_lines(undated, today=today, language=language),
        past=meeting_lines(past, today=today, language=language),
        is_recent=any((one.last_day or one.first_day or date.min) >= today - _RECENT for one in past),
        updates=newest_updates(session, today=today, number=_NEWEST_UPDATES, language=language),
        strip=year_strip(session, today=today, language=language),
        newest_issue=session.scalar(
            select(Issue.code)
            .where(Issue.started_at.is_not(None))
            .order_by(Issue.year.desc(), Issue.code.desc())
            .limit(1)
        ),
    )


def _by_month(meetings: Sequence[Meeting], *, today: date, language: str) -> tuple[Month, ...]:
    """Group by the month a meeting begins in; what began earlier and goes on belongs to the current month."""

    def month(line: MeetingLine) -> date:
        return max(line.first_day or today, today).replace(day=1)

    lines = sorted(meeting_lines(meetings, today=today, language=language), key=month)
    return tuple(
        Month(written_months(first, first, language=language), tuple(group))
        for first, group in groupby(lines, key=month)
    )
