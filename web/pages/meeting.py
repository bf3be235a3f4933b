"""One meeting: the date first, then all that is known of it and where it was found."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.meeting import Meeting, Tombstone
from models.vocabulary import Confidence
from models.when import Precision, When
from templates.dates import written_hours, written_utc_hours, written_zone
from templates.languages import ENGLISH
from templates.words import word
from web.answer import page
from web.feed_links import feed_links
from web.pages.meeting_line import MeetingLine, meeting_line, visible_meetings
from web.surroundings import surroundings_of


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """What the page of a meeting shows beside its line. What is not known is None or empty."""

    line: MeetingLine
    hours: str | None
    utc_hours: str | None
    end_not_stated: bool
    reason: str | None
    mode: str | None
    venue: str | None
    host: str | None
    theme: str | None
    sessions: tuple[str, ...]
    local_times: str | None
    interpretation: str | None
    join_link: str | None
    address: str | None
    source: str | None
    tags: tuple[str, ...]
    is_doubtful: bool


def meeting(request: Request) -> Response:
    """Answer `/meetings/{slug}`; 410 for one that was entered by mistake and deleted, 404 for none."""
    slug = request.path_params["slug"]
    around = surroundings_of(request)
    with around.database.reading() as session:
        view = read_meeting(session, slug, today=around.today)
        gone = None if view else session.scalar(select(Tombstone.title).where(Tombstone.slug == slug))
    if view is None:
        if gone is None:
            raise HTTPException(404)
        return page(request, "meeting_gone.html", status=410, title=gone)
    feeds = tuple(
        feed_links(around.site, f"mechanism/{link.slug}", name=link.name) for link in view.line.mechanisms
    )
    return page(request, "meeting.html", meeting=view, feeds=feeds)


def read_meeting(session: Session, slug: str, *, today: date, language: str = ENGLISH) -> MeetingPage | None:
    """Return the page of the meeting with this slug as of a day; None when there is none that all may see."""
    query = visible_meetings(selectinload(Meeting.theme_tags)).where(Meeting.slug == slug)
    found = session.scalar(query)
    if found is None:
        return None
    hours, utc_hours = _hours(found.when, language=language)
    return MeetingPage(
        line=meeting_line(found, today=today, language=language),
        hours=hours,
        utc_hours=utc_hours,
        end_not_stated=found.when.first is not None and found.when.last is None,
        reason=found.reason,
        mode=word("mode", found.mode, language=language) if found.mode else None,
        venue=found.venue,
        host=found.host,
        theme=found.theme,
        sessions=tuple(found.sessions),
        local_times=found.local_times,
        interpretation=found.interpretation,
        join_link=found.join_link,
        address=found.url,
        source=found.source if found.source != found.url else None,
        tags=tuple(tag.name for tag in found.theme_tags),
        is_doubtful=found.confidence is not Confidence.HIGH,
    )


def _hours(when: When, *, language: str) -> tuple[str | None, str | None]:
    """Return the hours on the venue's clock and the same in UTC, for a meeting whose hours are known."""
    if when.precision is not Precision.MOMENT or when.zone is None or when.start_instant is None:
        return None, None
    zone = ZoneInfo(when.zone)
    start: datetime = when.start_instant.astimezone(zone)
    end = when.end_instant.astimezone(zone) if when.end_instant else None
    named = f"{written_hours(start, end)} {written_zone(when.zone, language=language)}"
    if when.zone in {"UTC", "Etc/UTC"}:
        return named, None
    return named, written_utc_hours(start, end)
