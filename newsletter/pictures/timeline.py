"""The timeline of the year: a row for each type of mechanism, in it a bar for each meeting at its days."""

from calendar import isleap, monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final

from markupsafe import Markup

from newsletter.pictures.svg import PAPER, RULE, SOFT, WIDTH, drawing, element, text
from templates.dates import month_name
from templates.hues import HUES

_SIDE: Final = 6.0
_HEAD: Final = 24.0
_TITLE: Final = 22.0
_BAR: Final = 7.0
_STEP: Final = 9.5
_FOOT: Final = 6.0
_NARROWEST: Final = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A meeting of the year: days from first to last, or whole months where the days are not known."""

    type: str
    first: date
    last: date
    has_days: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A type of mechanism, its name as it is written over its row, and its meetings."""

    type: str
    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Bar:
    """A meeting as it is drawn: from x to x, on the level of its row."""

    start: float
    end: float
    level: int
    has_days: bool


def timeline_height(rows: Sequence[Row], *, year: int) -> int:
    """Return how high the timeline is, in whole units of its width."""
    return ceil(_HEAD + sum(_row_height(_bars(row, year=year)) for row in rows) + _FOOT)


def draw_timeline(rows: Sequence[Row], *, year: int, language: str, is_rtl: bool) -> Markup:
    """Return the timeline as SVG: equal rows, year and language give equal bytes.

    Time runs as the language is written. A meeting of which only the month is known is an outline.
    """
    height = timeline_height(rows, year=year)
    parts = [element("rect", class_="p-paper", width=WIDTH, height=height, fill=PAPER)]
    parts += _months(year, height=height, language=language, is_rtl=is_rtl)
    top = _HEAD
    for row in rows:
        bars = _bars(row, year=year)
        parts += _row(row, bars, top=top, is_rtl=is_rtl)
        top += _row_height(bars)
    return drawing(*parts, height=height, language=language)


def _place(day: date, year: int) -> float:
    """Return where a day begins, from the edge where the year begins; days of other years at its ends."""
    days = 366 if isleap(year) else 365
    passed = min(max((day - date(year, 1, 1)).days, 0), days)
    return _SIDE + (WIDTH - 2 * _SIDE) * passed / days


def _bars(row: Row, *, year: int) -> list[_Bar]:
    """Put each meeting on the lowest level that is free at its days."""
    ends: list[float] = []
    bars = []
    for span in sorted(row.spans, key=lambda one: (one.first, one.last, one.has_days)):
        start = _place(span.first, year)
        end = max(_place(date.fromordinal(span.last.toordinal() + 1), year), start + _NARROWEST)
        if end > WIDTH - _SIDE:
            start, end = min(start, WIDTH - _SIDE - _NARROWEST), WIDTH - _SIDE
        level = next((place for place, taken in enumerate(ends) if taken + 1 <= start), len(ends))
        ends[level : level + 1] = [end]
        bars.append(_Bar(start, end, level, span.has_days))
    return bars


def _row_height(bars: Sequence[_Bar]) -> float:
    levels = max((bar.level for bar in bars), default=0) + 1
    return _TITLE + levels * _STEP + 6


def _row(row: Row, bars: Sequence[_Bar], *, top: float, is_rtl: bool) -> Iterator[str]:
    hue = HUES[row.type]
    x, anchor = (WIDTH - _SIDE, "end") if is_rtl else (_SIDE, "start")
    name = f"p-{row.type}-ink"
    yield text(row.name, x=x, y=top + 15, anchor=anchor, class_=name, fill=hue.ink, font_weight="600")
    for bar in bars:
        start = WIDTH - bar.end if is_rtl else bar.start
        y = top + _TITLE + bar.level * _STEP
        if bar.has_days:
            fill = {"class_": f"p-{row.type}", "fill": hue.calendar}
            yield element("rect", x=start, y=y, width=bar.end - bar.start, height=_BAR, rx=1, **fill)
        else:
            line = {
                "class_": f"p-{row.type}-line",
                "fill": "none",
                "stroke": hue.calendar,
                "stroke_width": "1",
            }
            long = bar.end - bar.start - 1
            yield element("rect", x=start + 0.5, y=y + 0.5, width=long, height=_BAR - 1, rx=1, **line)


def _months(year: int, *, height: float, language: str, is_rtl: bool) -> Iterator[str]:
    for month in range(1, 13):
        start = _place(date(year, month, 1), year)
        end = _place(date(year, month, monthrange(year, month)[1]), year) + (WIDTH - 2 * _SIDE) / 366
        middle, edge = (start + end) / 2, start
        if is_rtl:
            middle, edge = WIDTH - middle, WIDTH - edge
        if month > 1:
            yield element(
                "line",
                class_="p-rule",
                x1=edge,
                y1=6,
                x2=edge,
                y2=height - _FOOT,
                stroke=RULE,
                stroke_width=1,
            )
        name = month_name(month, language=language, short=language != "ar")
        size = 12 if language != "ar" else 10
        yield text(name, x=middle, y=16, size=size, anchor="middle", class_="p-soft", fill=SOFT)
