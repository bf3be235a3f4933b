"""The grid of a month: whatever meets when, each meeting is on its days, and no bar lies over another."""

import calendar
from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.when import Precision
from web.pages.meeting_entry import MeetingEntry
from web.pages.month_grid import LANES, Bar, Gap, Week, month_grid

months = st.tuples(st.integers(1998, 2031), st.integers(1, 12))
# Days from the first of the month, before and after it too, and lengths of a day to more than a month.
spans = st.lists(st.tuples(st.integers(-45, 45), st.integers(0, 60)), max_size=14)
crowded = st.lists(st.tuples(st.integers(-2, 8), st.integers(0, 9)), min_size=8, max_size=30)


def entry(number: int, first: date, last: date, weight: int = 0) -> MeetingEntry:
    """A meeting on these days."""
    return MeetingEntry(
        id=number,
        address=f"/meetings/m{number:03}",
        title=f"Meeting {number}",
        kind="Meeting",
        weight=weight,
        first=first,
        last=last,
        precision=Precision.DAY,
        dates="",
        type="rcp",
        types=("Regional",),
        mechanisms=("Lima Process",),
        place=None,
        standing=(),
    )


def meetings_of(month: tuple[int, int], found: list[tuple[int, int]]) -> list[MeetingEntry]:
    """Meetings that begin so many days from the first of the month and last so many more."""
    first = date(*month, 1)
    return [
        entry(number, begins := first + timedelta(days=start), begins + timedelta(days=length))
        for number, (start, length) in enumerate(found)
    ]


def bars_of(week: Week) -> list[Bar]:
    """Every bar of a week."""
    return [cell for lane in week.lanes for cell in lane if isinstance(cell, Bar)]


@given(months)
def test_weeks_are_whole_and_begin_on_monday(month: tuple[int, int]) -> None:
    """The weeks hold each day of the month once, in order, on its weekday, and no day of another month."""
    weeks = month_grid([], year=month[0], month=month[1])
    assert {len(week.days) for week in weeks} == {7}
    length = calendar.monthrange(*month)[1]
    days = [day for week in weeks for day in week.days if day]
    assert days == [date(*month, 1) + timedelta(days=number) for number in range(length)]
    assert [day.weekday() for week in weeks for day in week.days if day] == [
        column for week in weeks for column, day in enumerate(week.days) if day
    ]
    assert [week.number for week in weeks] == [
        next(day for day in week.days if day).isocalendar().week for week in weeks
    ]


@given(months, spans | crowded)
def test_meetings_stand_on_exactly_their_days(month: tuple[int, int], found: list[tuple[int, int]]) -> None:
    """For each day: the bars over it and what is counted as more are the meetings of that day, no others."""
    meetings = meetings_of(month, found)
    for week in month_grid(meetings, year=month[0], month=month[1]):
        shown = {day: 0 for day in week.days if day}
        for bar in bars_of(week):
            columns = range(bar.column, bar.column + bar.days)
            covered = [week.days[column] for column in columns]
            expected = [day for day in week.days if day and bar.entry.first <= day <= bar.entry.last]
            assert covered == expected
            assert (bar.begins, bar.ends) == (
                bar.entry.first == covered[0],
                bar.entry.last == covered[-1],
            )
            for day in expected:
                shown[day] += 1
        for today, more in zip(week.days, week.more, strict=True):
            there = [one for one in meetings if today and one.first <= today <= one.last]
            assert more.number + (shown[today] if today else 0) == len(there)
            assert (more.first is None) == (more.number == 0)
            assert more.first is None or more.first in there


@given(months, spans | crowded)
def test_bars_never_lie_over_another(month: tuple[int, int], found: list[tuple[int, int]]) -> None:
    """In every lane the bars and gaps fill the seven days once; there are never too many lanes."""
    for week in month_grid(meetings_of(month, found), year=month[0], month=month[1]):
        assert len(week.lanes) <= LANES + 1
        for lane in week.lanes:
            taken = Counter[int]()
            for cell in lane:
                taken.update(range(cell.column, cell.column + (1 if isinstance(cell, Gap) else cell.days)))
            assert taken == Counter(range(7))
            assert [cell.column for cell in lane] == sorted(cell.column for cell in lane)


def test_the_weightier_meeting_gets_its_bar_first() -> None:
    """Of meetings that begin on one day a ministerial keeps its bar and workshops are counted as more."""
    day = date(2027, 6, 9)
    workshops = [entry(number, day, day, weight=9) for number in range(8)]
    ministerial = entry(99, day, day, weight=1)
    week = month_grid([*workshops, ministerial], year=2027, month=6)[1]
    assert bars_of(week)[0].entry == ministerial
    assert (len(bars_of(week)), week.more[2].number, week.has_more) == (LANES, 9 - LANES, True)
