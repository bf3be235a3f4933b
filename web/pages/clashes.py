"""Clashes: meetings to come that overlap and share States, and a form to try a date before it is fixed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from calendar_feed.clash_reading import Noted, Taking, planned_stay, read_stays, read_taking
from calendar_feed.clashes import Clash, Stay, Tried, clashes_among, try_date
from models.own_words import words_in
from templates.countries import listed_territory_names
from templates.dates import written_days
from templates.languages import ENGLISH
from web.answer import page
from web.english import said
from web.language import language_of
from web.pages.clash_form import ClashForm, read_form
from web.pages.country_address import country_address
from web.pages.meeting_line import place_words
from web.pages.record_filters import by_mechanism
from web.surroundings import surroundings_of

MOST_SHOWN: Final = 100
"""How many clashes one page shows; a narrower window shows the rest."""


@dataclass(frozen=True, slots=True)
class StateLink:
    """A State and its page."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ClashingMeeting:
    """One meeting as it stands in a clash: its dates in words, the names of its mechanisms, its place."""

    title: str
    address: str
    dates: str
    mechanisms: tuple[str, ...]
    place: str | None


@dataclass(frozen=True, slots=True)
class ClashLine:
    """Two meetings, or one that a plan would hurt; `states` are wanted in both.

    `dates` are the days, in words, on which both go on. `unknown` are the names of the mechanisms
    whose States are not on record.
    """

    dates: str
    meetings: tuple[ClashingMeeting, ...]
    states: tuple[StateLink, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A week near a plan: its days in words, what it would hurt, and the address that tries it."""

    dates: str
    meetings: int
    states: int
    address: str


@dataclass(frozen=True, slots=True)
class TriedPage:
    """What became of a plan; `states` is the number of States hurt, `unknown` as in a clash."""

    dates: str
    lines: tuple[ClashLine, ...]
    states: int
    unknown: tuple[str, ...]
    weeks: tuple[WeekLine, ...]


@dataclass(frozen=True, slots=True)
class ClashPage:
    """The page; `tried` is None where no date was tried, `dates` is the window, `is_cut` when more clash."""

    tried: TriedPage | None
    dates: str
    lines: tuple[ClashLine, ...]
    is_cut: bool


def clashes(request: Request) -> Response:
    """Answer `/clashes`: `from` and `to` are the window, `first`, `last` and `mechanism` a date to try.

    What cannot be read is answered 422, with a sentence beside the field, over the coming twelve months.
    """
    around, language = surroundings_of(request), language_of(request)
    with around.database.reading() as session:
        names = by_mechanism(session, language=language).values
        form = read_form(request, today=around.today, mechanisms=names, language=language)
        view = read_clashes(session, form, names=names, today=around.today, language=language)
    return page(
        request,
        "clashes.html",
        status=422 if form.wrong else 200,
        distinct=(),
        form=form,
        mechanisms=names,
        shown=view,
    )


def read_clashes(
    session: Session, form: ClashForm, *, names: Mapping[str, str], today: date, language: str = ENGLISH
) -> ClashPage:
    """Return what a form asks for, in a fixed number of statements; `names` are those of mechanisms."""
    taking = read_taking(session)
    lines = _Lines(names, language)
    stays = read_stays(session, taking, since=form.since, until=form.until)
    found = list(islice(clashes_among(stays), MOST_SHOWN + 1))
    return ClashPage(
        tried=_tried(session, form, taking, stays, lines, today=today) if form.is_trying else None,
        dates=written_days(form.since, form.until, language=language),
        lines=tuple(lines.of_clash(clash) for clash in found[:MOST_SHOWN]),
        is_cut=len(found) > MOST_SHOWN,
    )


def _tried(
    session: Session, form: ClashForm, taking: Taking, stays: list[Stay], lines: "_Lines", *, today: date
) -> TriedPage:
    """Return what became of a plan; `stays` are those of the window, read already."""
    plan = planned_stay(form.first, form.last, mechanisms=form.mechanisms, taking=taking, country=None)
    since, until = plan.weeks_around()
    if not form.since <= since <= until <= form.until:
        stays = read_stays(session, taking, since=since, until=until)
    tried = try_date(plan, stays, today=today, by_days=True)
    return TriedPage(
        dates=written_days(plan.first, plan.last, language=lines.language),
        lines=tuple(lines.of_hurt(plan, one.stay, one.states) for one in tried.hurt),
        states=len(tried.states),
        unknown=lines.names_of(plan.unknown),
        weeks=_weeks(tried, form, lines),
    )


def _weeks(tried: Tried, form: ClashForm, lines: "_Lines") -> tuple[WeekLine, ...]:
    return tuple(
        WeekLine(
            dates=written_days(week.first, week.last, language=lines.language),
            meetings=week.meetings,
            states=week.states,
            address=form.address(first=week.first, last=week.last),
        )
        for week in tried.weeks
    )


@dataclass(frozen=True, slots=True)
class _Lines:
    """Makes lines, in a language, with the names of mechanisms by slug."""

    names: Mapping[str, str]
    language: str

    def of_clash(self, clash: Clash) -> ClashLine:
        both = (self._meeting(clash.one), self._meeting(clash.other))
        dates = self._both(clash.one, clash.other)
        return ClashLine(dates, both, self._states(clash.states), self.names_of(clash.unknown))

    def of_hurt(self, plan: Stay, stay: Stay, states: frozenset[str]) -> ClashLine:
        dates = self._both(plan, stay)
        return ClashLine(dates, (self._meeting(stay),), self._states(states), self.names_of(stay.unknown))

    def names_of(self, slugs: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.names[slug] for slug in slugs)

    def _both(self, one: Stay, other: Stay) -> str:
        first, last = max(one.first, other.first), min(one.last, other.last)
        # Far apart, one day may end while the next has begun.
        return written_days(min(first, last), max(first, last), language=self.language)

    def _meeting(self, stay: Stay) -> ClashingMeeting:
        meeting: Noted = stay.meeting
        title = words_in(meeting.title, meeting.title_in, language=self.language)
        return ClashingMeeting(
            title=said(title, language=self.language),
            address=f"/meetings/{meeting.slug}",
            dates=written_days(stay.first, stay.last, language=self.language),
            mechanisms=self.names_of(meeting.mechanisms),
            place=place_words(
                city=meeting.city, country=meeting.country, mode=meeting.mode, language=self.language
            ),
        )

    def _states(self, codes: frozenset[str]) -> tuple[StateLink, ...]:
        named = listed_territory_names(self.language)
        found = [StateLink(named.get(code, code), country_address(code)) for code in codes]
        return tuple(sorted(found, key=lambda one: one.name.casefold()))
