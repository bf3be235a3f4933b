"""The repository: the documents of the mechanisms and their meetings, key ones first, by year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.document import Document, DocumentKind
from models.document_list import DOCUMENT_FILTERS
from templates.languages import ENGLISH
from web.answer import page
from web.list_filters import Filter, read_filters, to_canonical
from web.pages.document_line import DocumentLine, document_lines, documents_in_order
from web.pages.record_filters import by_kind, by_language, by_mechanism, by_theme, by_year
from web.paging import PARAMETER, paging
from web.surroundings import surroundings_of

PAGE_SIZE: Final = 30


@dataclass(frozen=True, slots=True)
class Shelf:
    """Documents that stand together: key ones (`is_key`), or those of one year (None: not known)."""

    is_key: bool
    year: int | None
    lines: tuple[DocumentLine, ...]


def documents(request: Request) -> Response:
    """Answer `/documents`, narrowed by `mechanism`, `kind`, `theme`, `language` and `year`.

    A value that no filter knows is answered 404, with the sentence that says so over the whole list.
    """
    around = surroundings_of(request)
    with around.database.reading() as session:
        filters = read_document_filters(session, today=around.today)
        asked = read_filters(request, filters)
        if way := to_canonical(request, asked):
            return way
        total, tally = around.tallies.count(session, DOCUMENT_FILTERS, asked.values)
        pages = paging(request, total=total, size=PAGE_SIZE, query=asked.query)
        in_order = documents_in_order(key_first=True)
        wanted = in_order.where(*DOCUMENT_FILTERS.conditions(asked.values))
        found = session.scalars(pages.rows_of(wanted, in_order, key=Document.id))
        shelves = shelves_of(document_lines(found))
    return page(
        request,
        "documents.html",
        status=404 if asked.unknown else 200,
        distinct=(*(one.name for one in filters), PARAMETER),
        shelves=shelves,
        paging=pages,
        fields=asked.fields(tally),
        chosen=asked.chosen(),
        unknown=asked.unknown,
    )


def read_document_filters(session: Session, *, today: date, language: str = ENGLISH) -> tuple[Filter, ...]:
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
