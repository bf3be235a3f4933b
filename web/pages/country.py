"""One State or territory: its mechanisms, the chairs it holds, the meetings that concern it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.meeting import Meeting, MeetingMechanism
from models.state import Participant, Participation
from templates.countries import listed_territory_names, territory_names, territory_note
from templates.languages import ENGLISH, catalogue
from templates.states import state_codes
from web.answer import page
from web.english import unmarked
from web.feed_links import FeedLinks, feed_links
from web.language import language_of
from web.pages.breadcrumbs import Crumb, breadcrumbs
from web.pages.country_address import country_address
from web.pages.country_record import Membership, Record, Seat, is_on_record, read_record
from web.pages.meeting_line import MechanismLink
from web.pages.meeting_shelf import (
    DISTINCT,
    Asked,
    Shelf,
    Which,
    asked_shelf,
    coming_part,
    open_part,
    past_part,
    read_shelf,
    whole_part,
)
from web.site import Site
from web.surroundings import surroundings_of

_COMING: Final = 15
_OPEN: Final = 4
_THERE: Final = 6
_PAST: Final = 12


@dataclass(frozen=True, slots=True)
class CountryPage:
    """What the page of a State or territory shows. `place` is the short form of its name, for sentences.

    `unknown` are the mechanisms of which no list of States is on record: it may take part in them.
    """

    code: str
    address: str
    name: str
    place: str
    note: str | None
    members: tuple[Membership, ...]
    observers: tuple[Membership, ...]
    chairs: tuple[Seat, ...]
    former_chairs: tuple[Seat, ...]
    unknown: tuple[MechanismLink, ...]
    coming: Shelf
    undated: Shelf
    there: Shelf
    past: Shelf

    @property
    def mechanisms(self) -> tuple[MechanismLink, ...]:
        """Those it takes part in, as member or as observer."""
        return tuple(one.mechanism for one in (*self.members, *self.observers))


def country(request: Request) -> Response:
    """Answer `/countries/{iso2}`: 308 for capitals, 404 for what is no State and on no record."""
    written = request.path_params["code"]
    if written != written.lower():
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(country_address(written) + query, status_code=308)
    asked = asked_shelf(request, "coming", "open", "there", "past")
    around, language = surroundings_of(request), language_of(request)
    with around.database.reading() as session:
        view = read_country(session, written.upper(), today=around.today, asked=asked, language=language)
    if view is None:
        raise HTTPException(404)
    _ = catalogue(language).gettext
    way = (Crumb(_("States and territories"), "/countries"), Crumb(view.name, view.address))
    return page(
        request,
        "country.html",
        distinct=DISTINCT,
        country=view,
        shown=asked.shown,
        feed=feed_links(around.site, f"country/{written}", name=view.name, language=language),
        feeds=_feeds(around.site, view, language=language),
        trail=breadcrumbs(around.site, *way, language=language),
    )


def read_country(
    session: Session, code: str, *, today: date, asked: Asked | None = None, language: str = ENGLISH
) -> CountryPage | None:
    """Return the page of the State or territory with this ISO code; None for none that is known here."""
    names = listed_territory_names(language)
    if code not in names or (code not in state_codes() and not is_on_record(session, code)):
        return None
    asked = asked or Asked(country_address(code))
    record = read_record(session, code, today=today, language=language)
    coming, undated, past = (
        read_shelf(session, part, _of_its_mechanisms(code), asked=asked, today=today, language=language)
        for part in (
            coming_part(today, limit=_COMING),
            open_part(limit=_OPEN),
            past_part(today, limit=_PAST),
        )
    )
    there = whole_part("there", limit=_THERE)
    return _page(
        code,
        names[code],
        record,
        shelves=(
            coming,
            undated,
            read_shelf(session, there, _there(code), asked=asked, today=today, language=language),
            past,
        ),
        language=language,
    )


def _page(
    code: str, name: str, record: Record, *, shelves: tuple[Shelf, Shelf, Shelf, Shelf], language: str
) -> CountryPage:
    coming, undated, there, past = shelves
    return CountryPage(
        code=code,
        address=country_address(code),
        name=name,
        place=territory_names(language)[code],
        note=territory_note(code, language=language),
        members=record.members,
        observers=record.observers,
        chairs=record.chairs,
        former_chairs=record.former_chairs,
        unknown=record.unknown,
        coming=coming,
        undated=undated,
        there=there,
        past=past,
    )


def _of_its_mechanisms(code: str) -> Which:
    """Return the meetings of mechanisms that it takes part in, as member or as observer."""
    ids = (
        select(MeetingMechanism.meeting_id)
        .join(Participation, Participation.mechanism_id == MeetingMechanism.mechanism_id)
        .join(Participant, Participant.id == Participation.participant_id)
        .where(Participant.code == code)
    )
    return Which(ids, are_many=True)


def _there(code: str) -> Which:
    """Return the meetings in its territory, and those that it hosts elsewhere."""
    return Which(select(Meeting.id).where(or_(Meeting.country == code, Meeting.host == code)))


def _feeds(site: Site, view: CountryPage, *, language: str) -> tuple[FeedLinks, ...]:
    return tuple(
        feed_links(site, f"mechanism/{one.slug}", name=unmarked(one.name), language=language)
        for one in dict.fromkeys(view.mechanisms)
    )
