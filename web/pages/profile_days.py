"""Days of which often only the year or the month is known, in words: YYYY, YYYY-MM or YYYY-MM-DD."""

from datetime import date

from models.when import ImpossibleDate, When
from templates.dates import written_when
from templates.languages import ENGLISH, catalogue


def written_known(text: str, *, language: str = ENGLISH) -> str:
    """Write a kept day no more exactly than it is known: `9 April 2025`, `May 2024`, `2017`.

    What an editor wrote in other words stands as it was written.
    """
    try:
        when = When.parse(text)
    except ImpossibleDate:
        return text
    return written_when(when.first, when.last, precision=when.precision, language=language)


def written_as_of(text: str | None, *, language: str = ENGLISH) -> str | None:
    """Write of when a list is, or None where that is not said."""
    if not text:
        return None
    return catalogue(language).gettext("as of %(day)s") % {"day": written_known(text, language=language)}


def closing_day_of(text: str) -> date | None:
    """Return the last day that a kept day can mean, the end of its month or year; None for other words."""
    try:
        return When.parse(text).closing_day
    except ImpossibleDate:
        return None
