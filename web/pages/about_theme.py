"""What the record holds on a theme, as pages about ISCMs show it: the newest meetings and updates."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.meeting import Meeting, MeetingStatus, Visibility, meeting_themes
from models.own_words import meeting_title, theme_name, update_title
from models.update import Update, update_themes
from models.vocabulary import Theme
from templates.dates import written_date, written_months, written_when
from templates.languages import ENGLISH
from web.english import said

_NEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """Something dated of the record, and its page."""

    title: str
    day: str
    address: str


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme, its page, and the newest that is tagged with it."""

    name: str
    address: str
    meetings: tuple[Mention, ...]
    updates: tuple[Mention, ...]


def read_theme(session: Session, slug: str, *, language: str = ENGLISH) -> ThemeView | None:
    """Return what is newest on a theme, in three statements; None where there is no such theme."""
    theme = session.scalar(select(Theme).where(Theme.slug == slug))
    if theme is None:
        return None
    return ThemeView(
        name=said(theme_name(theme, language=language), language=language),
        address=f"/themes/{theme.slug}",
        meetings=_meetings(session, theme, language),
        updates=_updates(session, theme, language),
    )


def _meetings(session: Session, theme: Theme, language: str) -> tuple[Mention, ...]:
    tagged = select(meeting_themes.c.meeting_id).where(meeting_themes.c.theme_id == theme.id)
    found = session.scalars(
        select(Meeting)
        .where(
            Meeting.id.in_(tagged),
            Meeting.visibility == Visibility.PUBLIC,
            Meeting.status != MeetingStatus.CANCELLED,
            Meeting.first_day.is_not(None),
        )
        .order_by(Meeting.first_day.desc(), Meeting.slug)
        .limit(_NEWEST)
    )
    return tuple(
        Mention(
            title=said(meeting_title(one, language=language), language=language),
            day=written_when(one.when.first, one.when.last, precision=one.when.precision, language=language),
            address=f"/meetings/{one.slug}",
        )
        for one in found
    )


def _updates(session: Session, theme: Theme, language: str) -> tuple[Mention, ...]:
    tagged = select(update_themes.c.update_id).where(update_themes.c.theme_id == theme.id)
    found = session.scalars(
        select(Update).where(Update.id.in_(tagged)).order_by(Update.day.desc(), Update.slug).limit(_NEWEST)
    )
    return tuple(
        Mention(
            title=said(update_title(one, language=language), language=language),
            day=_day(one.day, known=one.day_known, language=language),
            address=f"/updates/{one.slug}",
        )
        for one in found
    )


def _day(day: date, *, known: bool, language: str) -> str:
    if known:
        return written_date(day, language=language)
    return written_months(day, day, language=language)
