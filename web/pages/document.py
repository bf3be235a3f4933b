"""One document: what it is, who adopted it when, and where to read it; and the copy that is kept here."""

import logging
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from models.document import Document
from templates.languages import ENGLISH, catalogue
from web.language import language_of
from web.pages.breadcrumbs import Crumb
from web.pages.document_line import DocumentLine, document_line, visible_documents
from web.pages.sourced_page import SourcedPage, answer_with_record, sourced
from web.representation import is_held
from web.surroundings import surroundings_of

# A file of an editor's is shown as it is, and may load, run, send and frame nothing. Chromium's and Safari's
# viewers of PDF need the two exceptions.
_FILE_POLICY: Final = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# The name of a file never gets another content, so a browser need not ask again.
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_SHOWN: Final = ("application/pdf", "image/png", "image/jpeg", "text/plain")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    type: str
    sha256: str


def document(request: Request) -> Response:
    """Answer `/documents/{slug}`; 404 for none that everybody may see."""
    above = Crumb(catalogue(language_of(request)).gettext("Documents"), "/documents")
    return answer_with_record(request, "document.html", read_document, above=above)


def read_document(
    session: Session, slug: str, *, language: str = ENGLISH
) -> SourcedPage[DocumentLine] | None:
    """Return the page of the document with this slug; None when there is none that everybody may see."""
    query = visible_documents().options(selectinload(Document.theme_tags)).where(Document.slug == slug)
    found = session.scalar(query)
    return sourced(found, document_line(found, language=language), language=language) if found else None


def document_file(request: Request) -> Response:
    """Answer `/documents/{slug}/{file_name}` with the copy that is kept here.

    It is tagged and may be kept for ever. What a browser can show safely is shown, the rest is downloaded.
    """
    around = surroundings_of(request)
    slug, name = request.path_params["slug"], request.path_params["file_name"]
    with around.database.reading() as session:
        file = _read_file(session, slug, name)
    if file is None or around.site.documents is None:
        raise HTTPException(404)
    headers = {
        "Content-Security-Policy": _FILE_POLICY,
        "Cache-Control": _FOR_EVER,
        "ETag": f'"{file.sha256}"',
    }
    if is_held(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    path = around.site.documents / file.sha256
    if not path.is_file():
        log.error("the file of document %s is not in the documents folder: %s", slug, file.sha256)
        raise HTTPException(404)
    return FileResponse(
        path,
        headers=headers,
        media_type=file.type,
        filename=file.name,
        content_disposition_type="inline" if file.type.startswith(_SHOWN) else "attachment",
    )


def _read_file(session: Session, slug: str, name: str) -> _File | None:
    columns = (Document.file_name, Document.file_type, Document.file_sha256)
    visible = visible_documents().where(Document.slug == slug, Document.file_name == name)
    row = session.execute(
        select(*columns).where(Document.id.in_(visible.with_only_columns(Document.id)))
    ).first()
    if row is None or row.file_sha256 is None:
        return None
    return _File(name=row.file_name, type=row.file_type, sha256=row.file_sha256)
