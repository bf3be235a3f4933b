"""The form of the page of clashes: a window to look at, and a date to try."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request

from templates.languages import ENGLISH, catalogue

LONGEST_WINDOW: Final = timedelta(days=366)
LONGEST_PLAN: Final = timedelta(days=60)
MOST_MECHANISMS: Final = 10

_YEARS: Final = range(1900, 2200)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class ClashForm:
    """What a request asks for, as far as it can be read; `wrong` has a sentence for each field that cannot.

    `since` to `until` is the window. `first` to `last` are the days to try, for a meeting of `mechanisms`
    (slugs); nothing is tried while one of them is missing. `written` is what stands in the fields.
    """

    since: date
    until: date
    first: date
    last: date
    mechanisms: tuple[str, ...]
    is_trying: bool
    written: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    def address(self, *, first: date, last: date) -> str:
        """Return the address that tries other days for the same mechanisms."""
        days = [("first", first.isoformat()), ("last", last.isoformat())]
        return f"/clashes?{urlencode([*days, *(('mechanism', slug) for slug in self.mechanisms)])}"


def read_form(
    request: Request, *, today: date, mechanisms: Collection[str], language: str = ENGLISH
) -> ClashForm:
    """Read what a request asks for; `mechanisms` are the slugs there are."""
    asked = _Asked(request, language)
    since, until = asked.span("from", "to", longest=LONGEST_WINDOW)
    if since is None or "from" in asked.wrong or "to" in asked.wrong:
        since, until = today, None
    first, last = asked.span("first", "last", longest=LONGEST_PLAN)
    chosen = asked.mechanisms(mechanisms)
    wants = bool(first or chosen)
    if wants and not asked.wrong:
        asked.require(first is not None, "first", asked.sentence("Say which day is to be tried."))
        asked.require(bool(chosen), "mechanism", asked.sentence("Say whose meeting is planned."))
    return ClashForm(
        since=since,
        until=until or since + LONGEST_WINDOW,
        first=first or today,
        last=last or first or today,
        mechanisms=chosen,
        is_trying=wants and not asked.wrong,
        written=asked.written,
        wrong=asked.wrong,
    )


class _Asked:
    """A request's query, read field by field."""

    def __init__(self, request: Request, language: str) -> None:
        self._query = request.query_params
        self.sentence = catalogue(language).gettext
        self.written = {name: self._query.get(name, "")[:40] for name in ("from", "to", "first", "last")}
        self.wrong: dict[str, str] = {}

    def span(self, start: str, end: str, *, longest: timedelta) -> tuple[date | None, date | None]:
        """Return two days; what is wrong with them is noted."""
        first, last = self._day(start), self._day(end)
        if first is None and last is not None and start not in self.wrong:
            self.wrong[start] = self.sentence("Give the first day too.")
        if first is None or last is None:
            return first, last
        if last < first:
            self.wrong[end] = self.sentence("The last day lies before the first.")
        elif last - first > longest:
            words = self.sentence("At most %(number)s days can be looked at in one go.")
            self.wrong[end] = words % {"number": longest.days}
        return first, last

    def mechanisms(self, known: Collection[str]) -> tuple[str, ...]:
        """Return the mechanisms that are asked for, each once."""
        given = list(dict.fromkeys(slug for slug in self._query.getlist("mechanism") if slug))
        found = tuple(slug for slug in given if slug in known)
        if len(found) < len(given):
            self.wrong["mechanism"] = self.sentence("One of these mechanisms is not on record.")
        elif len(found) > MOST_MECHANISMS:
            words = self.sentence("Choose at most %(number)s mechanisms.")
            self.wrong["mechanism"] = words % {"number": MOST_MECHANISMS}
        return found[:MOST_MECHANISMS]

    def require(self, holds: bool, name: str, sentence: str) -> None:  # noqa: FBT001 - what is required
        """Note what is wrong with a field unless something holds."""
        if not holds:
            self.wrong[name] = sentence

    def _day(self, name: str) -> date | None:
        text = self._query.get(name, "").strip()
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or day.year not in _YEARS:
            self.wrong[name] = self.sentence("Write the day like 2027-06-08.")
            return None
        return day
