"""A list of the record with filters above it and pages below it, as one page."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.tally import Filters
from web.answer import page
from web.language import language_of
from web.list_filters import Filter, read_filters, to_canonical
from web.paging import PARAMETER, Row, paging
from web.surroundings import surroundings_of

PAGE_SIZE: Final = 30


def filtered_list(
    request: Request,
    template: str,
    *,
    read_words: Callable[[Session, date], Sequence[Filter]],
    filters: Filters,
    in_order: Select[Row],
    grouped: Callable[[Sequence[Row]], Sequence[Any]],
) -> Response:
    """Answer with the page of a list that the request's query asks for.

    read_words gives the filters as people read them, in the order of the form and of addresses, and filters
    the same as the record knows them; in_order is the query of the whole list; grouped makes of a page's rows
    what the template shows as `groups`. A value that no filter knows is answered 404, with the sentence that
    says so over the list without it; another order of the query, or more than belongs in it, 308.
    """
    around = surroundings_of(request)
    with around.database.reading() as session:
        words = read_words(session, around.today)
        asked = read_filters(request, words, language=language_of(request))
        if way := to_canonical(request, asked):
            return way
        total, tally = around.tallies.count(session, filters, asked.values)
        pages = paging(request, total=total, size=PAGE_SIZE, query=asked.query)
        wanted = in_order.where(*filters.conditions(asked.values))
        groups = grouped(session.scalars(pages.rows_of(wanted, in_order, key=filters.key)).all())
    return page(
        request,
        template,
        status=404 if asked.unknown else 200,
        distinct=(*(one.name for one in words), PARAMETER),
        groups=groups,
        paging=pages,
        fields=asked.fields(tally),
        chosen=asked.chosen(),
        unknown=asked.unknown,
    )
