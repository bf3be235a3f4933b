"""The updates page: what happened in the mechanisms, newest first, by year."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from templates.languages import ENGLISH
from web.answer import page
from web.pages.update_line import UpdateLine, update_lines, updates_in_order
from web.surroundings import surroundings_of


@dataclass(frozen=True, slots=True)
class YearOfUpdates:
    """The updates of one year."""

    year: int
    lines: tuple[UpdateLine, ...]


def updates(request: Request) -> Response:
    """Answer `/updates`."""
    with surroundings_of(request).database.reading() as session:
        years = read_updates(session)
    return page(request, "updates.html", years=years)


def read_updates(session: Session, *, language: str = ENGLISH) -> tuple[YearOfUpdates, ...]:
    """Return all updates by year, the newest year first."""
    lines = update_lines(session.scalars(updates_in_order()).all(), language=language)
    return tuple(
        YearOfUpdates(year, tuple(group)) for year, group in groupby(lines, key=lambda line: line.day.year)
    )
