"""The sitemap: every public page, so that search engines find the whole record (sitemaps.org, 0.9)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.issue import Approval, Issue
from models.mechanism import Mechanism, MechanismType
from models.meeting import Meeting, Visibility
from models.page import Page
from models.revision import Revision
from models.state import Participant
from models.vocabulary import Theme
from templates.languages import ENGLISH
from web.representation import represent
from web.surroundings import surroundings_of

MOST: Final = 50_000
"""Addresses one sitemap may hold; where there are more, /sitemap.xml is the index of several."""

_FIXED: Final = (
    "/",
    "/mechanisms",
    "/countries",
    "/themes",
    "/updates",
    "/documents",
    "/highlights",
    "/newsletter",
    "/subscribe",
    "/help/calendar",
    "/about",
    "/privacy",
)
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEADERS: Final = {"Content-Type": "application/xml; charset=utf-8", "Cache-Control": "public, max-age=3600"}


@dataclass(frozen=True, slots=True)
class Location:
    """One page; `changed` is the day its own words last changed, None where that is not known."""

    path: str
    changed: date | None = None


def sitemap(request: Request) -> Response:
    """Answer `/sitemap.xml`: the pages, or the index of their parts where they are too many for one."""
    return _sitemap(request, most=MOST)


def sitemap_part(request: Request) -> Response:
    """Answer `/sitemap/{number}.xml`, from 1; 404 where there is no such part."""
    return _sitemap(request, most=MOST, part=int(request.path_params["number"]))


def _sitemap(request: Request, *, most: int, part: int | None = None) -> Response:
    around = surroundings_of(request)
    with around.database.reading() as session:
        locations = read_locations(session)
    body = sitemap_of(locations, base_url=around.site.base_url, most=most, part=part)
    if body is None:
        raise HTTPException(404)
    return represent(request, body, headers=_HEADERS)


def sitemap_of(
    locations: Sequence[Location], *, base_url: str, most: int = MOST, part: int | None = None
) -> bytes | None:
    """Return the sitemap of these pages, or one part of it; None where there is no such part."""
    parts = -(-len(locations) // most)
    if part is None and parts > 1:
        index = (f"<sitemap><loc>{base_url}/sitemap/{n + 1}.xml</loc></sitemap>" for n in range(parts))
        return _xml("sitemapindex", index)
    if part is not None and not (parts > 1 and 1 <= part <= parts):
        return None
    first = ((part or 1) - 1) * most
    return _xml("urlset", (_url(one, base_url=base_url) for one in locations[first : first + most]))


def read_locations(session: Session) -> tuple[Location, ...]:
    """Return every public page, in an order that the same record always gives.

    Takes the same number of statements whatever the record holds.
    """
    meetings = session.execute(
        select(Meeting.slug, Meeting.first_day, Meeting.last_day, Meeting.country, Meeting.created_at)
        .where(Meeting.visibility == Visibility.PUBLIC)
        .order_by(Meeting.first_day.desc(), Meeting.slug)
    ).all()
    edits = select(Revision.code, func.max(Revision.at)).where(Revision.kind == "meeting")
    changed = dict(iter(session.execute(edits.group_by(Revision.code))))
    days = [(first, last or first) for _, first, last, _, _ in meetings if first]
    states = {country for _, _, _, country, _ in meetings if country}
    states |= set(session.scalars(select(Participant.code).where(Participant.code.is_not(None))))
    return (
        *(Location(path) for path in _FIXED),
        *(Location(f"/types/{kind.value}") for kind in MechanismType),
        *(
            Location(f"/mechanisms/{slug}")
            for slug in session.scalars(select(Mechanism.slug).order_by(Mechanism.slug))
        ),
        *(
            Location(f"/meetings/{slug}", max(changed.get(slug, created_at), created_at).date())
            for slug, _, _, _, created_at in meetings
        ),
        *(Location(path) for path in _months(days)),
        *(Location(f"/countries/{code.lower()}") for code in sorted(states)),
        *(
            Location(f"/themes/{slug}")
            for slug in session.scalars(select(Theme.slug).order_by(Theme.position))
        ),
        *_texts(session),
        *_issues(session),
    )


def _texts(session: Session) -> Iterator[Location]:
    query = select(Page.slug, Page.changed_at).where(Page.shown, Page.language == ENGLISH)
    for slug, changed_at in session.execute(query.order_by(Page.position, Page.slug)):
        yield Location(f"/about/{slug}", changed_at.date())


def _issues(session: Session) -> Iterator[Location]:
    """Give the issues that can be read: those whose sending has begun, in the words approved for it."""
    query = (
        select(Issue.code, Issue.started_at)
        .where(Issue.started_at.is_not(None), Issue.id.in_(select(Approval.issue_id)))
        .order_by(Issue.code.desc())
    )
    for code, started_at in session.execute(query):
        yield Location(f"/highlights/{code}", started_at.date() if started_at else None)


def _months(days: Iterable[tuple[date, date]]) -> Iterator[str]:
    """Give the addresses of the years and months that hold meetings, newest first."""
    months: set[tuple[int, int]] = set()
    for first, last in days:
        year, month = first.year, first.month
        while (year, month) <= (last.year, last.month):
            months.add((year, month))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for year in sorted({year for year, _ in months}, reverse=True):
        yield f"/calendar/{year}"
        for month in sorted(month for of, month in months if of == year):
            yield f"/calendar/{year}/{month}"


def _url(location: Location, *, base_url: str) -> str:
    changed = f"<lastmod>{location.changed.isoformat()}</lastmod>" if location.changed else ""
    return f"<url><loc>{escape(base_url + location.path)}</loc>{changed}</url>"


def _xml(root: str, lines: Iterable[str]) -> bytes:
    opening = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">'
    return "\n".join([opening, *lines, f"</{root}>\n"]).encode()
