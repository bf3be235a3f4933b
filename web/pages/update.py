"""One update: what happened, in which mechanism, and where it was found."""

from dataclasses import dataclass

from sqlalchemy.orm import Session, selectinload
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.update import Update
from models.vocabulary import Confidence
from templates.languages import ENGLISH, catalogue
from web.answer import page
from web.pages.breadcrumbs import Crumb, breadcrumbs
from web.pages.theme_link import ThemeLink, theme_links
from web.pages.update_line import UpdateLine, update_line, updates_in_order
from web.surroundings import surroundings_of


@dataclass(frozen=True, slots=True)
class UpdatePage:
    """What the page of an update shows beside its line. `source` is None where it is the link."""

    line: UpdateLine
    themes: tuple[ThemeLink, ...]
    source: str | None
    is_doubtful: bool


def update(request: Request) -> Response:
    """Answer `/updates/{slug}`; 404 for none."""
    around = surroundings_of(request)
    with around.database.reading() as session:
        view = read_update(session, request.path_params["slug"])
    if view is None:
        raise HTTPException(404)
    above = Crumb(catalogue(ENGLISH).gettext("Updates"), "/updates")
    trail = breadcrumbs(around.site, above, Crumb(view.line.title, view.line.page))
    return page(request, "update.html", update=view, trail=trail)


def read_update(session: Session, slug: str, *, language: str = ENGLISH) -> UpdatePage | None:
    """Return the page of the update with this slug, or None."""
    query = updates_in_order().options(selectinload(Update.theme_tags)).where(Update.slug == slug)
    found = session.scalar(query)
    if found is None:
        return None
    return UpdatePage(
        line=update_line(found, language=language),
        themes=theme_links(found.theme_tags),
        source=found.source if found.source != found.url else None,
        is_doubtful=found.confidence is not Confidence.HIGH,
    )
