"""One type of mechanism: what it is, which mechanisms are of it, and when they meet."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.mechanism import Mechanism, MechanismType
from models.meeting import MeetingMechanism
from templates.languages import catalogue
from templates.words import word
from web.answer import page
from web.feed_links import feed_links
from web.language import language_of
from web.pages.breadcrumbs import Crumb, breadcrumbs
from web.pages.mechanism_lines import MechanismLine, listed_mechanisms, mechanism_lines
from web.pages.mechanisms import Group
from web.pages.meeting_shelf import (
    DISTINCT,
    Which,
    asked_shelf,
    coming_part,
    open_part,
    past_part,
    read_shelf,
)
from web.surroundings import surroundings_of

_COMING = 12
_OPEN = 4
_PAST = 8


def mechanisms_of_type(request: Request) -> Response:
    """Answer `/types/{type}`; 404 for a type that is none."""
    try:
        kind = MechanismType(request.path_params["type"])
    except ValueError:
        raise HTTPException(404) from None
    asked = asked_shelf(request, "coming", "open", "past")
    around, language = surroundings_of(request), language_of(request)
    today = around.today
    with around.database.reading() as session:
        coming, undated, past = (
            read_shelf(session, part, _of_type(kind), asked=asked, today=today, language=language)
            for part in (
                coming_part(today, limit=_COMING),
                open_part(limit=_OPEN),
                past_part(today, limit=_PAST),
            )
        )
        lines = {} if asked.shown else _lines(session, kind, today=today, language=language)
    name = word("types", kind, language=language)
    above = Crumb(catalogue(language).gettext("Mechanisms"), "/mechanisms")
    return page(
        request,
        "type.html",
        distinct=DISTINCT,
        type=kind.value,
        name=name,
        group=Group(kind.value, name, kind.value, None, tuple(lines.values())),
        coming=coming,
        undated=undated,
        past=past,
        shown=asked.shown,
        feed=feed_links(around.site, f"type/{kind.value}", name=name, language=language),
        trail=breadcrumbs(around.site, above, Crumb(name, f"/types/{kind.value}"), language=language),
    )


def _lines(session: Session, kind: MechanismType, *, today: date, language: str) -> dict[int, MechanismLine]:
    chosen = (Mechanism.type == kind, Mechanism.is_iscm.is_(True))
    found = listed_mechanisms(session, *chosen, language=language)
    return mechanism_lines(session, found, today=today, language=language)


def _of_type(kind: MechanismType) -> Which:
    """Return the meetings of all mechanisms of a type."""
    ids = (
        select(MeetingMechanism.meeting_id)
        .join(Mechanism, Mechanism.id == MeetingMechanism.mechanism_id)
        .where(Mechanism.type == kind)
    )
    return Which(ids, are_many=True)
