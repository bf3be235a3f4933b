"""The page of one record that was found somewhere: what a document and an update have in common."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.document import Document
from models.update import Update
from models.vocabulary import Confidence
from web.answer import page
from web.language import language_of
from web.pages.breadcrumbs import Crumb, breadcrumbs
from web.pages.theme_link import ThemeLink, theme_links
from web.surroundings import surroundings_of


class _Line(Protocol):
    """What the line of any record has."""

    @property
    def title(self) -> str: ...


Line = TypeVar("Line", bound=_Line)


class Reading(Protocol[Line]):
    """Reads the page of the record with a slug in a language; None for none that everybody may see."""

    def __call__(self, session: Session, slug: str, *, language: str) -> "SourcedPage[Line] | None":
        """Read it."""


@dataclass(frozen=True, slots=True)
class SourcedPage(Generic[Line]):
    """A record's line and what its page shows beside it. `source` is None where it is the line's own link."""

    line: Line
    themes: tuple[ThemeLink, ...]
    source: str | None
    is_doubtful: bool


def sourced(record: Document | Update, line: Line, *, language: str) -> SourcedPage[Line]:
    """Return what the page of a record shows."""
    return SourcedPage(
        line=line,
        themes=theme_links(record.theme_tags, language=language),
        source=record.source if record.source != record.url else None,
        is_doubtful=record.confidence is not Confidence.HIGH,
    )


def answer_with_record(
    request: Request,
    template: str,
    read: Reading[Line],
    *,
    above: Crumb,
) -> Response:
    """Answer with the page of the record that the address names by its slug; 404 where read finds none."""
    around, language = surroundings_of(request), language_of(request)
    with around.database.reading() as session:
        shown = read(session, request.path_params["slug"], language=language)
    if shown is None:
        raise HTTPException(404)
    trail = breadcrumbs(around.site, above, Crumb(shown.line.title, request.url.path), language=language)
    return page(request, template, shown=shown, trail=trail)
