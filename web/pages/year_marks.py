"""The marks of the strip of a year: where each lies in its month, and one for many where they crowd."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from models.mechanism import MechanismType
from models.when import Precision, When
from templates.dates import written_months, written_when
from templates.languages import ENGLISH, catalogue
from templates.words import word
from web.pages.meeting_types import typed

# Units of the drawing: a day is one wide, the row of a type twenty high.
MONTH: Final = 31
ROW: Final = 20
_MARGIN: Final = 2
_SHORTEST: Final = 3

MOST_LANES: Final = 4
"""With more meetings side by side than this, marks would be too thin to be seen or hit."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A meeting of the strip; `when` has a first day."""

    slug: str
    title: str
    when: When

    @property
    def first(self) -> date:
        """The first day it touches."""
        assert self.when.first is not None  # noqa: S101 - the strip holds what has a date; this tells the type checker
        return self.when.first

    @property
    def last(self) -> date:
        """The last day it touches."""
        return self.when.last or self.first


@dataclass(frozen=True, slots=True)
class Mark:
    """One meeting in one month, or all of a type where they crowd; `open` when the day is not known."""

    at: int
    width: int
    top: int
    height: int
    type: str
    address: str
    words: str
    open: bool = False


def marks_of_month(
    meetings: Iterable[Marked], kind: MechanismType, first: date, *, row: int, language: str = ENGLISH
) -> tuple[Mark, ...]:
    """Return the marks of one type in the month that begins on `first`; `row` is counted from the top.

    `meetings` are in the order of their days. None lies over another: what is at the same time stands side by
    side, and where that makes too many lanes one mark stands for all.
    """
    last = (first + timedelta(days=MONTH)).replace(day=1) - timedelta(days=1)
    here = [one for one in meetings if one.first <= last and one.last >= first]
    lanes = _lanes(here, first, last)
    if len(lanes) > MOST_LANES:
        return (heap(len(here), kind, first, row=row, language=language),)
    height = (ROW - 2 * _MARGIN) // max(len(lanes), 1)
    return tuple(
        Mark(
            at=at,
            width=width,
            top=row * ROW + _MARGIN + place * height,
            height=height,
            type=kind.value,
            address=f"/meetings/{one.slug}",
            words=_words(one, language),
            open=one.when.precision is Precision.MONTH,
        )
        for place, lane in enumerate(lanes)
        for one, at, width in lane
    )


def heap(number: int, kind: MechanismType, first: date, *, row: int, language: str = ENGLISH) -> Mark:
    """Return the one mark that stands for all meetings of a type in a month, and leads to them."""
    sentence = catalogue(language).ngettext(
        "%(type)s: %(n)s meeting, %(month)s", "%(type)s: %(n)s meetings, %(month)s", number
    )
    month = written_months(first, first, language=language)
    return Mark(
        at=0,
        width=MONTH,
        top=row * ROW + _MARGIN,
        height=ROW - 2 * _MARGIN,
        type=kind.value,
        address=typed(f"/calendar/{first.year}/{first.month}", kind),
        words=sentence % {"type": word("short type", kind, language=language), "n": number, "month": month},
    )


_Placed = tuple[Marked, int, int]


def _lanes(meetings: Sequence[Marked], first: date, last: date) -> list[list[_Placed]]:
    """Place each meeting, its first day in the month and its width, in the first lane that is free there."""
    placed = []
    for one in meetings:
        width = max((min(one.last, last) - max(one.first, first)).days + 1, _SHORTEST)
        placed.append((one, min((max(one.first, first) - first).days, last.day - width), width))
    lanes: list[list[_Placed]] = []
    for mark in sorted(placed, key=lambda mark: mark[1]):
        lane = next((lane for lane in lanes if lane[-1][1] + lane[-1][2] <= mark[1]), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(mark)
    return lanes


def _words(one: Marked, language: str) -> str:
    when = one.when
    dates = written_when(when.first, when.last, precision=when.precision, language=language)
    return f"{one.title}, {dates}"
