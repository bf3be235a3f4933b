"""The home page: what is coming, the strip of the year, what just happened, and one way to subscribe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.issue import Issue
from models.meeting import Meeting
from templates.languages import ENGLISH
from web.answer import page
from web.language import language_of
from web.pages.home_choice import choose, load_chosen
from web.pages.home_meetings import Coming, tell_coming
from web.pages.meeting_line import MeetingLine, meeting_lines
from web.pages.update_line import UpdateLine, newest_updates
from web.pages.year_range import calendar_years
from web.pages.year_strip import YearStrip, year_strip
from web.surroundings import surroundings_of

_LAST: Final = 3
_RECENT: Final = timedelta(days=60)
_NEWEST_UPDATES: Final = 4


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page shows.

    `past` are the meetings of the last two months; where there are none, the last ones on record, and then
    `is_recent` is False.
    """

    coming: Coming
    past: tuple[MeetingLine, ...]
    is_recent: bool
    updates: tuple[UpdateLine, ...]
    strip: YearStrip | None
    sheet: str
    newest_issue: str | None


def home(request: Request) -> Response:
    """Answer `/`."""
    around = surroundings_of(request)
    with around.database.reading() as session:
        view = read_home(session, today=around.today, language=language_of(request))
    return page(request, "home.html", home=view)


def read_home(session: Session, *, today: date, language: str = ENGLISH) -> Home:
    """Return the home page as of a day. Neither its statements nor its size grow with the record."""
    choice = choose(session, today=today)
    meetings = load_chosen(session, choice)
    years = calendar_years(session, today=today)
    past, is_recent = _past([meetings[key] for key in choice.past], today=today)
    return Home(
        coming=tell_coming(choice, meetings, years, today=today, language=language),
        past=meeting_lines(past, today=today, language=language),
        is_recent=is_recent,
        updates=newest_updates(session, today=today, number=_NEWEST_UPDATES, language=language),
        strip=year_strip(session, today=today, language=language),
        sheet=f"/calendar/{today.year}",
        newest_issue=session.scalar(
            select(Issue.code)
            .where(Issue.started_at.is_not(None))
            .order_by(Issue.year.desc(), Issue.code.desc())
            .limit(1)
        ),
    )


def _past(found: Sequence[Meeting], *, today: date) -> tuple[Sequence[Meeting], bool]:
    """Return the meetings that are over, the last one first, and whether they have just happened."""
    recent = [one for one in found if (one.when.closing_day or date.min) >= today - _RECENT]
    return (recent, True) if recent else (found[:_LAST], False)
