"""The days on which an event repeats: RRULE (RFC 5545, 3.3.10), by the day and never without bounds.

Libraries look for the next date until the year 9999; a rule that no day fulfils ("30 February") keeps them
busy for minutes. Here every period up to the horizon is looked at once, and what repeats by the hour, or too
often, is refused: meetings do not.
"""

import calendar
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from calendar_feed.importing.properties import UnreadableEvent

MOST_DATES: Final = 200
"""How many dates of one series are taken; a meeting that is held more often is not one meeting."""

_DAY: Final = timedelta(days=1)
_LONGEST_PAST: Final = 40
"""How many years a series may have begun before the horizon; COUNT is counted from its beginning."""
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_BY_THE_CLOCK: Final = {"BYHOUR", "BYMINUTE", "BYSECOND"}
_MOST: Final = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by days. `until` is the last day, included; the tuples are empty where the rule does not say."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    by_month: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_week: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_position: tuple[int, ...] = ()
    week_start: int = 0


def read_rule(text: str, *, line: int) -> Rule:
    """Read an RRULE. Raises UnreadableEvent for what is no rule, and for one that repeats by the hour."""
    parts: dict[str, str] = {}
    for part in text.strip().upper().split(";"):
        name, _, value = part.partition("=")
        if name:
            parts[name] = value
    frequency = parts.get("FREQ", "")
    if frequency in {"SECONDLY", "MINUTELY", "HOURLY"} or _BY_THE_CLOCK & parts.keys():
        raise UnreadableEvent(f"The event of line {line} repeats by the hour; no meeting does.")
    if frequency not in _PERIODS:
        raise UnreadableEvent(f"RRULE “{text:.60}” in line {line} is not a rule that can be read.")
    try:
        return Rule(
            frequency,
            interval=_whole(parts.get("INTERVAL", "1"), least=1, most=1000),
            count=_whole(parts["COUNT"], least=1, most=100_000) if "COUNT" in parts else None,
            until=_day(parts["UNTIL"]) if "UNTIL" in parts else None,
            by_month=_list(parts, "BYMONTH"),
            by_month_day=_list(parts, "BYMONTHDAY"),
            by_year_day=_list(parts, "BYYEARDAY"),
            by_week=_list(parts, "BYWEEKNO"),
            by_day=_weekdays(parts.get("BYDAY", "")),
            by_position=_list(parts, "BYSETPOS"),
            week_start=_WEEKDAYS.index(parts.get("WKST", "MO")),
        )
    except ValueError:
        raise UnreadableEvent(f"RRULE “{text:.60}” in line {line} is not a rule that can be read.") from None


def days_of(rule: Rule, *, start: date, horizon: date, line: int) -> Iterator[date]:
    """Yield the days of a series up to the horizon, its first one always. The caller counts those it takes.

    Raises UnreadableEvent for a series that began too long ago to be counted.
    """
    if horizon.year - start.year > _LONGEST_PAST:
        raise UnreadableEvent(f"The series of line {line} began in {start.year}; write its dates out singly.")
    last = min(horizon, rule.until or horizon)
    given, left = start, (rule.count or 10**9) - 1
    yield start
    for period in _PERIODS[rule.frequency](rule, start, last):
        for day in _chosen(rule, period):
            if day <= given:
                continue
            if day > last or left <= 0:
                return
            given, left = day, left - 1
            yield day


def _chosen(rule: Rule, period: Iterable[date]) -> list[date]:
    """Return the days of a period that the rule takes, in order."""
    days = sorted(period)
    if not rule.by_position:
        return days
    picked = {
        days[place - 1 if place > 0 else place] for place in rule.by_position if 0 < abs(place) <= len(days)
    }
    return sorted(picked)


def _days(rule: Rule, start: date, last: date) -> Iterator[list[date]]:
    day = start
    while day <= last:
        yield [day] if _passes(rule, day) and _weekday_fits(rule, day) else []
        day += rule.interval * _DAY


def _weeks(rule: Rule, start: date, last: date) -> Iterator[list[date]]:
    monday = start - ((start.weekday() - rule.week_start) % 7) * _DAY
    wanted = {weekday for _, weekday in rule.by_day} or {start.weekday()}
    while monday <= last:
        week = [monday + number * _DAY for number in range(7)]
        yield [day for day in week if day.weekday() in wanted and _passes(rule, day)]
        monday += 7 * rule.interval * _DAY


def _months(rule: Rule, start: date, last: date) -> Iterator[list[date]]:
    number = start.year * 12 + start.month - 1
    while date(number // 12, number % 12 + 1, 1) <= last:
        year, month = number // 12, number % 12 + 1
        whole = [date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]
        yield _within(rule, whole, fixed=lambda day: day.day == start.day)
        number += rule.interval


def _years(rule: Rule, start: date, last: date) -> Iterator[list[date]]:
    for year in range(start.year, last.year + 1, rule.interval):
        first = date(year, 1, 1)
        whole = [first + number * _DAY for number in range(366 if calendar.isleap(year) else 365)]
        if rule.by_week:
            weeks = [day for day in _around(year) if _week_fits(rule, day, year)]
            weekdays = {weekday for _, weekday in rule.by_day} or {start.weekday()}
            yield [day for day in weeks if day.weekday() in weekdays and _passes(rule, day)]
        elif rule.by_month and rule.by_day and not rule.by_month_day and not rule.by_year_day:
            months = (
                [day for day in whole if day.month == month]
                for month in sorted({*rule.by_month} & {*range(1, 13)})
            )
            yield [day for month in months for day in _within(rule, month, fixed=lambda _day: True)]
        else:
            yield _within(rule, whole, fixed=_yearly(rule, start))


_PERIODS: Final[Mapping[str, Callable[[Rule, date, date], Iterator[list[date]]]]] = {
    "DAILY": _days,
    "WEEKLY": _weeks,
    "MONTHLY": _months,
    "YEARLY": _years,
}


def _yearly(rule: Rule, start: date) -> Callable[[date], bool]:
    """Say which day of a year is meant where the rule names none: that of the beginning."""
    if rule.by_month:
        return lambda day: day.day == start.day
    return lambda day: (day.month, day.day) == (start.month, start.day)


def _within(rule: Rule, whole: list[date], *, fixed: Callable[[date], bool]) -> list[date]:
    """Return the days of a month or a year that the rule names; `fixed` where it names no day at all."""
    days = [day for day in whole if _passes(rule, day)]
    if rule.by_day:
        named = set(_named_weekdays(rule, whole))
        return [day for day in days if day in named]
    if rule.by_month_day or rule.by_year_day:
        return days
    return [day for day in days if fixed(day)]


def _named_weekdays(rule: Rule, whole: list[date]) -> Iterator[date]:
    for place, weekday in rule.by_day:
        those = [day for day in whole if day.weekday() == weekday]
        if place == 0:
            yield from those
        elif abs(place) <= len(those):
            yield those[place - 1 if place > 0 else place]


def _passes(rule: Rule, day: date) -> bool:
    """Say whether a day is in the months, and is one of the days of month and year, that the rule names."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    if rule.by_month_day and not {day.day, day.day - length - 1} & {*rule.by_month_day}:
        return False
    if not rule.by_year_day:
        return True
    number, of = day.timetuple().tm_yday, 366 if calendar.isleap(day.year) else 365
    return bool({number, number - of - 1} & {*rule.by_year_day})


def _weekday_fits(rule: Rule, day: date) -> bool:
    return not rule.by_day or any(weekday == day.weekday() for _, weekday in rule.by_day)


def _around(year: int) -> list[date]:
    """Return the days that may belong to a week of the year: ISO weeks begin and end in the years beside."""
    first = date(year, 1, 1) - 6 * _DAY
    return [first + number * _DAY for number in range(379)]


def _week_fits(rule: Rule, day: date, year: int) -> bool:
    iso = day.isocalendar()
    weeks = date(year, 12, 28).isocalendar().week
    return iso.year == year and bool({iso.week, iso.week - weeks - 1} & {*rule.by_week})


def _whole(text: str, *, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?\d{1,6}", text) or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def _list(parts: Mapping[str, str], name: str) -> tuple[int, ...]:
    if name not in parts:
        return ()
    words = parts[name].split(",")
    if len(words) > 400:
        raise ValueError(name)
    return tuple(_whole(word, least=-_MOST[name], most=_MOST[name]) for word in words)


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for word in text.split(",")[:400] if text else []:
        match = _BYDAY.fullmatch(word)
        if match is None:
            raise ValueError(word)
        found.append((int(match[1] or 0), _WEEKDAYS.index(match[2])))
    return tuple(found)


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{8}(T\d{6}Z?)?", text):
        raise ValueError(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
