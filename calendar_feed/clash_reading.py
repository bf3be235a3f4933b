"""From the record to the stays of which clashes are found: when meetings are, and which States take part."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from calendar_feed.clashes import Stay
from calendar_feed.facts import WORLD
from calendar_feed.importing.zone_names import zones_of
from models.base import InLanguages
from models.mechanism import Mechanism
from models.meeting import Meeting, MeetingMechanism, MeetingStatus, Mode, Visibility
from models.state import Participant, Participation
from models.when import Precision, When
from templates.states import state_codes

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
# A local day begins up to 14 hours before that of UTC and ends up to 12 hours after it.
_MARGIN = timedelta(days=2)

_TAKES_NO_TIME = frozenset({MeetingStatus.CANCELLED, MeetingStatus.POSTPONED})
_DATED = frozenset({Precision.MOMENT, Precision.DAY})


@dataclass(frozen=True, slots=True)
class Noted:
    """What is told of a meeting that clashes; `mechanisms` are slugs in stored order."""

    uid: str
    slug: str
    title: str
    title_in: InLanguages
    kind: str
    status: MeetingStatus
    when: When
    mode: Mode | None
    city: str | None
    country: str | None
    mechanisms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taking:
    """Which States take part in each mechanism, as members or observers, by its slug."""

    states: Mapping[str, frozenset[str]]

    def of(self, mechanisms: Iterable[str]) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return the States of some mechanisms together, and those of them whose States are not on record."""
        slugs = tuple(mechanisms)
        known = [self.states.get(slug, frozenset()) for slug in slugs]
        unknown = tuple(slug for slug, states in zip(slugs, known, strict=True) if not states)
        return frozenset().union(*known), unknown


def read_taking(session: Session) -> Taking:
    """Return who takes part in what, in three statements; a mechanism of the world is open to every State."""
    all_states = frozenset(state_codes())
    open_to_all = set(session.scalars(select(Mechanism.slug).where(Mechanism.regions.any(slug=WORLD))))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for slug in session.scalars(select(Mechanism.slug)):
        found[slug] = set(all_states) if slug in open_to_all else set()
    rows = session.execute(
        select(Mechanism.slug, Participant.code)
        .select_from(Participation)
        .join(Mechanism, Mechanism.id == Participation.mechanism_id)
        .join(Participant, Participant.id == Participation.participant_id)
        .where(Participant.code.is_not(None))
    )
    for slug, code in rows:
        found[slug].add(str(code))
    return Taking({slug: frozenset(codes) for slug, codes in found.items()})


def read_stays(
    session: Session,
    taking: Taking,
    *,
    since: date | None = None,
    until: date | None = None,
    with_hidden: bool = False,
) -> list[Stay]:
    """Return the stays of the meetings that touch the days from `since` to `until` (UTC), in two statements.

    Meetings that were cancelled or postponed without a new date take no time, and one of which only the month
    or less is known none that could be told.
    """
    closing = func.coalesce(Meeting.last_day, Meeting.first_day)
    wanted: list[ColumnElement[bool]] = [Meeting.precision.in_(_DATED), Meeting.status.not_in(_TAKES_NO_TIME)]
    wanted += [] if with_hidden else [Meeting.visibility == Visibility.PUBLIC]
    wanted += [closing >= since - _MARGIN] if since else []
    wanted += [Meeting.first_day <= until + _MARGIN] if until else []
    mechanisms: defaultdict[int, list[str]] = defaultdict(list)
    places = (
        select(MeetingMechanism.meeting_id, Mechanism.slug)
        .join(Mechanism, Mechanism.id == MeetingMechanism.mechanism_id)
        .join(Meeting, Meeting.id == MeetingMechanism.meeting_id)
        .where(*wanted)
        .order_by(MeetingMechanism.meeting_id, MeetingMechanism.position)
    )
    for meeting_id, slug in session.execute(places):
        mechanisms[meeting_id].append(slug)
    columns = (
        Meeting.uid, Meeting.slug, Meeting.title, Meeting.title_in, Meeting.kind, Meeting.status,
        Meeting.when, Meeting.mode, Meeting.city, Meeting.country,
    )  # fmt: skip
    together: dict[tuple[str, ...], tuple[frozenset[str], tuple[str, ...]]] = {}
    stays = []
    for row in session.execute(select(Meeting.id, *columns).where(*wanted)):
        slugs = tuple(mechanisms[row[0]])
        if slugs not in together:
            together[slugs] = taking.of(slugs)
        stay = _stay(Noted(*row[1:], mechanisms=slugs), *together[slugs])
        if (not since or stay.end > _utc(since)) and (not until or stay.start < _utc(until + _DAY)):
            stays.append(stay)
    return stays


def planned_stay(
    first: date, last: date, *, mechanisms: Iterable[str], taking: Taking, country: str | None
) -> Stay:
    """Return the stay of a meeting that is only planned: whole days of its country, else of UTC."""
    states, unknown = taking.of(mechanisms)
    start, end = span_of(When.days(first, last), country=country)
    return Stay("", start, end, first, last, states, unknown)


def span_of(when: When, *, country: str | None) -> tuple[datetime, datetime]:
    """Return from which instant up to which a dated meeting goes on, in UTC.

    Whole days are those of its country: from the first midnight at which the first day begins anywhere in it
    to the last at which the last one ends. Where the country is not known they are those of UTC. An end that
    is not stated is that of the first day.
    """
    assert when.first is not None  # noqa: S101 - what is dated has a first day; this tells the type checker
    last = when.last or when.first
    start, end = when.start_instant, when.end_instant
    if start is None:
        return _midnights(country, when.first)[0], _midnights(country, last + _DAY)[1]
    if end is None:
        end = _midnight(str(when.zone), last + _DAY)
    # A clock that is put forward in between may leave nothing of half an hour.
    return start, max(end, start + _MINUTE)


def _stay(meeting: Noted, states: frozenset[str], unknown: tuple[str, ...]) -> Stay:
    start, end = span_of(meeting.when, country=meeting.country)
    first = meeting.when.first or start.date()
    last = meeting.when.last or first
    return Stay(meeting.uid, start, end, first, last, states, unknown, meeting)


@lru_cache(maxsize=20_000)
def _midnights(country: str | None, day: date) -> tuple[datetime, datetime]:
    """Return the first and the last instant at which a day begins in a country."""
    begun = [datetime.combine(day, time(), zone).astimezone(UTC) for zone in _zones(country)]
    return min(begun), max(begun)


@cache
def _zones(country: str | None) -> tuple[ZoneInfo, ...]:
    # Python itself keeps the last eight zones only, and some countries have thirty.
    return tuple(ZoneInfo(zone) for zone in (zones_of(country) if country else ()) or ("UTC",))


def _midnight(zone: str, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _utc(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
