"""Dates in words."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.dates import (
    DateTile,
    date_tile,
    written_days,
    written_hours,
    written_moment,
    written_months,
    written_utc_hours,
    written_when,
    written_zone,
)

ENGLISH_MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))


def read_back(words: str) -> tuple[date, date]:
    """Read an English span as a person does: what the first half lacks is as in the second half."""
    first, _, last = words.replace(" – ", "–").partition("–")
    last = last or first

    def parts(text: str) -> tuple[int, str | None, str | None]:
        found = re.fullmatch(r"(\d{1,2})(?: ([A-Z][a-z]+))?(?: (\d{4}))?", text)
        assert found is not None
        return int(found[1]), found[2], found[3]

    last_day, last_month, last_year = parts(last)
    day, month, year = parts(first)
    assert last_month is not None
    assert last_year is not None

    def made(number: int, name: str, in_year: str) -> date:
        return date(int(in_year), ENGLISH_MONTHS.index(name) + 1, number)

    return made(day, month or last_month, year or last_year), made(last_day, last_month, last_year)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2017, 1, 23), date(2017, 1, 23), "23 January 2017"),
        (date(2017, 1, 23), date(2017, 1, 24), "23–24 January 2017"),
        (date(2017, 2, 28), date(2017, 3, 2), "28 February – 2 March 2017"),
        (date(2016, 12, 30), date(2017, 1, 2), "30 December 2016 – 2 January 2017"),
    ],
)
def test_days_in_english(first: date, last: date, words: str) -> None:
    """A span says each thing once, with an en dash, and always the year."""
    assert written_days(first, last) == words


@given(st.tuples(days, days))
def test_days_read_back_as_the_same_days(span: tuple[date, date]) -> None:
    """No two spans are written alike: a reader who knows the calendar gets the very days back."""
    first, last = sorted(span)
    assert read_back(written_days(first, last)) == (first, last)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 1), date(2026, 12, 1), "1er décembre 2026"),
        (date(2026, 12, 1), date(2026, 12, 2), "1er–2 décembre 2026"),
        (date(2026, 8, 28), date(2026, 9, 1), "28 août – 1er septembre 2026"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 décembre 2026 – 2 janvier 2027"),
    ],
)
def test_days_in_french(first: date, last: date, words: str) -> None:
    """Months are never cut short, and the first of a month is "1er"."""
    assert written_days(first, last, language="fr") == words


@given(st.tuples(days, days), st.sampled_from(["fr", "es", "ar", "ru"]))
def test_days_name_the_year_in_every_language(span: tuple[date, date], language: str) -> None:
    """In other languages too the last year is written, in the figures the page is written in."""
    first, last = sorted(span)
    assert str(last.year) in written_days(first, last, language=language)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2017, 9, 1), date(2017, 9, 30), "September 2017"),
        (date(2018, 5, 1), date(2018, 6, 30), "May–June 2018"),
        (date(2016, 12, 1), date(2017, 1, 31), "December 2016 – January 2017"),
    ],
)
def test_months_in_english(first: date, last: date, words: str) -> None:
    """Months of one year share it."""
    assert written_months(first, last) == words


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("moment", "8 June 2027"),
        ("day", "8 June 2027"),
        ("month", "June 2027"),
        ("quarter", "second quarter of 2027"),
        ("year", "2027"),
        ("unknown", "date to be announced"),
    ],
)
def test_when_says_no_more_than_is_known(precision: str, words: str) -> None:
    """The words are as exact as the precision, whatever day stands behind it."""
    assert written_when(date(2027, 6, 8), None, precision=precision) == words


def test_hours_and_their_zone() -> None:
    """Hours are those of the venue; UTC stands in words, with the date when it is another day there."""
    brussels = ZoneInfo("Europe/Brussels")
    start = datetime(2027, 3, 17, 9, 30, tzinfo=brussels)
    end = datetime(2027, 3, 17, 17, 0, tzinfo=brussels)
    suva = datetime(2027, 3, 17, 9, 0, tzinfo=ZoneInfo("Pacific/Fiji"))
    assert (
        written_hours(start, end),
        written_hours(start, None),
        written_utc_hours(start, end),
        written_utc_hours(suva, None),
        written_moment(datetime(2026, 12, 14, 8, 0, tzinfo=UTC), zone="Europe/Zurich"),
    ) == (
        "09:30–17:00",
        "09:30",
        "08:30–16:00 UTC",
        "21:00 UTC, 16 March 2027",
        "14 December 2026, 09:00 Zurich time",
    )


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Brussels", "Brussels time"),
        ("America/Sao_Paulo", "Sao Paulo time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT-3", "UTC+3"),
    ],
)
def test_zone_in_words(zone: str, words: str) -> None:
    """People call a clock by its city; the fixed zones count the way people do, not the way IANA does."""
    assert written_zone(zone) == words


@pytest.mark.parametrize(
    ("first", "last", "precision", "tile"),
    [
        (
            date(2017, 1, 23),
            date(2017, 1, 24),
            "day",
            DateTile("23–24", "January", "2017", "2017-01-23", "23–24 January 2017"),
        ),
        (
            date(2017, 2, 28),
            date(2017, 3, 2),
            "day",
            DateTile("28–2", "Feb – Mar", "2017", "2017-02-28", "28 February – 2 March 2017"),
        ),
        (
            date(2016, 12, 30),
            date(2017, 1, 2),
            "day",
            DateTile("30–2", "Dec – Jan", "2016–17", "2016-12-30", "30 December 2016 – 2 January 2017"),
        ),
        (
            date(2017, 9, 1),
            date(2017, 9, 30),
            "month",
            DateTile("", "September", "2017", "2017-09", "September 2017, day not known"),
        ),
        (
            date(2027, 4, 1),
            date(2027, 6, 30),
            "quarter",
            DateTile("", "Q2", "2027", "2027", "second quarter of 2027"),
        ),
        (date(2027, 1, 1), date(2027, 12, 31), "year", DateTile("", "Month open", "2027", "2027", "2027")),
        (None, None, "unknown", DateTile("", "Date open", "", "", "date to be announced")),
    ],
)
def test_tile(first: date | None, last: date | None, precision: str, tile: DateTile) -> None:
    """A tile has exactly the parts that are known, and all of it in words beside."""
    assert date_tile(first, last, precision=precision) == tile
