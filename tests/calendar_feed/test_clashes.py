"""Clashes: the sweep finds what the definition says, in every zone; a plan is told whom it hurts."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendar_feed.clash_reading import planned_stay, read_stays, read_taking, span_of
from calendar_feed.clashes import Stay, clashes_among, is_clash, try_date
from models import Database
from models.meeting import MeetingStatus, Visibility
from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from models.vocabulary import Region
from models.when import When
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import statements

# Clocks that are put forward and back, on either side of the date line, by half an hour, or not at all.
ZONES = st.sampled_from(
    ["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Kiritimati",
     "Pacific/Pago_Pago", "Asia/Kathmandu", "UTC"]
)  # fmt: skip
COUNTRIES = st.sampled_from(["BE", "US", "AU", "MA", "KI", "AS", "NP", "RU", None])
DAYS = st.dates(date(2027, 3, 24), date(2027, 4, 8)) | st.dates(date(2027, 10, 24), date(2027, 11, 3))
STATES = st.frozensets(st.sampled_from("ABCDE"), max_size=3)


@st.composite
def _stays(draw: st.DrawFn) -> list[Stay]:
    found = []
    for number in range(draw(st.integers(0, 14))):
        first, length = draw(DAYS), timedelta(days=draw(st.integers(0, 3)))
        country = None
        if draw(st.booleans()):
            country = draw(COUNTRIES)
            when = When.days(first, first + length if draw(st.booleans()) else None)
        else:
            start = datetime.combine(first, draw(st.times())).replace(second=0, microsecond=0)
            end = start + length + timedelta(minutes=draw(st.integers(1, 600)))
            when = When(
                When.days(first, None).precision.MOMENT, start.date(), end.date(),
                start.time(), end.time(), draw(ZONES),
            )  # fmt: skip
        unknown = ("x",) if draw(st.integers(0, 5)) == 0 else ()
        span = span_of(when, country=country)
        found.append(Stay(f"{number:02}", *span, first, when.last or first, draw(STATES), unknown))
    return found


@given(stays=_stays())
@settings(max_examples=300)
def test_sweep_finds_exactly_what_the_definition_says(stays: list[Stay]) -> None:
    """All pairs, compared one by one, across zones and changes of clocks; each once, in order."""
    naive = {
        (one.key, other.key): one.states & other.states
        for number, one in enumerate(stays)
        for other in stays[number + 1 :]
        if is_clash(one, other)
    }
    found = list(clashes_among(stays))
    assert {tuple(sorted((clash.one.key, clash.other.key))): clash.states for clash in found} == naive
    assert len(found) == len(naive)
    assert [clash.start for clash in found] == sorted(clash.start for clash in found)
    assert all(clash.one.start <= clash.other.start and clash.start < clash.end for clash in found)


@given(stays=_stays(), plan=_stays(), today=DAYS)
@settings(max_examples=100)
def test_plan_hurts_exactly_those_it_overlaps(stays: list[Stay], plan: list[Stay], today: date) -> None:
    """By instants as a stay would; no week before today, and none that is worse than one left out."""
    for one in plan[:1]:
        tried = try_date(one, stays, today=today, by_days=False)
        assert {hurt.stay.key for hurt in tried.hurt} == {stay.key for stay in stays if is_clash(one, stay)}
        assert tried.states == frozenset().union(*(hurt.states for hurt in tried.hurt))
        for week in tried.weeks:
            shift = week.first - one.first
            assert week.first >= today
            assert shift % timedelta(weeks=1) == timedelta(0)
            moved = [
                one.states & stay.states
                for stay in stays
                if one.start + shift < stay.end and stay.start < one.end + shift
            ]
            assert week.states == len(frozenset().union(*moved))


@pytest.mark.parametrize(
    ("when", "country", "start", "end"),
    [
        (When.days(date(2027, 6, 8), date(2027, 6, 10)), "ZM", "2027-06-07 22:00", "2027-06-10 22:00"),
        # The country has many clocks: from the first that shows the day to the last that leaves it.
        (When.days(date(2027, 6, 8), None), "US", "2027-06-08 04:00", "2027-06-09 10:00"),
        (When.days(date(2027, 6, 8), None), None, "2027-06-08 00:00", "2027-06-09 00:00"),
        # The clock is put forward on the second night, so that the days are an hour shorter.
        (When.days(date(2027, 3, 27), date(2027, 3, 28)), "BE", "2027-03-26 23:00", "2027-03-28 22:00"),
        (
            When.parse("2027-06-08 09:30", "2027-06-08 17:00", "America/Bogota"),
            "CO", "2027-06-08 14:30", "2027-06-08 22:00",
        ),
        (When.parse("2027-06-08 09:30", None, "Asia/Tokyo"), "JP", "2027-06-08 00:30", "2027-06-08 15:00"),
    ],
)  # fmt: skip
def test_span_is_that_of_the_clock_at_the_place(
    when: When, country: str | None, start: str, end: str
) -> None:
    """Hours in their zone, days as the country has them, an end that is not stated as that of the day."""
    expected = tuple(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end))
    assert span_of(when, country=country) == expected


def test_neighbouring_days_far_apart_overlap_and_near_ones_do_not() -> None:
    """The eighth in Honolulu still goes on when the ninth has begun in Tokyo; in Brussels it is over."""

    def stay(key: str, zone: str, day: int) -> Stay:
        start = datetime(2027, 6, day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        first = date(2027, 6, day)
        return Stay(key, start, start + timedelta(days=1), first, first, frozenset("A"))

    far = [stay("a", "Pacific/Honolulu", 8), stay("b", "Asia/Tokyo", 9)]
    near = [stay("a", "Europe/Brussels", 8), stay("b", "Europe/Paris", 9)]
    assert [len(list(clashes_among(stays))) for stays in (far, near)] == [1, 0]


def _fill(database: Database) -> None:
    with database.writing() as session:
        states = {
            code: Participant(kind=ParticipantKind.STATE, code=code, name=code) for code in ("ZM", "ZW", "PE")
        }
        session.add_all(states.values())
        session.flush()
        world = Region(slug="global", name="World", position=1)
        of = {
            "midsa": "ZM ZW",
            "lima-process": "PE ZM",
            "quito-process": "PE",
            "silent-process": "",
            "forum": "",
        }
        made = {slug: a_mechanism(session, slug) for slug in of}
        made["forum"].regions.append(world)
        for slug, codes in of.items():
            for number, code in enumerate(codes.split()):
                role = list(ParticipantRole)[number % 2]
                made[slug].participations.append(Participation(participant=states[code], role=role))
        june = When.days(date(2027, 6, 8), date(2027, 6, 10))
        a_meeting(session, made["midsa"], slug="a-midsa", when=june, country="ZM")
        a_meeting(
            session,
            made["lima-process"],
            slug="b-lima",
            when=When.days(date(2027, 6, 10), None),
            country="PE",
        )
        a_meeting(session, made["quito-process"], slug="c-quito", when=june, country="EC")
        a_meeting(session, made["silent-process"], slug="d-silent", when=When.days(date(2027, 8, 1), None))
        a_meeting(session, made["midsa"], slug="e-midsa", when=When.days(date(2027, 8, 1), None))
        a_meeting(session, made["forum"], slug="f-forum", when=When.days(date(2027, 9, 1), None))
        a_meeting(session, made["quito-process"], slug="g-quito", when=When.days(date(2027, 9, 1), None))
        for number, status in enumerate((MeetingStatus.CANCELLED, MeetingStatus.POSTPONED)):
            a_meeting(session, made["midsa"], slug=f"x-{number}", when=june, status=status)
        a_meeting(session, made["midsa"], slug="x-month", when=When.month(2027, 6))
        a_meeting(session, made["midsa"], slug="x-hidden", when=june, visibility=Visibility.HIDDEN)


def _pairs(stays: list[Stay]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [
        (clash.one.meeting.slug, clash.other.meeting.slug, " ".join(sorted(clash.states)), clash.unknown)
        for clash in clashes_among(stays)
    ]


def test_clashes_of_the_record(database: Database) -> None:
    """Members and observers count; cancelled, postponed, hidden meetings and bare months do not."""
    _fill(database)
    with database.reading() as session:
        taking = read_taking(session)
        stays = read_stays(session, taking, since=date(2027, 1, 1), until=date(2027, 12, 31))
        with_hidden = read_stays(
            session, taking, since=date(2027, 6, 9), until=date(2027, 6, 9), with_hidden=True
        )
        assert read_stays(session, taking, since=date(2027, 6, 12), until=date(2027, 7, 28)) == []
    assert _pairs(stays) == [
        ("a-midsa", "b-lima", "ZM", ()),
        ("c-quito", "b-lima", "PE", ()),
        ("d-silent", "e-midsa", "", ("silent-process",)),
        ("f-forum", "g-quito", "PE", ()),
    ]
    assert {stay.meeting.slug for stay in with_hidden} == {"a-midsa", "c-quito", "x-hidden"}


def test_plan_without_a_place_is_compared_by_days(sqlite_database: Database) -> None:
    """The day before and the day after are free, wherever the other meeting is."""
    _fill(sqlite_database)
    with sqlite_database.reading() as session:
        taking = read_taking(session)
        stays = read_stays(session, taking)
    for day, hurt in ((7, []), (8, ["a-midsa"]), (11, [])):
        when = date(2027, 6, day)
        plan = planned_stay(when, when, mechanisms=["midsa"], taking=taking, country=None)
        tried = try_date(plan, stays, today=date(2027, 1, 1), by_days=True)
        assert [one.stay.meeting.slug for one in tried.hurt] == hurt
    assert {week.states for week in tried.weeks} == {0}
    silent = planned_stay(when, when, mechanisms=["silent-process"], taking=taking, country=None)
    assert silent.unknown == ("silent-process",)


def test_reading_takes_as_many_statements_for_many_as_for_one(sqlite_database: Database) -> None:
    """Five in all, whatever the record holds."""
    numbers = []
    for rows in (1, 300):
        with sqlite_database.writing() as session:
            lima = a_mechanism(session, f"lima-{rows}")
            for number in range(rows):
                a_meeting(session, lima, slug=f"m-{rows}-{number}")
        with statements(sqlite_database) as sent, sqlite_database.reading() as session:
            list(read_stays(session, read_taking(session)))
        numbers.append(sum("SELECT" in one for one in sent))
    assert numbers == [5, 5]


def test_sweep_of_ten_thousand_is_no_square() -> None:
    """Ten thousand meetings of forty mechanisms over ten years in a small part of a second."""
    groups = [frozenset(f"{group:02}{number}" for number in range(20)) for group in range(40)]
    start = datetime(2027, 1, 1, tzinfo=UTC)
    stays = []
    for number in range(10_000):
        begin = start + timedelta(hours=number * 8)
        stays.append(
            Stay(
                str(number), begin, begin + timedelta(days=3), begin.date(), begin.date(), groups[number % 40]
            )
        )
    began = time.process_time()
    assert sum(1 for _ in clashes_among(stays)) == 0
    assert time.process_time() - began < 0.5
