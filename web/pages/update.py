"""One update: what happened, in which mechanism, and where it was found."""

from sqlalchemy.orm import Session, selectinload
from starlette.requests import Request
from starlette.responses import Response

from models.update import Update
from templates.languages import ENGLISH, catalogue
from web.language import language_of
from web.pages.breadcrumbs import Crumb
from web.pages.sourced_page import SourcedPage, answer_with_record, sourced
from web.pages.update_line import UpdateLine, update_line, updates_in_order


def update(request: Request) -> Response:
    """Answer `/updates/{slug}`; 404 for none."""
    above = Crumb(catalogue(language_of(request)).gettext("Updates"), "/updates")
    return answer_with_record(request, "update.html", read_update, above=above)


def read_update(session: Session, slug: str, *, language: str = ENGLISH) -> SourcedPage[UpdateLine] | None:
    """Return the page of the update with this slug, or None."""
    query = updates_in_order().options(selectinload(Update.theme_tags)).where(Update.slug == slug)
    found = session.scalar(query)
    return sourced(found, update_line(found, language=language), language=language) if found else None
