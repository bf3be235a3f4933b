"""What a calendar would hold: how many meetings, and the next of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from calendar_feed.keys import ALL
from calendar_feed.own_calendar import selection_of
from models.choice import Choice
from models.meeting import Meeting
from models.rendering import Feed
from templates.languages import ENGLISH
from web.pages.meeting_line import MeetingLine, is_coming, meeting_lines, visible_meetings

_SHOWN: Final = 5
_LONGEST: Final = timedelta(days=400)
"""How long the longest meeting may go on and still be found as one that is not over."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The next meetings of a choice, and how many there are: ahead, and in all. `names` are what it names."""

    lines: tuple[MeetingLine, ...]
    coming: int
    all: int
    names: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many meetings ahead are not among those shown."""
        return self.coming - len(self.lines)


def read_preview(session: Session, choice: Choice, *, today: date, language: str) -> Preview:
    """Return what a calendar would hold as of a day, in a fixed number of statements.

    It is read from what was published last, as the calendar itself is.
    """
    selected = selection_of(session, choice, language=_published(session, choice.language))
    # Looking at what began long ago would take most of the time where there are thousands.
    ahead = (Meeting.uid.in_(selected.uids(since=today - _LONGEST)), is_coming(today))
    entered = selected.uids().subquery()
    found = visible_meetings().where(*ahead).order_by(Meeting.first_day, Meeting.uid).limit(_SHOWN)
    return Preview(
        lines=meeting_lines(session.scalars(found), today=today, language=language),
        coming=session.scalar(select(func.count(Meeting.id)).where(*ahead)) or 0,
        all=session.scalar(select(func.count(distinct(entered.c.uid)))) or 0,
        names=selected.names,
    )


def feed_languages(session: Session, offered: tuple[str, ...]) -> tuple[str, ...]:
    """Return the languages, of those offered, in which calendars are published; all before the first time."""
    published = set(session.scalars(select(Feed.language).where(Feed.path == ALL)))
    return tuple(one for one in offered if one in published) or offered


def _published(session: Session, language: str) -> str:
    is_there = session.scalar(select(Feed.language).where(Feed.path == ALL, Feed.language == language))
    return is_there or ENGLISH
