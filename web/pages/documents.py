"""The repository: the documents of the mechanisms and their meetings, key ones first, by year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.document import Document, DocumentKind
from models.document_list import DOCUMENT_FILTERS
from templates.languages import ENGLISH
from web.filtered_list import filtered_list
from web.language import language_of
from web.list_filters import Filter
from web.pages.document_line import DocumentLine, document_lines, documents_in_order
from web.pages.record_filters import by_kind, by_language, by_mechanism, by_theme, by_year


@dataclass(frozen=True, slots=True)
class Shelf:
    """Documents that stand together: key ones (`is_key`), or those of one year (None: not known)."""

    is_key: bool
    year: int | None
    lines: tuple[DocumentLine, ...]


def documents(request: Request) -> Response:
    """Answer `/documents`, narrowed by `mechanism`, `kind`, `theme`, `language` and `year`."""
    language = language_of(request)
    return filtered_list(
        request,
        "documents.html",
        read_words=partial(document_filters, language=language),
        filters=DOCUMENT_FILTERS,
        in_order=documents_in_order(key_first=True),
        grouped=lambda found: shelves_of(document_lines(found, language=language)),
    )


def document_filters(session: Session, today: date, *, language: str = ENGLISH) -> tuple[Filter, ...]:
    """Return the filters of the repository in the order of the form and of addresses."""
    languages = session.scalars(select(Document.language).where(Document.language.is_not(None)).distinct())
    return (
        by_mechanism(session, language=language),
        by_kind(DocumentKind, "document kind", language=language),
        by_theme(session, language=language),
        by_language((code for code in languages if code), language=language),
        by_year(today, language=language),
    )


def shelves_of(lines: Iterable[DocumentLine]) -> tuple[Shelf, ...]:
    """Put lines that follow each other and belong together on one shelf."""

    def place(line: DocumentLine) -> tuple[bool, int | None]:
        return line.is_key, None if line.is_key or line.day is None else line.day.year

    return tuple(Shelf(*key, tuple(group)) for key, group in groupby(lines, key=place))
