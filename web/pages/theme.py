"""One theme: what it is about, and the mechanisms, meetings, updates and documents tagged with it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.document import Document, document_themes
from models.mechanism import Mechanism, mechanism_themes
from models.meeting import meeting_themes
from models.own_words import theme_name
from models.update import Update, update_themes
from models.vocabulary import Theme
from templates.languages import ENGLISH, catalogue
from web.answer import page
from web.english import said
from web.language import language_of
from web.pages.breadcrumbs import Crumb, breadcrumbs
from web.pages.mechanism_lines import MechanismLine, listed_mechanisms, mechanism_lines
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
from web.pages.theme_introduction import theme_introduction
from web.surroundings import surroundings_of

_COMING: Final = 8
_OPEN: Final = 4
_PAST: Final = 8
_DOCUMENTS: Final = 6
_UPDATES: Final = 6


@dataclass(frozen=True, slots=True)
class ThemePage:
    """What the page of a theme shows. `introduction` are paragraphs; empty where we have none."""

    slug: str
    address: str
    name: str
    introduction: tuple[str, ...]
    mechanisms: tuple[MechanismLine, ...]
    coming: Shelf
    undated: Shelf
    past: Shelf
    documents: SomeDocuments
    updates: SomeUpdates

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is tagged with it."""
        shelves = (self.coming.lines, self.undated.lines, self.past.lines)
        return not any((*shelves, self.mechanisms, self.documents.lines, self.updates.lines))


def theme(request: Request) -> Response:
    """Answer `/themes/{slug}`; 404 for a theme that is not in the list."""
    asked = asked_shelf(request, "coming", "open", "past")
    around, language = surroundings_of(request), language_of(request)
    slug = request.path_params["slug"]
    with around.database.reading() as session:
        view = read_theme(session, slug, today=around.today, asked=asked, language=language)
    if view is None:
        raise HTTPException(404)
    above = Crumb(catalogue(language).gettext("Themes"), "/themes")
    trail = breadcrumbs(around.site, above, Crumb(view.name, view.address), language=language)
    return page(request, "theme.html", distinct=DISTINCT, theme=view, shown=asked.shown, trail=trail)


def read_theme(
    session: Session, slug: str, *, today: date, asked: Asked | None = None, language: str = ENGLISH
) -> ThemePage | None:
    """Return the page of the theme with this slug as of a day, or None."""
    found = session.scalar(select(Theme).where(Theme.slug == slug))
    if found is None:
        return None
    asked = asked or Asked(f"/themes/{slug}")
    tagged = Which(select(meeting_themes.c.meeting_id).where(meeting_themes.c.theme_id == found.id))
    coming, undated, past = (
        read_shelf(session, part, tagged, asked=asked, today=today, language=language)
        for part in (
            coming_part(today, limit=_COMING),
            open_part(limit=_OPEN),
            past_part(today, limit=_PAST),
        )
    )
    mechanisms: tuple[MechanismLine, ...] = ()
    documents, updates = SomeDocuments(), SomeUpdates()
    if not asked.shown:
        mechanisms = _mechanisms(session, found, today=today, language=language)
        documents, updates = _documents_and_updates(session, found, language=language)
    return ThemePage(
        slug=slug,
        address=f"/themes/{slug}",
        name=said(theme_name(found, language=language), language=language),
        introduction=theme_introduction(slug, language=language),
        mechanisms=mechanisms,
        coming=coming,
        undated=undated,
        past=past,
        documents=documents,
        updates=updates,
    )


def _mechanisms(session: Session, found: Theme, *, today: date, language: str) -> tuple[MechanismLine, ...]:
    tagged = select(mechanism_themes.c.mechanism_id).where(mechanism_themes.c.theme_id == found.id)
    mechanisms = listed_mechanisms(session, Mechanism.id.in_(tagged), language=language)
    return tuple(mechanism_lines(session, mechanisms, today=today, language=language).values())


def _documents_and_updates(
    session: Session, found: Theme, *, language: str
) -> tuple[SomeDocuments, SomeUpdates]:
    narrowed = f"theme={found.slug}"
    documents = select(document_themes.c.document_id).where(document_themes.c.theme_id == found.id)
    updates = select(update_themes.c.update_id).where(update_themes.c.theme_id == found.id)
    return (
        newest_documents(
            session, Document.id.in_(documents), number=_DOCUMENTS, narrowed=narrowed, language=language
        ),
        newest_updates_about(
            session, Update.id.in_(updates), number=_UPDATES, narrowed=narrowed, language=language
        ),
    )
