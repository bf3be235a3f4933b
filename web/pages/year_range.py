"""The years the calendar has pages for, and the addresses of its months and years."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.meeting import Meeting, Visibility

_YEARS_AHEAD: Final = 5


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
