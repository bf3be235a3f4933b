"""The rule at the end of a zone's file: how its clock goes on for ever (POSIX TZ string, RFC 9636, 3.3)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Self

_NAME = r"[A-Za-z]{3,}|<[A-Za-z0-9+-]+>"
_CLOCK = r"[+-]?\d{1,3}(?::\d{2}(?::\d{2})?)?"
_STRING = re.compile(
    rf"(?P<std>{_NAME})(?P<std_offset>{_CLOCK})"
    rf"(?:(?P<dst>{_NAME})(?P<dst_offset>{_CLOCK})?"
    r",(?P<start>[^,/]+)(?:/(?P<start_time>[^,]+))?,(?P<end>[^,/]+)(?:/(?P<end_time>[^,]+))?)?"
)
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LAST_WEEK = 5
_TWO = 7200


class Observance(NamedTuple):
    """What a clock shows: its offset from UTC in seconds, whether that is daylight time, and its name."""

    offset: int
    daylight: bool
    name: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The day of each year on which the clock is changed, and the seconds after midnight (even below 0)."""

    day: str
    seconds: int

    def onset(self, year: int) -> datetime:
        """Return when the clock is changed that year, as the clock shows it just before (naive)."""
        return datetime.combine(self._date(year), datetime.min.time()) + timedelta(seconds=self.seconds)

    @property
    def recurrence(self) -> str | None:
        """The yearly RRULE that says the same, or None where BYMONTH and BYDAY alone cannot.

        A time outside the day (Chile's 24:00, Greenland's -1:00) moves the date off the weekday that the rule
        names, and then no plain rule exists.
        """
        if not self.day.startswith("M") or not 0 <= self.seconds < timedelta(days=1).total_seconds():
            return None
        month, week, weekday = self._parts()
        nth = -1 if week == _LAST_WEEK else week
        return f"FREQ=YEARLY;BYMONTH={month};BYDAY={nth}{_WEEKDAYS[weekday]}"

    def _parts(self) -> tuple[int, int, int]:
        month, week, weekday = (int(part) for part in self.day[1:].split("."))
        return month, week, weekday

    def _date(self, year: int) -> date:
        if self.day.startswith("J"):  # 1 to 365; 29 February is never counted
            number = int(self.day[1:])
            leap = calendar.isleap(year) and number > 59
            return date(year, 1, 1) + timedelta(days=number - 1 + leap)
        if not self.day.startswith("M"):  # 0 to 365
            return date(year, 1, 1) + timedelta(days=int(self.day))
        month, week, weekday = self._parts()
        first, length = calendar.monthrange(year, month)
        day = 1 + (weekday - (first + 1)) % 7 + 7 * (week - 1)
        return date(year, month, day if day <= length else day - 7)


@dataclass(frozen=True, slots=True)
class PosixRule:
    """Standard time for ever, or standard and daylight time in turn, each beginning on a day of the year."""

    standard: Observance
    daylight: Observance | None = None
    to_daylight: Turn | None = None
    to_standard: Turn | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a POSIX TZ string. Raises ValueError when it is none."""
        found = _STRING.fullmatch(text)
        if found is None:
            message = f"not a POSIX rule of a zone: {text!r}"
            raise ValueError(message)
        standard = Observance(-_seconds(found["std_offset"]), daylight=False, name=found["std"].strip("<>"))
        if found["dst"] is None:
            return cls(standard)
        ahead = -_seconds(found["dst_offset"]) if found["dst_offset"] else standard.offset + 3600
        return cls(
            standard,
            Observance(ahead, daylight=True, name=found["dst"].strip("<>")),
            Turn(found["start"], _seconds(found["start_time"]) if found["start_time"] else _TWO),
            Turn(found["end"], _seconds(found["end_time"]) if found["end_time"] else _TWO),
        )

    def turns(self) -> tuple[tuple[Turn, Observance, Observance], ...]:
        """Return each change of the clock in a year: when, from what, to what. Empty for a fixed clock."""
        if self.daylight is None or self.to_daylight is None or self.to_standard is None:
            return ()
        return (
            (self.to_daylight, self.standard, self.daylight),
            (self.to_standard, self.daylight, self.standard),
        )


def _seconds(clock: str) -> int:
    sign = -1 if clock.startswith("-") else 1
    hours, minutes, seconds = [*(int(part) for part in clock.lstrip("+-").split(":")), 0, 0][:3]
    return sign * (hours * 3600 + minutes * 60 + seconds)
