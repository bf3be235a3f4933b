"""When a meeting takes place, as its sentence says it."""

from datetime import date

import pytest

from models import When
from newsletter.wording.dates import announced_for, dates, open_end, term


@pytest.mark.parametrize(
    ("when", "written"),
    [
        (When.parse("2017-01-23", "2017-01-24"), "23–24 January 2017"),
        (When.parse("2017-01-05", "2017-01-05"), "5 January 2017"),
        (When.parse("2024-01-31", "2024-02-01"), "31 January – 1 February 2024"),
        (When.parse("2016-12-30", "2017-01-02"), "30 December 2016 – 2 January 2017"),
        (When.parse("2016-06-02"), "from 2 June 2016"),
        (When.parse("2017-11"), "November 2017"),
        (When.parse("2017-05", "2017-06"), "May–June 2017"),
        (When.parse("2027-Q3"), "third quarter of 2027"),
        (When.parse("2027"), "2027"),
        (When.unknown(), "on dates to be announced"),
        (When.parse("2027-06-08 09:30", "2027-06-09 17:00", "Africa/Lusaka"), "8–9 June 2027"),
    ],
)
def test_dates_are_no_more_exact_than_known(when: When, written: str) -> None:
    """Each precision has its own words; an end that is not stated is not made up."""
    assert dates(when) == written


def test_announced_dates_say_apart_that_the_end_is_open() -> None:
    """A start without an end reads as a date, and says that the end is not stated."""
    when = When.days(date(2024, 2, 10), None)
    assert announced_for(when) + open_end(when) == "10 February 2024 (end not stated)"
    assert announced_for(When.parse("2027-Q1")) == "the first quarter of 2027"
    assert announced_for(When.unknown()) == "dates still to be announced"
    assert open_end(When.parse("2017-11")) == ""


@pytest.mark.parametrize(
    ("known", "written"), [("2006", "2006"), ("2024-05", "May 2024"), ("2025-04-09", "9 April 2025")]
)
def test_terms_are_written_as_exactly_as_known(known: str, written: str) -> None:
    """A term known by its year does not grow a month."""
    assert term(known) == written
