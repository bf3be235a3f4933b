"""Meetings that clash: they overlap in time, and there are States that take part in both.

Pure: what a meeting takes of its participants' time is a `Stay`, and everything else follows from stays. A
stay whose States are not wholly known clashes with whatever it overlaps, since nobody can say that it does
not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from typing import Any, Final

WEEKS_NEAR: Final = 12
"""How many weeks before and after a planned date are looked at for a better one."""
WEEKS_SHOWN: Final = 3
"""How many of them, before and after, are told."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A meeting as it takes time: from the instant `start` up to but not including `end`, both aware.

    `first` and `last` are its days on its own clock. `states` are the codes of the States that may be there;
    `unknown` are the slugs of those of its mechanisms whose States are not on record. `key` orders stays that
    begin together, and `meeting` is whatever its reader wants to tell of it.
    """

    key: str
    start: datetime
    end: datetime
    first: date
    last: date
    states: frozenset[str]
    unknown: tuple[str, ...] = ()
    meeting: Any = field(default=None, compare=False)

    def weeks_around(self) -> tuple[date, date]:
        """Return the first and the last day that `try_date` looks at for a plan."""
        reach = timedelta(weeks=WEEKS_NEAR)
        return self.first - reach, self.last + reach


@dataclass(frozen=True, slots=True)
class Clash:
    """Two stays, the one that begins first before the other, and the States that are wanted in both."""

    one: Stay
    other: Stay
    states: frozenset[str]

    @property
    def start(self) -> datetime:
        """When both are going on first."""
        return max(self.one.start, self.other.start)

    @property
    def end(self) -> datetime:
        """When the first of them is over."""
        return min(self.one.end, self.other.end)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The mechanisms of either whose States are not on record."""
        return tuple(dict.fromkeys((*self.one.unknown, *self.other.unknown)))


def is_clash(one: Stay, other: Stay) -> bool:
    """Say whether two stays clash: the definition, by which `clashes_among` finds all of them."""
    overlap = one.start < other.end and other.start < one.end
    return overlap and _may_share(one, other)


def clashes_among(stays: Iterable[Stay]) -> Iterator[Clash]:
    """Yield the clashes, by when they begin, then by the keys of both.

    A sweep over the starts. Stays with the same States lie together, so that those that share none are never
    compared one by one: the cost is that of sorting, of the groups there are, and of what is yielded.
    """
    groups = _Groups()
    for stay in sorted(stays, key=lambda one: (one.start, one.key)):
        own = groups.number_of(stay)
        met: list[tuple[Stay, frozenset[str]]] = []
        for number in groups.partners(own):
            shared = groups.shared(own, number)
            met.extend((other, shared) for other in groups.going_on(number, at=stay.start))
        met.sort(key=lambda pair: pair[0].key)
        yield from (Clash(other, stay, shared) for other, shared in met)
        groups.enter(own, stay)


class _Groups:
    """The stays that are going on, by what States they have."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[frozenset[str], bool], int] = {}
        self._samples: list[Stay] = []
        self._active: list[list[tuple[datetime, str, Stay]]] = []
        self._partners: defaultdict[int, list[int]] = defaultdict(list)
        self._shared: dict[tuple[int, int], frozenset[str]] = {}

    def number_of(self, stay: Stay) -> int:
        """Return the group of a stay; a new one is compared with all others once."""
        kind = (stay.states, bool(stay.unknown))
        found = self._numbers.get(kind)
        if found is not None:
            return found
        number = self._numbers[kind] = len(self._samples)
        self._samples.append(stay)
        self._active.append([])
        for other, sample in enumerate(self._samples):
            if not _may_share(stay, sample):
                continue
            self._shared[number, other] = self._shared[other, number] = stay.states & sample.states
            self._partners[number].append(other)
            if other != number:
                self._partners[other].append(number)
        return number

    def partners(self, number: int) -> Sequence[int]:
        return self._partners[number]

    def shared(self, one: int, other: int) -> frozenset[str]:
        return self._shared[one, other]

    def going_on(self, number: int, *, at: datetime) -> Iterator[Stay]:
        active = self._active[number]
        while active and active[0][0] <= at:
            heappop(active)
        return (stay for _, _, stay in active)

    def enter(self, number: int, stay: Stay) -> None:
        heappush(self._active[number], (stay.end, stay.key, stay))


@dataclass(frozen=True, slots=True)
class Hurt:
    """A meeting that a planned date would hurt, and the States that are wanted in both."""

    stay: Stay
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Week:
    """The same days of another week, and what they would hurt: how many meetings, and how many States."""

    first: date
    last: date
    meetings: int
    states: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What a planned date would hurt, by start. `states` are all States hurt; `weeks` are better ones."""

    hurt: tuple[Hurt, ...]
    states: frozenset[str]
    weeks: tuple[Week, ...]


def try_date(plan: Stay, stays: Iterable[Stay], *, today: date, by_days: bool) -> Tried:
    """Return whom a planned meeting would hurt, and the nearest weeks, before and after, that hurt fewest.

    `by_days` compares days as they stand in calendars, for a plan whose place is not known; else instants. No
    week before `today` is told; one in which the States of a mechanism are not known counts as free.
    """
    near = [Hurt(stay, plan.states & stay.states) for stay in stays if _may_share(plan, stay)]
    near.sort(key=lambda one: (one.stay.start, one.stay.key))
    hurt = tuple(one for one in near if _overlaps(plan, one.stay, weeks=0, by_days=by_days))
    told = [one for one in near if one.states]
    weeks: list[Week] = []
    for side in (-1, 1):
        distances = [side * number for number in range(1, WEEKS_NEAR + 1)]
        found = [_week(plan, told, weeks=weeks_away, by_days=by_days) for weeks_away in distances]
        ahead = [week for week in found if week.first >= today]
        # Sorting keeps the nearest first among equals.
        weeks += sorted(ahead, key=lambda week: week.states)[:WEEKS_SHOWN]
    states = frozenset().union(*(one.states for one in hurt))
    return Tried(hurt=hurt, states=states, weeks=tuple(sorted(weeks, key=lambda week: week.first)))


def _week(plan: Stay, told: Iterable[Hurt], *, weeks: int, by_days: bool) -> Week:
    hurt = [one.states for one in told if _overlaps(plan, one.stay, weeks=weeks, by_days=by_days)]
    shift = timedelta(weeks=weeks)
    states = frozenset().union(*hurt)
    return Week(plan.first + shift, plan.last + shift, len(hurt), len(states))


def _overlaps(plan: Stay, stay: Stay, *, weeks: int, by_days: bool) -> bool:
    shift = timedelta(weeks=weeks)
    if by_days:
        return plan.first + shift <= stay.last and stay.first <= plan.last + shift
    return plan.start + shift < stay.end and stay.start < plan.end + shift


def _may_share(one: Stay, other: Stay) -> bool:
    return bool(one.unknown or other.unknown) or not one.states.isdisjoint(other.states)
