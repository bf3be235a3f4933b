"""The grid of a month: whole weeks from Monday, and bars across the days of each meeting, none over another.

A pure function of plain days, so that what it promises can be tried on any set of meetings.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from web.pages.meeting_entry import MeetingEntry

LANES: Final = 4
"""How many bars stand one below the other in a week at most; one more is let in where it is the last."""

_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """The part of a meeting that lies in one week: from which column, 0 for Monday, over how many days.

    `begins` and `ends` say whether the meeting's first and its last day are in it, or it goes on elsewhere.
    """

    entry: MeetingEntry
    column: int
    days: int
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """One day of a lane on which nothing stands."""

    column: int


@dataclass(frozen=True, slots=True)
class More:
    """How many meetings of a day have no bar, and the first of them; 0 and None where all have one."""

    number: int
    first: MeetingEntry | None


@dataclass(frozen=True, slots=True)
class Week:
    """One week: its ISO number, its days (None outside the month), its lanes from the top, and the rest."""

    number: int
    days: tuple[date | None, ...]
    lanes: tuple[tuple[Bar | Gap, ...], ...]
    more: tuple[More, ...]

    @property
    def has_more(self) -> bool:
        """Whether a meeting of this week has no bar."""
        return any(one.number for one in self.more)


def month_grid(entries: Iterable[MeetingEntry], *, year: int, month: int) -> tuple[Week, ...]:
    """Return the weeks of a month with the meetings that touch it, each on exactly its days in that month.

    The earlier meeting comes first, then the weightier, then the longer; one that goes on into the next week
    is laid anew there.
    """
    ordered = sorted(entries, key=lambda one: (one.first, one.weight, one.first - one.last, one.address))
    weeks = calendar.Calendar(calendar.MONDAY).monthdatescalendar(year, month)
    return tuple(_week(days, month, ordered) for days in weeks)


def _week(days: Sequence[date], month: int, ordered: Sequence[MeetingEntry]) -> Week:
    inside = [day for day in days if day.month == month]
    bars = [_bar(one, days, inside) for one in ordered if one.first <= inside[-1] and one.last >= inside[0]]
    lanes = _lanes(bars)
    shown = lanes if len(lanes) <= LANES + 1 else lanes[:LANES]
    hidden = [bar for lane in lanes[len(shown) :] for bar in lane]
    return Week(
        number=days[0].isocalendar().week,
        days=tuple(day if day.month == month else None for day in days),
        lanes=tuple(_with_gaps(lane) for lane in shown),
        more=tuple(_more(hidden, column) for column in range(_DAYS)),
    )


def _bar(entry: MeetingEntry, days: Sequence[date], inside: Sequence[date]) -> Bar:
    first, last = max(entry.first, inside[0]), min(entry.last, inside[-1])
    return Bar(
        entry=entry,
        column=(first - days[0]).days,
        days=(last - first).days + 1,
        begins=first == entry.first,
        ends=last == entry.last,
    )


def _lanes(bars: Iterable[Bar]) -> list[list[Bar]]:
    """Lay each bar into the first lane that is free from its first day on."""
    lanes: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda one: one.column):
        free = (lane for lane in lanes if lane[-1].column + lane[-1].days <= bar.column)
        lane = next(free, None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(bar)
    return lanes


def _with_gaps(lane: Sequence[Bar]) -> tuple[Bar | Gap, ...]:
    cells: list[Bar | Gap] = []
    reached = 0
    for bar in lane:
        cells += [Gap(column) for column in range(reached, bar.column)]
        cells.append(bar)
        reached = bar.column + bar.days
    return (*cells, *(Gap(column) for column in range(reached, _DAYS)))


def _more(hidden: Sequence[Bar], column: int) -> More:
    here = [bar.entry for bar in hidden if bar.column <= column < bar.column + bar.days]
    return More(len(here), here[0] if here else None)
