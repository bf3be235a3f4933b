"""A series of meetings, written out: each date within two years of today a meeting of its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from calendar_feed.importing.event_times import Clock, Point, Times, Wall, read_point, shifted
from calendar_feed.importing.properties import Property, UnreadableEvent, split_list
from calendar_feed.importing.recurrence import MOST_DATES, days_of, read_rule
from calendar_feed.importing.source_file import UnreadableFile

TWO_YEARS: Final = timedelta(days=731)
"""How far before and after today the dates of a series are taken."""
_MOST_DAYS: Final = 1_000_000
"""How many days the rules of one file may run over in all: a second's work or two."""

Properties = Mapping[str, list[Property]]
ReadPoint = Callable[[Property], Point]


@dataclass(slots=True)
class Horizon:
    """The days between which dates of series are taken, and the work that a file's rules may still cause."""

    first: date
    last: date
    days_left: int = _MOST_DAYS

    @classmethod
    def around(cls, today: date) -> "Horizon":
        """Two years to either side of a day."""
        return cls(today - TWO_YEARS, today + TWO_YEARS)

    def spend(self, start: date) -> None:
        """Count the days that a series starting then is looked for on; raise UnreadableFile at the limit."""
        self.days_left -= max((self.last - start).days, 1)
        if self.days_left < 0:
            raise UnreadableFile(
                "The events of this file repeat over more days than any calendar of meetings. "
                "Export the meetings singly."
            )


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a series. `key` tells it from the others for ever; `is_gone`: it was taken out again."""

    key: str
    times: Times
    is_gone: bool = False


def is_series(properties: Properties) -> bool:
    """Say whether an event repeats."""
    return any(name in properties for name in ("RRULE", "RDATE"))


def dates_of(
    properties: Properties, times: Times, *, clock: Clock, horizon: Horizon, line: int
) -> tuple[list[Date], bool]:
    """Return the dates of a series within the horizon, and whether there are more beyond it.

    Dates taken out by EXDATE are among them, marked. Raises UnreadableEvent for rules that cannot be read or
    repeat too often.
    """
    if "EXRULE" in properties or len(properties.get("RRULE", ())) > 1:
        raise UnreadableEvent(
            f"The event of line {line} repeats by several rules; write its dates out singly."
        )
    gone = {_key(point) for point in _points(properties.get("EXDATE", ()), clock=clock)}
    found: dict[str, Date] = {}
    beyond = False
    for point in _all_points(properties, times, clock=clock, horizon=horizon, line=line):
        day = _local_day(point, times)
        if not horizon.first <= day <= horizon.last:
            beyond = True
            continue
        key = date_key(point, times)
        if key not in found:
            found[key] = Date(key, shifted(times, to=point), is_gone=_key(point) in gone)
        if len(found) > MOST_DATES:
            raise UnreadableEvent(
                f"The event of line {line} repeats more than {MOST_DATES} times within two years of today; "
                "that is no series of meetings."
            )
    return list(found.values()), beyond or _goes_on(properties)


def date_key(point: Point, times: Times) -> str:
    """Return what a date of a series is called for ever: its day on the series' own clock.

    The hour is left out, so that a series put an hour later is the same series.
    """
    return f"{_local_day(point, times):%Y%m%d}"


def _local_day(point: Point, times: Times) -> date:
    if not isinstance(point, Wall):
        return point
    return (point.on(times.start.zone) if isinstance(times.start, Wall) else point).at.date()


def _all_points(
    properties: Properties, times: Times, *, clock: Clock, horizon: Horizon, line: int
) -> Iterator[Point]:
    """Yield the beginnings that the rule gives up to the horizon, then those that are listed."""
    start = times.start
    first = start.at.date() if isinstance(start, Wall) else start
    if "RRULE" in properties:
        text = properties["RRULE"][0].value
        rule, until = read_rule(text, line=line), _until(text)
        horizon.spend(first)
        for day in days_of(rule, start=first, horizon=horizon.last, line=line):
            if not isinstance(start, Wall):
                yield day
                continue
            point = Wall(datetime.combine(day, start.at.time()), start.zone, start.named)
            if until is not None and point.instant > until and day != first:
                return
            yield point
    else:
        yield start
    yield from _points(properties.get("RDATE", ()), clock=clock)


def _points(properties: Sequence[Property], *, clock: Clock) -> Iterator[Point]:
    for one in properties:
        for value in split_list(one.value):
            yield read_point(one, value.partition("/")[0], clock=clock)


def _until(rule: str) -> datetime | None:
    """Return the moment of an UNTIL that is given in UTC; days alone are read with the rule."""
    value = next((part[6:] for part in rule.upper().split(";") if part.startswith("UNTIL=")), "").strip()
    if not value.endswith("Z"):
        return None
    try:
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _goes_on(properties: Properties) -> bool:
    rule = properties["RRULE"][0].value.upper() if "RRULE" in properties else ""
    return bool(rule) and "COUNT=" not in rule and "UNTIL=" not in rule


def _key(point: Point) -> tuple[str, str]:
    return ("hours", point.instant.isoformat()) if isinstance(point, Wall) else ("day", point.isoformat())
