"""The timeline of the year."""

import re
from datetime import date

import pytest

from newsletter.pictures.timeline import Row, Span, draw_timeline


def a_row(*spans: Span) -> Row:
    """A row of regional processes."""
    return Row(type="rcp", name="Regional consultative processes", spans=spans)


def bars(drawn: str) -> list[tuple[float, float, float]]:
    """Where the bars begin, how high they stand, and how wide they are."""
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', drawn)
    return [(float(x), float(y), float(width)) for x, y, width in found]


def test_meetings_at_the_same_days_stand_below_each_other() -> None:
    """None hides another one, and each stands where its days are."""
    june = Span(type="rcp", first=date(2017, 6, 8), last=date(2017, 6, 10))
    first, second, third = bars(
        draw_timeline(
            [a_row(june, june, Span(type="rcp", first=date(2017, 12, 31), last=date(2018, 1, 2)))],
            year=2017,
            language="en",
            is_rtl=False,
        )
    )
    assert first[0] == second[0]
    assert first[1] < second[1]
    assert third[0] + third[2] == pytest.approx(594)


def test_time_runs_as_the_language_is_written() -> None:
    """In Arabic January stands at the right."""
    rows = [a_row(Span(type="rcp", first=date(2017, 1, 1), last=date(2017, 1, 9)))]
    ((left, _, _),) = bars(draw_timeline(rows, year=2017, language="en", is_rtl=False))
    ((right, _, width),) = bars(draw_timeline(rows, year=2017, language="ar", is_rtl=True))
    assert (left, right + width) == (6, 594)


def test_month_without_days_is_an_outline() -> None:
    """A meeting of which only the month is known is not shown as if its days were."""
    span = Span(type="rcp", first=date(2017, 9, 1), last=date(2017, 9, 30), has_days=False)
    drawn = draw_timeline([a_row(span)], year=2017, language="en", is_rtl=False)
    assert 'class="p-rcp-line" fill="none"' in drawn
    assert 'class="p-rcp"' not in drawn
