"""One mechanism: its next meeting, its meetings by year, its profile and where each fact was found."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.mechanism import Mechanism, MechanismAlias
from models.meeting import Meeting, MeetingMechanism, MeetingStatus
from models.state import Participation
from models.update import Update, UpdateMechanism
from templates.languages import ENGLISH
from web.answer import page
from web.feed_links import feed_links
from web.pages.meeting_line import (
    MeetingLine,
    closing_day,
    is_coming,
    meeting_lines,
    type_words,
    visible_meetings,
)
from web.pages.profile import Profile, read_profile
from web.pages.update_line import UpdateLine, update_lines, updates_in_order
from web.surroundings import surroundings_of


@dataclass(frozen=True, slots=True)
class Year:
    """The meetings of a mechanism that began in a year."""

    year: int
    lines: tuple[MeetingLine, ...]


@dataclass(frozen=True, slots=True)
class MechanismPage:
    """What the page of a mechanism shows. `type` names the hue, `type_words` the type."""

    address: str
    name: str
    short_name: str
    type: str
    type_words: str
    website: str | None
    profile: Profile
    coming: tuple[MeetingLine, ...]
    years: tuple[Year, ...]
    updates: tuple[UpdateLine, ...]


def mechanism(request: Request) -> Response:
    """Answer `/mechanisms/{slug}`; an alias's slug is answered 308 with the address of the mechanism."""
    slug = request.path_params["slug"]
    around = surroundings_of(request)
    with around.database.reading() as session:
        view = read_mechanism(session, slug, today=around.today)
        renamed = None if view else slug_of_alias(session, slug)
    if renamed:
        return RedirectResponse(f"/mechanisms/{renamed}", status_code=308)
    if view is None:
        raise HTTPException(404)
    feed = feed_links(around.site, f"mechanism/{slug}", name=view.short_name)
    return page(request, "mechanism.html", mechanism=view, feed=feed)


def slug_of_alias(session: Session, alias: str) -> str | None:
    """Return the slug of the mechanism that has, or had, this other name; None when there is none."""
    return session.scalar(
        select(Mechanism.slug)
        .join(MechanismAlias, MechanismAlias.mechanism_id == Mechanism.id)
        .where(MechanismAlias.slug == alias.casefold())
    )


def read_mechanism(
    session: Session, slug: str, *, today: date, language: str = ENGLISH
) -> MechanismPage | None:
    """Return the page of the mechanism with this slug as of a day, or None."""
    found = session.scalar(
        select(Mechanism)
        .where(Mechanism.slug == slug)
        .options(
            selectinload(Mechanism.participations).joinedload(Participation.participant),
            selectinload(Mechanism.regions),
            selectinload(Mechanism.theme_tags),
            selectinload(Mechanism.aliases),
        )
    )
    if found is None:
        return None
    own = select(MeetingMechanism.meeting_id).where(MeetingMechanism.mechanism_id == found.id)
    meetings = visible_meetings().where(Meeting.id.in_(own))
    coming = session.scalars(
        meetings.where(
            is_coming(today) | closing_day.is_(None) | (Meeting.status == MeetingStatus.POSTPONED)
        ).order_by(Meeting.first_day, Meeting.uid)
    ).all()
    shown = {meeting.id for meeting in coming}
    past = session.scalars(
        meetings.where(Meeting.id.not_in(shown)).order_by(Meeting.first_day.desc(), Meeting.uid)
    ).all()
    told = select(UpdateMechanism.update_id).where(UpdateMechanism.mechanism_id == found.id)
    updates = session.scalars(updates_in_order().where(Update.id.in_(told))).all()
    return MechanismPage(
        address=f"/mechanisms/{found.slug}",
        name=found.name,
        short_name=found.short_name,
        type=found.type.value,
        type_words=type_words(found, language=language),
        website=found.website,
        profile=read_profile(found, language=language),
        coming=meeting_lines(coming, today=today, language=language),
        years=_by_year(meeting_lines(past, today=today, language=language)),
        updates=update_lines(updates, language=language),
    )


def _by_year(lines: tuple[MeetingLine, ...]) -> tuple[Year, ...]:
    def year(line: MeetingLine) -> int:
        return line.first_day.year if line.first_day else 0

    return tuple(Year(key, tuple(group)) for key, group in groupby(lines, key=year))
