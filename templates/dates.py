"""Dates in words: spans with a proper dash, months, quarters, years, hours with their zone, and date tiles.

Everything here is a pure function of plain dates. English patterns are written out below, since calendar
feeds carry them and their bytes must not follow a new release of CLDR; so are French ones, since CLDR
abbreviates the months of a span and does not know "1er". Other languages are left to babel.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, format_skeleton, get_month_names, get_quarter_names

from templates.languages import ENGLISH, catalogue, locale_of

DASH: Final = "–"
WIDE_DASH: Final = " – "

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_FRENCH_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_WRITTEN_OUT: Final = {ENGLISH: _MONTHS, "fr": _FRENCH_MONTHS}
_SHORT_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec",
)  # fmt: skip
_MONTHS_IN_A_QUARTER: Final = 3


@dataclass(frozen=True, slots=True)
class DateTile:
    """The date of a meeting as it stands in a tile: days above the month above the year.

    `days` is empty when the day is not known; `datetime` is the value of HTML's `time` element, as exact as
    is known; `words` is the whole date for a screen reader and for plain text.
    """

    days: str
    month: str
    year: str
    datetime: str
    words: str


def written_date(day: date, *, language: str = ENGLISH) -> str:
    """Return one day in words: `23 January 2017`."""
    return written_days(day, day, language=language)


def written_days(first: date, last: date, *, language: str = ENGLISH) -> str:
    """Return the days from `first` to `last` in words, both included, the year always given.

    `23–24 January 2017`, `28 February – 2 March 2017`, `30 December 2016 – 2 January 2017`.
    """
    months = _WRITTEN_OUT.get(language)
    if months is None:
        locale = locale_of(language)
        if first == last:
            return format_date(first, format="long", locale=locale)
        return format_interval(first, last, skeleton="yMMMMd", locale=locale)
    start, end = (_numbered(day, language=language) for day in (first, last))
    end = f"{end} {months[last.month - 1]} {last.year}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{start} {months[first.month - 1]} {first.year}{WIDE_DASH}{end}"
    if first.month != last.month:
        return f"{start} {months[first.month - 1]}{WIDE_DASH}{end}"
    return f"{start}{DASH}{end}"


def _numbered(day: date, *, language: str) -> str:
    """Return the number of a day as it is said before its month; French counts only the first of a month."""
    return "1er" if language == "fr" and day.day == 1 else str(day.day)


def written_days_in_short(first: date, last: date, *, language: str = ENGLISH) -> str:
    """Return the days as they stand under the name of their month: `8`, `8–10`, `28 June – 2 July`.

    A year is never given: what the days stand under names it.
    """
    if (first.year, first.month) == (last.year, last.month):
        return str(first.day) if first == last else f"{first.day}{DASH}{last.day}"
    if language != ENGLISH:
        return format_interval(first, last, skeleton="MMMd", locale=locale_of(language))
    names = (month_name(day.month, short=True) for day in (first, last))
    return WIDE_DASH.join(f"{day.day} {name}" for day, name in zip((first, last), names, strict=True))


def written_months(first: date, last: date, *, language: str = ENGLISH) -> str:
    """Return the months that hold `first` and `last` in words: `September 2017`, `May–June 2018`."""
    one = (first.year, first.month) == (last.year, last.month)
    if language != ENGLISH:
        locale = locale_of(language)
        if one:
            return format_skeleton("yMMMM", first, locale=locale)
        return format_interval(first, last, skeleton="yMMMM", locale=locale)
    end = f"{_MONTHS[last.month - 1]} {last.year}"
    if one:
        return end
    if first.year == last.year:
        return f"{_MONTHS[first.month - 1]}{DASH}{end}"
    return f"{_MONTHS[first.month - 1]} {first.year}{WIDE_DASH}{end}"


def written_quarter(day: date, *, language: str = ENGLISH) -> str:
    """Return the quarter that holds `day` in words: `third quarter of 2027`."""
    sentence = catalogue(language).gettext
    quarters = (
        sentence("first quarter of %(year)s"),
        sentence("second quarter of %(year)s"),
        sentence("third quarter of %(year)s"),
        sentence("fourth quarter of %(year)s"),
    )
    return quarters[(day.month - 1) // _MONTHS_IN_A_QUARTER] % {"year": day.year}


def written_when(first: date | None, last: date | None, *, precision: str, language: str = ENGLISH) -> str:
    """Return in words when something is, no more exactly than is known.

    `precision` is one of the record's words: moment, day, month, quarter, year, unknown. `last` may be None,
    and then only the beginning is written. A `first` of None means that nothing is known.
    """
    if first is None or precision == "unknown":
        return catalogue(language).gettext("date to be announced")
    end = last or first
    match precision:
        case "month":
            return written_months(first, end, language=language)
        case "quarter":
            return written_quarter(first, language=language)
        case "year":
            return str(first.year)
        case _:
            return written_days(first, end, language=language)


def written_hours(start: datetime, end: datetime | None) -> str:
    """Return the hours on the wall clock of the two times, on 24 hours: `09:30–17:00`, or `09:30` alone."""
    if end is None or end == start:
        return f"{start:%H:%M}"
    return f"{start:%H:%M}{DASH}{end:%H:%M}"


def written_zone(zone: str, *, language: str = ENGLISH) -> str:
    """Return the name people give the clock of an IANA zone: `Brussels time`; `UTC` stays as it is."""
    if zone in {"UTC", "Etc/UTC", "Etc/GMT", "GMT"}:
        return "UTC"
    if zone.startswith("Etc/"):
        # The names of these zones count westwards: Etc/GMT-3 is three hours ahead of UTC.
        return zone.removeprefix("Etc/").replace("GMT", "UTC").translate(str.maketrans("+-", "-+"))
    kept = locale_of(language).time_zones.get(zone, {}) if language != ENGLISH else {}
    city = kept.get("city") or zone.rpartition("/")[2].replace("_", " ")
    return catalogue(language).gettext("%(city)s time") % {"city": city}


def written_moment(moment: datetime, *, zone: str, language: str = ENGLISH) -> str:
    """Return an aware time as the clock of `zone` shows it: `14 December 2026, 09:00 Zurich time`."""
    local = moment.astimezone(ZoneInfo(zone))
    day = written_date(local.date(), language=language)
    return f"{day}, {local:%H:%M} {written_zone(zone, language=language)}"


def written_utc_hours(start: datetime, end: datetime | None, *, language: str = ENGLISH) -> str:
    """Return the hours of two aware times in UTC: `08:30–16:00 UTC`, with the date when it is another one."""
    first = start.astimezone(UTC)
    last = end.astimezone(UTC) if end is not None else None
    sentence = catalogue(language).gettext
    said = {"hours": written_hours(first, last), "date": written_date(first.date(), language=language)}
    is_same_day = first.date() == start.date()
    return (sentence("%(hours)s UTC") if is_same_day else sentence("%(hours)s UTC, %(date)s")) % said


def month_name(month: int, *, language: str = ENGLISH, short: bool = False) -> str:
    """Return the name of a month, 1 to 12, as it stands alone in a heading or a tile."""
    if language == ENGLISH:
        return (_SHORT_MONTHS if short else _MONTHS)[month - 1]
    names = get_month_names(
        "abbreviated" if short else "wide", context="stand-alone", locale=locale_of(language)
    )
    return str(names[month])


def date_tile(first: date | None, last: date | None, *, precision: str, language: str = ENGLISH) -> DateTile:
    """Return the tile of a meeting; arguments as in `written_when`.

    A span inside a month stands as `23–24` over the month; one across months as `28–2` over `Feb – Mar`. A
    meeting of which only the month is known has no days, and its words say so to who cannot see the gap.
    """
    words = written_when(first, last, precision=precision, language=language)
    sentence = catalogue(language).gettext
    if first is None or precision == "unknown":
        return DateTile(days="", month=sentence("Date open"), year="", datetime="", words=words)
    end = last or first
    years = str(first.year) if first.year == end.year else f"{first.year}{DASH}{end.year % 100:02}"
    if precision == "year":
        return DateTile(
            days="", month=sentence("Month open"), year=years, datetime=str(first.year), words=words
        )
    if precision == "quarter":
        quarter = (first.month - 1) // _MONTHS_IN_A_QUARTER + 1
        short = f"Q{quarter}"
        if language != ENGLISH:
            short = str(get_quarter_names("abbreviated", locale=locale_of(language))[quarter])
        return DateTile(days="", month=short, year=years, datetime=str(first.year), words=words)
    one_month = (first.year, first.month) == (end.year, end.month)
    month = month_name(first.month, language=language, short=not one_month)
    if not one_month:
        month = f"{month}{WIDE_DASH}{month_name(end.month, language=language, short=True)}"
    if precision == "month":
        said = sentence("%(month)s, day not known") % {"month": words}
        return DateTile(days="", month=month, year=years, datetime=f"{first:%Y-%m}", words=said)
    days = str(first.day) if first == end else f"{first.day}{DASH}{end.day}"
    return DateTile(days=days, month=month, year=years, datetime=first.isoformat(), words=words)
