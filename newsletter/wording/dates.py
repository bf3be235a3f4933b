"""When a meeting takes place, as a sentence says it: "23–24 January 2017", "from 2 June 2016"."""

from datetime import date

from models.when import Precision, When
from templates.dates import written_date, written_months, written_when
from templates.languages import ENGLISH


def dates(when: When) -> str:
    """Write when a meeting takes place, no more exactly than is known, the year always given.

    An end that is not stated is not made up: "from 2 June 2016". For precision unknown the answer is
    "on dates to be announced".
    """
    if when.first is None:
        return "on dates to be announced"
    if when.last is None:
        return f"from {written_date(when.first)}"
    return written_when(when.first, when.last, precision=when.precision)


def announced_for(when: When) -> str:
    """Write the date after "was announced for"; that an end was not stated is said by `open_end`."""
    if when.first is None:
        return "dates still to be announced"
    written = written_when(when.first, when.last, precision=when.precision)
    return f"the {written}" if when.precision is Precision.QUARTER else written


def open_end(when: When) -> str:
    """Write " (end not stated)" where that is so, else nothing."""
    return " (end not stated)" if when.first and when.last is None else ""


def term(known: str, *, language: str = ENGLISH) -> str:
    """Write the start or the end of a term that is known as YYYY, YYYY-MM or YYYY-MM-DD."""
    match [int(part) for part in known.split("-")]:
        case [year]:
            return str(year)
        case [year, month]:
            day = date(year, month, 1)
            return written_months(day, day, language=language)
        case parts:
            return written_date(date(*parts), language=language)
