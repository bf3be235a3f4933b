"""One meeting: the date first, then all that is known of it, its neighbours, and where it was found."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.document import Document
from models.meeting import Meeting, Tombstone
from models.rendering import Rendering
from models.vocabulary import Confidence
from models.when import When
from templates.countries import listed_territory_names, territory_note
from templates.dates import written_date, written_hours, written_utc_hours, written_when, written_zone
from templates.languages import ENGLISH, catalogue
from templates.words import word
from web.addresses import report_address
from web.answer import page
from web.english import in_english, in_english_if_any, unmarked
from web.feed_links import feed_links
from web.language import language_of
from web.pages.country_address import country_address
from web.pages.document_line import DocumentLine, document_lines
from web.pages.meeting_event import schema_event
from web.pages.meeting_line import MeetingLine, city_words, meeting_line, visible_meetings
from web.pages.meeting_neighbours import Neighbours, read_neighbours
from web.pages.theme_link import theme_links
from web.surroundings import surroundings_of


@dataclass(frozen=True, slots=True)
class PageLink:
    """A State or a theme and its page; `note` is the footnote that must stand with its name."""

    name: str
    address: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a meeting on the venue's clock and, where that is another one, in UTC.

    `moments` are the start and the end, if stated, as HTML's `time` element takes them, in UTC; `zone` is the
    venue's, by its IANA name.
    """

    at_venue: str
    in_utc: str | None
    moments: tuple[str, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """What the page of a meeting shows beside its line. What is not known is None or empty.

    `event` is the meeting as schema.org has it; `has_calendar` when one of this meeting alone is served.
    """

    line: MeetingLine
    hours: Hours | None
    end_not_stated: bool
    moved: str | None
    reason: str | None
    mode: str | None
    venue: str | None
    city: str | None
    country: PageLink | None
    host: PageLink | None
    theme: str | None
    sessions: tuple[str, ...]
    local_times: str | None
    interpretation: str | None
    join_link: str | None
    documents: tuple[DocumentLine, ...]
    themes: tuple[PageLink, ...]
    neighbours: tuple[Neighbours, ...]
    address: str | None
    source: str | None
    is_doubtful: bool
    has_calendar: bool
    event: dict[str, object]


def meeting(request: Request) -> Response:
    """Answer `/meetings/{slug}`; 410 for one that was entered by mistake and deleted, 404 for none."""
    slug = request.path_params["slug"]
    around, language = surroundings_of(request), language_of(request)
    with around.database.reading() as session:
        view = read_meeting(
            session, slug, today=around.today, base_url=around.site.base_url, language=language
        )
        gone = None if view else session.scalar(select(Tombstone.title).where(Tombstone.slug == slug))
    if view is None:
        if gone is None:
            raise HTTPException(404)
        return page(request, "meeting_gone.html", status=410, title=in_english(gone, language=language))
    feeds = tuple(
        feed_links(around.site, f"mechanism/{link.slug}", name=unmarked(link.name), language=language)
        for link in view.line.mechanisms
    )
    report = report_address(view.line.address, language=language)
    return page(request, "meeting.html", meeting=view, feeds=feeds, report=report)


def read_meeting(
    session: Session, slug: str, *, today: date, base_url: str, language: str = ENGLISH
) -> MeetingPage | None:
    """Return the page of the meeting with this slug as of a day; None when there is none that all may see."""
    found = session.scalar(
        visible_meetings(
            selectinload(Meeting.documents).selectinload(Document.own_mechanisms),
            selectinload(Meeting.theme_tags),
        ).where(Meeting.slug == slug)
    )
    if found is None:
        return None
    served = exists().where(Rendering.uid == found.uid, Rendering.language == language, Rendering.hash != "")
    return MeetingPage(
        line=meeting_line(found, today=today, language=language),
        hours=_hours(found.when, language=language),
        end_not_stated=found.when.first is not None and found.when.last is None,
        moved=_moved(found, language=language),
        reason=in_english_if_any(found.reason, language=language),
        mode=word("mode", found.mode, language=language) if found.mode else None,
        venue=in_english_if_any(found.venue, language=language),
        city=city_words(found.city, found.country, language=language) if found.city else None,
        country=_state(found.country, language=language),
        host=_state(found.host, language=language),
        theme=in_english_if_any(found.theme, language=language),
        sessions=tuple(found.sessions),
        local_times=in_english_if_any(found.local_times, language=language),
        interpretation=in_english_if_any(found.interpretation, language=language),
        join_link=found.join_link,
        documents=document_lines(found.documents, language=language),
        themes=tuple(
            PageLink(link.name, link.address) for link in theme_links(found.theme_tags, language=language)
        ),
        neighbours=read_neighbours(session, found, language=language),
        address=found.url,
        source=found.source if found.source != found.url else None,
        is_doubtful=found.confidence is not Confidence.HIGH,
        has_calendar=bool(session.scalar(select(served))),
        event=schema_event(found, base_url=base_url, language=language),
    )


_UTC: Final = frozenset({"UTC", "Etc/UTC"})


def _hours(when: When, *, language: str) -> Hours | None:
    """Return the hours of a meeting whose hours are known."""
    start, end = when.start_instant, when.end_instant
    if when.zone is None or start is None:
        return None
    zone = ZoneInfo(when.zone)
    local = start.astimezone(zone), end.astimezone(zone) if end else None
    return Hours(
        at_venue=f"{written_hours(*local)} {written_zone(when.zone, language=language)}",
        in_utc=None if when.zone in _UTC else written_utc_hours(*local, language=language),
        moments=tuple(_exact(moment) for moment in (start, end) if moment),
        zone=when.zone,
    )


def _exact(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}Z"


def _moved(meeting: Meeting, *, language: str) -> str | None:
    """Return from which dates it was moved, and on which day where that is known."""
    if not meeting.previous_when:
        return None
    before = When.kept(meeting.previous_when)
    dates = written_when(before.first, before.last, precision=before.precision, language=language)
    sentence = catalogue(language).gettext
    if meeting.moved_at is None:
        return sentence("From %(dates)s") % {"dates": dates}
    day = written_date(meeting.moved_at.date(), language=language)
    return sentence("From %(dates)s, on %(day)s") % {"dates": dates, "day": day}


def _state(code: str | None, *, language: str) -> PageLink | None:
    name = listed_territory_names(language).get(code or "")
    if code is None or name is None:
        return None
    return PageLink(name, country_address(code), territory_note(code, language=language))
