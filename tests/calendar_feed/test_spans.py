"""Spans: which whole days or which hours a calendar shows."""

from datetime import date, datetime

import pytest

from calendar_feed.spans import Days, Hours, Span, span_of
from models.when import Precision, When
from tests.calendar_feed.factory import days, hours


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _clock(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("when", "span"),
    [
        (days("2027-06-08", "2027-06-10"), Days(_day("2027-06-08"), _day("2027-06-10"))),
        (days("2027-06-08", "2027-06-08"), Days(_day("2027-06-08"), _day("2027-06-08"))),
        (days("2027-06-08"), Days(_day("2027-06-08"), _day("2027-06-08"))),
        (
            hours("2027-03-17 09:30", "2027-03-17 17:00"),
            Hours(_clock("2027-03-17 09:30"), _clock("2027-03-17 17:00"), "Europe/Brussels"),
        ),
        (
            hours("2027-03-17 22:00", "2027-03-18 01:00", "Pacific/Apia"),
            Hours(_clock("2027-03-17 22:00"), _clock("2027-03-18 01:00"), "Pacific/Apia"),
        ),
        (hours("2027-06-15 14:00", "2027-06-16 12:00"), Days(_day("2027-06-15"), _day("2027-06-16"))),
        (hours("2027-06-15 09:00", "2027-06-17 14:00"), Days(_day("2027-06-15"), _day("2027-06-17"))),
        (hours("2027-03-17 09:30", None), Days(_day("2027-03-17"), _day("2027-03-17"))),
        (When.month(2027, 9), Days(_day("2027-09-01"), _day("2027-09-01"))),
        (When.month(2027, 9, 2027, 10), Days(_day("2027-09-01"), _day("2027-09-01"))),
        (When.quarter(2027, 3), None),
        (When.year(2027), None),
        (When.unknown(), None),
    ],
)
def test_span_follows_the_table_of_what_is_known(when: When, span: Span | None) -> None:
    """One sitting has hours, several days are whole days, a month is its 1st, less is not in a calendar."""
    assert span_of(when) == span


def test_every_precision_has_its_place_in_the_table() -> None:
    """A precision that is added later must be decided here, not fall through."""
    assert set(Precision) == {
        *(Precision.MOMENT, Precision.DAY, Precision.MONTH),
        *(Precision.QUARTER, Precision.YEAR, Precision.UNKNOWN),
    }
