"""A long list page by page: which one is asked for by `?page=`, and the addresses of its neighbours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from sqlalchemy import Select, SQLColumnExpression, select
from starlette.exceptions import HTTPException
from starlette.requests import Request

PARAMETER: Final = "page"

# At most six digits: a longer number is no page of ours, and need not be read.
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")
_NEIGHBOURS: Final = 1

Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page of the list. `is_after_gap` when pages between it and the one before are left out."""

    number: int
    address: str
    is_here: bool
    is_after_gap: bool


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list: its number and that of the last one, both from 1, and the rows of a page.

    `path` and `query` (without the page) make the addresses. The first page has the address without a number.
    """

    number: int
    last: int
    size: int
    total: int
    path: str
    query: tuple[tuple[str, str], ...]

    @property
    def offset(self) -> int:
        """How many rows stand before this page."""
        return (self.number - 1) * self.size

    @property
    def canonical(self) -> str:
        """The one address of this page."""
        return self.address(self.number)

    @property
    def first(self) -> str | None:
        """The address of the first page; None on it."""
        return self.address(1) if self.number > 1 else None

    @property
    def previous(self) -> str | None:
        """The address of the page before; None on the first."""
        return self.address(self.number - 1) if self.number > 1 else None

    @property
    def next(self) -> str | None:
        """The address of the page after; None on the last."""
        return self.address(self.number + 1) if self.number < self.last else None

    @property
    def final(self) -> str | None:
        """The address of the last page; None on it."""
        return self.address(self.last) if self.number < self.last else None

    @property
    def links(self) -> tuple[PageLink, ...]:
        """The first page, the last, this one and its neighbours, in order."""
        near = range(self.number - _NEIGHBOURS, self.number + _NEIGHBOURS + 1)
        shown = sorted({1, self.last} | {number for number in near if 1 <= number <= self.last})
        before = [0, *shown]
        return tuple(
            PageLink(number, self.address(number), number == self.number, number - prior > 1)
            for prior, number in zip(before, shown, strict=False)
        )

    def rows_of(
        self, wanted: Select[Row], in_order: Select[Row], *, key: SQLColumnExpression[int]
    ) -> Select[Row]:
        """Return the query for the rows of this page.

        wanted is the query of the whole list, in_order the same without its conditions. The page is found by
        the keys alone, since a database that sorts all rows whole takes several times as long.
        """
        keys = wanted.with_only_columns(key).offset(self.offset).limit(self.size).subquery()
        return in_order.where(key.in_(select(keys.c[0])))

    def address(self, number: int) -> str:
        """Return the address of a page of this list."""
        query = [*self.query, *([(PARAMETER, str(number))] if number > 1 else [])]
        return f"{self.path}?{urlencode(query)}" if query else self.path


def paging(
    request: Request, *, total: int, size: int, query: Sequence[tuple[str, str]] | None = None
) -> Paging:
    """Return the page of a list of `total` rows that a request asks for; an empty list has one page.

    `query` are the other query values in the order their addresses should have; left out, they are kept as
    they were asked for. Raises HTTPException 404 for what is no number, no page of this list, or said twice.
    """
    last = max(1, -(-total // size))
    asked = request.query_params.getlist(PARAMETER) or ["1"]
    if len(asked) != 1 or not _NUMBER.fullmatch(asked[0]) or int(asked[0]) > last:
        raise HTTPException(404)
    others = request.query_params.multi_items() if query is None else query
    return Paging(
        number=int(asked[0]),
        last=last,
        size=size,
        total=total,
        path=request.url.path,
        query=tuple((name, value) for name, value in others if name != PARAMETER),
    )
