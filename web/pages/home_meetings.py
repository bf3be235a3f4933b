"""What is coming, as the home page tells it: the next months in full, and ways to whatever lies beyond."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from models.meeting import Meeting
from templates.dates import written_months, written_when
from templates.languages import ENGLISH, catalogue
from web.pages.home_choice import COMING, ROUGH, Choice
from web.pages.meeting_line import MeetingLine, meeting_lines
from web.pages.year_range import YearRange


@dataclass(frozen=True, slots=True)
class Period:
    """The meetings of a month, or of a quarter or year whose month is not known; `address` is its page."""

    name: str
    address: str | None
    lines: tuple[MeetingLine, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """How many more meetings there are, from which month or year on, and its page."""

    number: int
    name: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Coming:
    """The meetings ahead; `undated` have no date yet, and `more_undated` of them are not shown."""

    months: tuple[Period, ...]
    later: Later | None
    rough: tuple[Period, ...]
    later_rough: Later | None
    undated: tuple[MeetingLine, ...]
    more_undated: int


def tell_coming(
    choice: Choice, meetings: Mapping[int, Meeting], years: YearRange, *, today: date, language: str = ENGLISH
) -> Coming:
    """Return what is ahead or goes on as of a day, of the meetings that were chosen."""
    found, rough, undated = (
        [meetings[key] for key in chosen.keys] for chosen in (choice.dated, choice.rough, choice.undated)
    )
    shown = _whole_months(found, today=today)
    more, more_rough = choice.dated.total - len(shown), choice.rough.total - len(rough[:ROUGH])
    return Coming(
        months=tuple(_months(shown, years, today=today, language=language)),
        later=_later_month(found[len(shown)], more, years, today, language) if more else None,
        rough=tuple(_periods(rough[:ROUGH], years, today=today, language=language)),
        later_rough=_later_year(rough[ROUGH], more_rough, years) if more_rough else None,
        undated=meeting_lines(
            sorted(undated, key=lambda one: (one.title, one.uid)), today=today, language=language
        ),
        more_undated=choice.undated.total - len(undated),
    )


def _month(meeting: Meeting, today: date) -> date:
    """Return the month it is told under: the one it begins in; this one for what began earlier."""
    return max(meeting.first_day or today, today).replace(day=1)


def _whole_months(found: Sequence[Meeting], *, today: date) -> Sequence[Meeting]:
    """Leave out the month that would be cut, unless it is the only one."""
    if len(found) <= COMING:
        return found
    cut = _month(found[-1], today)
    whole = [one for one in found if _month(one, today) < cut]
    return whole or found[:COMING]


def _months(meetings: Sequence[Meeting], years: YearRange, *, today: date, language: str) -> Iterator[Period]:
    for first, group in groupby(meetings, key=lambda one: _month(one, today)):
        yield Period(
            name=written_months(first, first, language=language),
            address=years.month_address(first.year, first.month),
            lines=meeting_lines(group, today=today, language=language),
        )


def _periods(
    meetings: Sequence[Meeting], years: YearRange, *, today: date, language: str
) -> Iterator[Period]:
    def name(meeting: Meeting) -> tuple[str, int]:
        when = meeting.when
        words = written_when(when.first, when.last, precision=when.precision, language=language)
        sentence = catalogue(language).gettext("%(period)s, month not known")
        return sentence % {"period": words[:1].upper() + words[1:]}, when.first.year if when.first else 0

    for (words, year), group in groupby(meetings, key=name):
        lines = meeting_lines(group, today=today, language=language)
        yield Period(words, years.year_address(year), lines)


def _later_month(meeting: Meeting, number: int, years: YearRange, today: date, language: str) -> Later:
    first = _month(meeting, today)
    name = written_months(first, first, language=language)
    return Later(number, name, years.month_address(first.year, first.month))


def _later_year(meeting: Meeting, number: int, years: YearRange) -> Later:
    year = meeting.first_day.year if meeting.first_day else years.last
    return Later(number, str(year), years.year_address(year))
