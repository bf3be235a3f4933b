"""Where an event stands in a calendar: whole days, or hours on one clock (RFC 5545, 3.8.2.2 and 3.8.2.4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.when import Precision, When

_ONE_SITTING = timedelta(hours=12)
"""Hours across midnight are one event up to this length; longer ones are days with their own programmes."""


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def order(self) -> str:
        """The start as text that sorts."""
        return f"{self.first:%Y%m%d}T000000"

    @property
    def years(self) -> range:
        """Every year it lies in."""
        return range(self.first.year, self.last.year + 1)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours from `start` to `end` on the wall clock of an IANA zone (naive, `end` later than `start`)."""

    start: datetime
    end: datetime
    zone: str

    @property
    def order(self) -> str:
        """The start as text that sorts."""
        return f"{self.start:%Y%m%dT%H%M%S}"

    @property
    def years(self) -> range:
        """Every year it lies in, on its own clock."""
        return range(self.start.year, self.end.year + 1)


Span = Days | Hours


def span_of(when: When) -> Span | None:
    """Return where a calendar shows it, or None where less than the month is known.

    Of a month the 1st is shown: a banner over thirty days would hide everything else. An end that is not
    stated leaves the first day, also when the hour of the beginning is known.
    """
    if when.first is None or when.precision not in {Precision.MOMENT, Precision.DAY, Precision.MONTH}:
        return None
    if when.precision is Precision.MONTH or when.last is None:
        return Days(when.first, when.first)
    return _hours(when) or Days(when.first, when.last)


def _hours(when: When) -> Hours | None:
    """Return the hours of a single sitting, or None when they are not all known or run over several days."""
    if when.precision is not Precision.MOMENT or not (when.first and when.last and when.zone):
        return None
    start, end = when.start_instant, when.end_instant
    if start is None or end is None or end <= start or when.start_time is None or when.end_time is None:
        return None
    if when.first != when.last and end - start > _ONE_SITTING:
        return None
    return Hours(
        datetime.combine(when.first, when.start_time),
        datetime.combine(when.last, when.end_time),
        when.zone,
    )
