"""The years the calendar has pages for, and the addresses of its months and years."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

from models.meeting import Meeting, Visibility

_YEARS_AHEAD: Final = 5
_YEAR: Final = re.compile(r"0*([1-9][0-9]{3})")
_MONTH: Final = re.compile(r"0*([1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class YearRange:
    """The years from the first to the last, both included. Outside is no page: crawlers come to an end."""

    first: int
    last: int

    def year_address(self, year: int) -> str | None:
        """Return the address of a year's sheet; None outside."""
        return f"/calendar/{year}" if self.first <= year <= self.last else None

    def month_address(self, year: int, month: int) -> str | None:
        """Return the address of a month's page; None outside.

        Month 0 is the December before, month 13 the January after.
        """
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
        return f"/calendar/{year}/{month}" if self.first <= year <= self.last else None


def calendar_years(session: Session, *, today: date) -> YearRange:
    """Return the years of the calendar: from the one before the first public meeting to five from now."""
    earliest = session.scalar(
        select(func.min(Meeting.first_day)).where(Meeting.visibility == Visibility.PUBLIC)
    )
    first = min(earliest.year if earliest else today.year, today.year) - 1
    return YearRange(first, today.year + _YEARS_AHEAD)


def asked_year(request: Request) -> int:
    """Return the year in the path. Raises HTTPException 404 for what is none."""
    return _number(_YEAR, request, "year")


def asked_month(request: Request) -> int:
    """Return the month in the path, 1 to 12. Raises HTTPException 404 for what is none."""
    return _number(_MONTH, request, "month")


def moved_to(request: Request, path: str) -> RedirectResponse | None:
    """Return the answer 308 that leads to the one spelling of an address; None for the one that has it."""
    if request.url.path == path:
        return None
    query = request.url.query
    return RedirectResponse(path + (f"?{query}" if query else ""), status_code=308)


def _number(form: re.Pattern[str], request: Request, name: str) -> int:
    found = form.fullmatch(request.path_params[name])
    if found is None:
        raise HTTPException(404)
    return int(found[1])
