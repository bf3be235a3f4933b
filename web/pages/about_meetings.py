"""Meetings as the pages about ISCMs mention them: the global meetings, and those of a theme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.meeting import Kind, Meeting, MeetingStatus, Visibility
from models.own_words import meeting_title
from templates.dates import DateTile, date_tile
from templates.languages import ENGLISH, catalogue
from web.english import in_english_if_any, said
from web.pages.meeting_line import place_words

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class MeetingMention:
    """A meeting with its date, its place and what it was about. `standing` is said where it was not held."""

    address: str
    title: str
    tile: DateTile
    place: str | None
    theme: str | None
    standing: str | None


def grcp_meetings(session: Session, *, today: date, language: str = ENGLISH) -> tuple[MeetingMention, ...]:
    """Return the global meetings on record, the newest first."""
    found = session.scalars(
        select(Meeting)
        .where(Meeting.kind == Kind.GRCP, Meeting.visibility == Visibility.PUBLIC)
        .order_by(Meeting.first_day.is_(None).desc(), Meeting.first_day.desc(), Meeting.slug)
        .limit(_MOST)
    )
    return mentions(found, today=today, language=language)


def mentions(
    meetings: Iterable[Meeting], *, today: date, language: str = ENGLISH
) -> tuple[MeetingMention, ...]:
    """Return meetings as they are mentioned, in the order given."""
    return tuple(
        MeetingMention(
            address=f"/meetings/{meeting.slug}",
            title=said(meeting_title(meeting, language=language), language=language),
            tile=date_tile(
                meeting.when.first, meeting.when.last, precision=meeting.when.precision, language=language
            ),
            place=place_words(
                city=meeting.city, country=meeting.country, mode=meeting.mode, language=language
            ),
            theme=in_english_if_any(meeting.theme, language=language),
            standing=_standing(meeting, today=today, language=language),
        )
        for meeting in meetings
    )


def _standing(meeting: Meeting, *, today: date, language: str) -> str | None:
    _ = catalogue(language).gettext
    if meeting.status is MeetingStatus.CANCELLED:
        return _("Cancelled")
    if meeting.status is MeetingStatus.POSTPONED:
        return _("Postponed, new date to be announced")
    if meeting.when.first and meeting.when.first > today:
        return _("Coming")
    return None
