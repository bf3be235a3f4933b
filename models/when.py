"""When a meeting takes place: days or moments, known to the hour, day, month or year, or not at all."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

from models.refusal import Refusal
from models.zone import UnknownZone, known_zone


class Precision(StrEnum):
    """How exactly the time is known."""

    MOMENT = "moment"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    UNKNOWN = "unknown"


class ImpossibleDate(Refusal):
    """The text is not a date that exists."""


class EndBeforeStart(Refusal):
    """The end lies before the start."""


class WallTimeMissing(Refusal):
    """The clock never shows this hour on that day, because it is put forward."""


@dataclass(frozen=True, slots=True)
class When:
    """A span of days, or of wall-clock moments in one IANA zone.

    first and last are days, both included. last is None when the end is not stated (precision moment or day).
    For month, quarter and year they are the first and the last day of that period. start_time, end_time (no
    seconds, local to the zone) and zone are given for precision moment only; end_time is None when the end is
    not stated. For precision unknown everything is None. Wall clock and zone are kept, never UTC alone,
    because the rules of a zone change between the announcement and the meeting.
    """

    precision: Precision
    first: date | None = None
    last: date | None = None
    start_time: time | None = None
    end_time: time | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        """Refuse an end before its start."""
        if self.first and self.last and self.last < self.first:
            raise EndBeforeStart(
                f"The end ({self.last}) lies before the start ({self.first}); give them in order."
            )
        # By the wall clock, not by instants: what is on record stays readable when a zone changes its rules.
        start, end = self._wall(self.first, self.start_time), self._wall(self.last, self.end_time)
        if start and end and end <= start:
            # A calendar refuses an event without a length, so the same minute twice is refused here.
            raise EndBeforeStart(
                f"The end ({self.end_text}) does not lie after the start ({self.start_text})."
            )

    @classmethod
    def days(cls, first: date, last: date | None) -> Self:
        """Whole days, last included; None for an end that is not stated."""
        return cls(Precision.DAY, first, last)

    @classmethod
    def moments(cls, start: datetime, end: datetime | None, zone: str) -> Self:
        """Moments on the wall clock of the zone: start and end are naive datetimes to the minute.

        Raises WallTimeMissing for an hour that the zone's clock skips on that day.
        """
        when = cls._of_moments(start, end, known_zone(zone))
        when._require_hours_that_exist()  # noqa: SLF001 - one of ours
        return when

    @classmethod
    def _of_moments(cls, start: datetime, end: datetime | None, zone: str) -> Self:
        return cls(
            Precision.MOMENT,
            start.date(),
            end.date() if end else None,
            start.time().replace(second=0, microsecond=0),
            end.time().replace(second=0, microsecond=0) if end else None,
            zone,
        )

    @classmethod
    def month(
        cls, year: int, month: int, last_year: int | None = None, last_month: int | None = None
    ) -> Self:
        """Make one month, or the months from the first to the last."""
        final_year, final_month = last_year or year, last_month or month
        return cls(
            Precision.MONTH,
            date(year, month, 1),
            date(final_year, final_month, calendar.monthrange(final_year, final_month)[1]),
        )

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Self:
        """Make one quarter, 1 to 4, of a year."""
        months = cls.month(year, quarter * 3 - 2, year, quarter * 3)
        return cls(Precision.QUARTER, months.first, months.last)

    @classmethod
    def year(cls, year: int) -> Self:
        """Make one year."""
        return cls(Precision.YEAR, date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def unknown(cls) -> Self:
        """Nothing is known."""
        return cls(Precision.UNKNOWN)

    @classmethod
    def parse(cls, start: str, end: str | None = None, zone: str | None = None) -> Self:
        """Read what a person or a file wrote.

        start and end are "2027-06-08", "2027-06-08 09:30" (or with T; needs a zone), "2027-06", "2027-Q2",
        "2027" or "unknown"; both of the same form. Raises ImpossibleDate, EndBeforeStart, UnknownZone or
        WallTimeMissing, each with a sentence.
        """
        when = cls._parsed(start, end, zone)
        when._require_hours_that_exist()  # noqa: SLF001 - one of ours
        return when

    @classmethod
    def _parsed(cls, start: str, end: str | None, zone: str | None) -> Self:
        form, first = _read(start)
        final = _read_end(start, end, form=form)
        named = known_zone(zone) if zone else None
        match form:
            case Precision.UNKNOWN:
                return cls.unknown()
            case Precision.MOMENT:
                if named is None:
                    raise UnknownZone(
                        f"“{start}” has an hour, so its zone is needed too, like Europe/Zurich."
                    )
                return cls._of_moments(first, final, named)
            case Precision.DAY:
                return cls.days(first.date(), final.date() if final else None)
            case Precision.MONTH:
                last = final or first
                return cls.month(first.year, first.month, last.year, last.month)
            case Precision.QUARTER:
                return cls.quarter(first.year, (first.month + 2) // 3)
            case Precision.YEAR:
                return cls.year(first.year)

    @property
    def start_text(self) -> str | None:
        """The start as parse() reads it, with T between day and hour; None when unknown."""
        return self._text(self.first, self.start_time)

    @property
    def end_text(self) -> str | None:
        """The end as parse() reads it; None when it is not stated or unknown."""
        return self._text(self.last, self.end_time)

    def _text(self, day: date | None, clock: time | None) -> str | None:
        if day is None:
            return None
        match self.precision:
            case Precision.MOMENT:
                return f"{day.isoformat()}T{clock:%H:%M}" if clock else None
            case Precision.DAY:
                return day.isoformat()
            case Precision.MONTH:
                return f"{day:%Y-%m}"
            case Precision.QUARTER:
                return f"{day.year:04d}-Q{(day.month + 2) // 3}"
            case _:
                return f"{day.year:04d}"

    @property
    def start_instant(self) -> datetime | None:
        """The start in UTC, for precision moment.

        An hour that comes twice in autumn means the first one. An hour that a newer rule of the zone takes
        away is read as if the clock had not been put forward yet.
        """
        return self._instant(self.first, self.start_time)

    @property
    def end_instant(self) -> datetime | None:
        """The end in UTC, for precision moment with a stated end."""
        return self._instant(self.last, self.end_time)

    def _instant(self, day: date | None, clock: time | None) -> datetime | None:
        wall = self._wall(day, clock)
        return wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC) if wall and self.zone else None

    def _wall(self, day: date | None, clock: time | None) -> datetime | None:
        if self.precision is not Precision.MOMENT or day is None or clock is None:
            return None
        return datetime.combine(day, clock)

    def _require_hours_that_exist(self) -> None:
        for day, clock in ((self.first, self.start_time), (self.last, self.end_time)):
            wall, instant = self._wall(day, clock), self._instant(day, clock)
            if wall and instant and self.zone:
                shown = instant.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
                if shown != wall:
                    raise WallTimeMissing(
                        f"{wall:%H:%M} on {day} does not exist in {self.zone}: the clocks are put forward "
                        "then. Give an hour before or after."
                    )

    @property
    def closing_day(self) -> date | None:
        """The last day on which this can still be going on; the first day when the end is not stated."""
        return self.last or self.first

    def is_over(self, on: date) -> bool:
        """Say whether everything known of it lies before that day; never for precision unknown."""
        return self.closing_day is not None and self.closing_day < on

    def has_begun(self, on: date) -> bool:
        """Say whether its first day has come by that day; never for precision unknown."""
        return self.first is not None and self.first <= on

    def as_json(self) -> dict[str, str | None]:
        """Give the value as plain text fields: precision, start, end, zone."""
        return {
            "precision": self.precision.value,
            "start": self.start_text,
            "end": self.end_text,
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """Read what as_json() gave, as strictly as parse()."""
        return cls.parse(fields.get("start") or "unknown", fields.get("end"), fields.get("zone"))

    @classmethod
    def kept(cls, fields: Mapping[str, Any]) -> Self:
        """Read what as_json() gave and the record has kept since, even if its zone now skips the hour."""
        return cls._parsed(fields.get("start") or "unknown", fields.get("end"), fields.get("zone"))


_STANDING_ALONE = frozenset({Precision.QUARTER, Precision.YEAR})
_YEARS = range(1900, 2200)
"""The years in which meetings are kept: what lies outside is a slip of the pen."""

_FORMS: tuple[tuple[Precision, re.Pattern[str]], ...] = (
    (Precision.MOMENT, re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)[ T](?P<h>\d\d):(?P<n>\d\d)(:00)?")),
    (Precision.DAY, re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)")),
    (Precision.MONTH, re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)")),
    (Precision.QUARTER, re.compile(r"(?P<y>\d{4})-[Qq](?P<q>[1-4])")),
    (Precision.YEAR, re.compile(r"(?P<y>\d{4})")),
)


def _read(text: str) -> tuple[Precision, datetime]:
    """Read one written date: its form and the first moment it names (naive)."""
    plain = text.strip()
    if plain.lower() == Precision.UNKNOWN.value:
        return Precision.UNKNOWN, datetime.min  # noqa: DTZ901 - nothing reads it: unknown has no date
    for form, pattern in _FORMS:
        if found := pattern.fullmatch(plain):
            return form, _moment(plain, {name: int(digits) for name, digits in found.groupdict().items()})
    raise ImpossibleDate(
        f"“{plain:.80}” is not a date this program reads. "
        "Write 2027-06-08, “2027-06-08 09:30”, 2027-06, 2027-Q2, 2027 or unknown."
    )


def _moment(plain: str, parts: Mapping[str, int]) -> datetime:
    month = parts["q"] * 3 - 2 if "q" in parts else parts.get("m", 1)
    try:
        moment = datetime(parts["y"], month, parts.get("d", 1), parts.get("h", 0), parts.get("n", 0))  # noqa: DTZ001 - wall clock on purpose
    except ValueError as error:
        raise ImpossibleDate(f"“{plain}” is not a date that exists ({error}).") from error
    if moment.year not in _YEARS:
        raise ImpossibleDate(f"“{plain}” lies outside the years {_YEARS[0]} to {_YEARS[-1]}; check the year.")
    return moment


def _read_end(start: str, end: str | None, *, form: Precision) -> datetime | None:
    """Read the end that goes with a start of that form; None when it is not stated."""
    if not end:
        return None
    end_form, final = _read(end)
    if end_form is not form:
        raise ImpossibleDate(f"Start “{start}” and end “{end}” must be written alike, both as {form.value}s.")
    if form in _STANDING_ALONE and end.strip().lower() != start.strip().lower():
        raise ImpossibleDate(f"A quarter or a year stands alone: leave out the end “{end}”, or give months.")
    return final
