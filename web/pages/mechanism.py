"""One mechanism: its next meeting, its meetings by year, its documents and news, its profile."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, selectinload
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.document import Document, document_mechanisms
from models.mechanism import Mechanism, MechanismAlias
from models.meeting import MeetingMechanism
from models.own_words import mechanism_name, mechanism_short_name
from models.state import Participation
from models.update import Update, UpdateMechanism
from templates.languages import ENGLISH, catalogue
from templates.words import word
from web.answer import page
from web.english import said, unmarked
from web.feed_links import feed_links
from web.language import language_of
from web.pages.breadcrumbs import Crumb, breadcrumbs
from web.pages.meeting_line import type_words
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
)
from web.pages.newest import SomeDocuments, SomeUpdates, newest_documents, newest_updates_about
from web.pages.profile import Profile, read_profile
from web.surroundings import surroundings_of

_COMING: Final = 12
_OPEN: Final = 4
_PAST: Final = 20
_DOCUMENTS: Final = 6
_UPDATES: Final = 5


@dataclass(frozen=True, slots=True)
class MechanismPage:
    """What the page of a mechanism shows; `type`, `status` and `dormancy` are the record's words."""

    slug: str
    address: str
    name: str
    short_name: str
    type: str
    type_words: str
    is_iscm: bool
    status: str
    status_words: str
    dormancy: str | None
    website: str | None
    profile: Profile
    coming: Shelf
    undated: Shelf
    past: Shelf
    documents: SomeDocuments
    updates: SomeUpdates


def mechanism(request: Request) -> Response:
    """Answer `/mechanisms/{slug}`; an alias's slug is answered 308 with the address of the mechanism."""
    slug = request.path_params["slug"]
    asked = asked_shelf(request, "coming", "open", "past")
    around, language = surroundings_of(request), language_of(request)
    with around.database.reading() as session:
        view = read_mechanism(session, slug, today=around.today, asked=asked, language=language)
        renamed = None if view else slug_of_alias(session, slug)
    if renamed:
        return RedirectResponse(f"/mechanisms/{renamed}", status_code=308)
    if view is None:
        raise HTTPException(404)
    trail = breadcrumbs(around.site, *_crumbs(view, language=language), language=language)
    feed = feed_links(around.site, f"mechanism/{slug}", name=unmarked(view.short_name), language=language)
    return page(
        request,
        "mechanism.html",
        distinct=DISTINCT,
        mechanism=view,
        shown=asked.shown,
        feed=feed,
        trail=trail,
    )


def slug_of_alias(session: Session, alias: str) -> str | None:
    """Return the slug of the mechanism that has, or had, this other name; None when there is none."""
    return session.scalar(
        select(Mechanism.slug)
        .join(MechanismAlias, MechanismAlias.mechanism_id == Mechanism.id)
        .where(MechanismAlias.slug == alias.casefold())
    )


def read_mechanism(
    session: Session, slug: str, *, today: date, asked: Asked | None = None, language: str = ENGLISH
) -> MechanismPage | None:
    """Return the page of the mechanism with this slug as of a day, or None."""
    asked = asked or Asked(f"/mechanisms/{slug}")
    found = _with_participants(session, slug)
    if found is None:
        return None
    coming, undated, past = (
        read_shelf(session, part, Which(_meetings_of(found)), asked=asked, today=today, language=language)
        for part in (
            coming_part(today, limit=_COMING),
            open_part(limit=_OPEN),
            past_part(today, limit=_PAST),
        )
    )
    documents, updates = SomeDocuments(), SomeUpdates()
    if not asked.shown:
        narrowed = f"mechanism={slug}"
        documents = newest_documents(
            session, _has_document(found), number=_DOCUMENTS, narrowed=narrowed, language=language
        )
        updates = newest_updates_about(
            session, _is_told_of(found), number=_UPDATES, narrowed=narrowed, language=language
        )
    return MechanismPage(
        slug=slug,
        address=f"/mechanisms/{slug}",
        name=said(mechanism_name(found, language=language), language=language),
        short_name=said(mechanism_short_name(found, language=language), language=language),
        type=found.type.value,
        type_words=type_words(found, language=language),
        is_iscm=found.is_iscm,
        status=found.status.value,
        status_words=word("mechanism status", found.status, language=language),
        dormancy=found.dormancy.value if found.dormancy else None,
        website=found.website,
        profile=read_profile(found, today=today, language=language),
        coming=coming,
        undated=undated,
        past=past,
        documents=documents,
        updates=updates,
    )


def _with_participants(session: Session, slug: str) -> Mechanism | None:
    return session.scalar(
        select(Mechanism)
        .where(Mechanism.slug == slug)
        .options(
            selectinload(Mechanism.participations).joinedload(Participation.participant),
            selectinload(Mechanism.regions),
            selectinload(Mechanism.theme_tags),
            selectinload(Mechanism.aliases),
        )
    )


def _meetings_of(mechanism: Mechanism) -> Select[int]:
    return select(MeetingMechanism.meeting_id).where(MeetingMechanism.mechanism_id == mechanism.id)


def _has_document(mechanism: Mechanism) -> ColumnElement[bool]:
    """Return the condition for the documents of its meetings and its own."""
    own = select(document_mechanisms.c.document_id).where(document_mechanisms.c.mechanism_id == mechanism.id)
    return or_(Document.meeting_id.in_(_meetings_of(mechanism)), Document.id.in_(own))


def _is_told_of(mechanism: Mechanism) -> ColumnElement[bool]:
    """Return the condition for the updates about it."""
    told = select(UpdateMechanism.update_id).where(UpdateMechanism.mechanism_id == mechanism.id)
    return Update.id.in_(told)


def _crumbs(view: MechanismPage, *, language: str) -> tuple[Crumb, ...]:
    kind = (Crumb(word("types", view.type, language=language), f"/types/{view.type}"),)
    return (
        Crumb(catalogue(language).gettext("Mechanisms"), "/mechanisms"),
        *(kind if view.is_iscm else ()),
        Crumb(view.short_name, view.address),
    )
