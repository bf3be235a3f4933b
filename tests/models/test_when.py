"""A When says when a meeting takes place, as exactly as it is known and no more."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, event, example, given, reject
from hypothesis import strategies as st

from models.refusal import Refusal
from models.when import EndBeforeStart, ImpossibleDate, Precision, WallTimeMissing, When
from models.zone import UnknownZone

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))
minutes = st.datetimes(
    min_value=datetime.fromisoformat("1950-01-01"), max_value=datetime.fromisoformat("2199-12-30")
).map(lambda moment: moment.replace(second=0, microsecond=0))
lengths = st.integers(min_value=1, max_value=20_000).map(lambda number: timedelta(minutes=number))


@st.composite
def whens(draw: st.DrawFn) -> When:
    """Any time that can be: every precision, with a stated end and without."""
    precision = draw(st.sampled_from(Precision))
    first = draw(days)
    last = draw(st.none() | st.integers(0, 400).map(lambda number: min(first + timedelta(number), date.max)))
    match precision:
        case Precision.UNKNOWN:
            return When.unknown()
        case Precision.YEAR:
            return When.year(first.year)
        case Precision.QUARTER:
            return When.quarter(first.year, draw(st.integers(1, 4)))
        case Precision.MONTH:
            assume(last is None or last.year < 2200)
            return When.month(
                first.year, first.month, last.year if last else None, last.month if last else None
            )
        case Precision.DAY:
            assume(last is None or last.year < 2200)
            return When.days(first, last)
        case _:
            start = draw(minutes)
            end = draw(st.none() | lengths.map(lambda length: start + length))
            try:
                return When.moments(start, end, draw(st.sampled_from(ZONES)))
            except (WallTimeMissing, EndBeforeStart):
                # The clock skips this hour, or jumps back over so short a meeting.
                reject()


@given(whens())
def test_when_is_read_back_from_what_it_wrote(when: When) -> None:
    """parse() undoes start_text and end_text, and from_json() undoes as_json(), for every time."""
    assert When.parse(when.start_text or "unknown", when.end_text, when.zone) == when
    assert When.from_json(when.as_json()) == when


@given(minutes, st.sampled_from(ZONES))
@example(datetime.fromisoformat("2026-03-29T02:30"), "Europe/Zurich")
@example(datetime.fromisoformat("2026-10-25T02:30"), "Europe/Zurich")
@example(datetime.fromisoformat("2026-10-04T02:15"), "Australia/Lord_Howe")
@example(datetime.fromisoformat("2011-12-30T12:00"), "Pacific/Apia")
def test_moment_keeps_its_wall_clock_in_every_zone(wall: datetime, zone: str) -> None:
    """Whatever the zone does on that day, the hour that was written is the hour seen there, or is refused."""
    try:
        when = When.moments(wall, None, zone)
    except WallTimeMissing:
        shown = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
        assert shown.replace(tzinfo=None) != wall
        return
    assert when.start_instant is not None
    assert when.start_instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall


def test_hour_that_comes_twice_means_the_first_one() -> None:
    """02:30 on the night the clocks go back is summer time: half past midnight in UTC."""
    when = When.moments(datetime.fromisoformat("2026-10-25T02:30"), None, "Europe/Zurich")
    assert when.start_instant == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "zone", "refusal", "sentence"),
    [
        (
            "2027-02-30",
            None,
            None,
            ImpossibleDate,
            "“2027-02-30” is not a date that exists (day is out of range for month).",
        ),
        (
            "2027-13",
            None,
            None,
            ImpossibleDate,
            "“2027-13” is not a date that exists (month must be in 1..12).",
        ),
        (
            "2027-06-08 25:00",
            None,
            "UTC",
            ImpossibleDate,
            "“2027-06-08 25:00” is not a date that exists (hour must be in 0..23).",
        ),
        (
            "8 June 2027",
            None,
            None,
            ImpossibleDate,
            (
                "“8 June 2027” is not a date this program reads. "
                "Write 2027-06-08, “2027-06-08 09:30”, 2027-06, 2027-Q2, 2027 or unknown."
            ),
        ),
        (
            "1027-06-08",
            None,
            None,
            ImpossibleDate,
            "“1027-06-08” lies outside the years 1900 to 2199; check the year.",
        ),
        (
            "2027-06-10",
            "2027-06-08",
            None,
            EndBeforeStart,
            "The end (2027-06-08) lies before the start (2027-06-10); give them in order.",
        ),
        (
            "2027-06",
            "2027-05",
            None,
            EndBeforeStart,
            "The end (2027-05-31) lies before the start (2027-06-01); give them in order.",
        ),
        (
            "2027-06-08 10:00",
            "2027-06-08 09:00",
            "UTC",
            EndBeforeStart,
            "The end (2027-06-08T09:00) does not lie after the start (2027-06-08T10:00).",
        ),
        (
            "2027-06-08 10:00",
            "2027-06-08 10:00",
            "UTC",
            EndBeforeStart,
            "The end (2027-06-08T10:00) does not lie after the start (2027-06-08T10:00).",
        ),
        (
            "2027-06-08",
            "2027-06",
            None,
            ImpossibleDate,
            "Start “2027-06-08” and end “2027-06” must be written alike, both as days.",
        ),
        (
            "2027-Q2",
            "2027-Q3",
            None,
            ImpossibleDate,
            "A quarter or a year stands alone: leave out the end “2027-Q3”, or give months.",
        ),
        (
            "2027-06-08 09:30",
            None,
            None,
            UnknownZone,
            "“2027-06-08 09:30” has an hour, so its zone is needed too, like Europe/Zurich.",
        ),
        (
            "2027-06-08 09:30",
            None,
            "Zurich",
            UnknownZone,
            "“Zurich” is not a zone of the IANA database. Did you mean: Europe/Zurich?",
        ),
        (
            "2027-06-08",
            None,
            "Mars/Phobos",
            UnknownZone,
            "“Mars/Phobos” is not a zone of the IANA database. Write it like Europe/Zurich or Africa/Lusaka.",
        ),
        (
            "2026-03-29 02:30",
            None,
            "Europe/Zurich",
            WallTimeMissing,
            (
                "02:30 on 2026-03-29 does not exist in Europe/Zurich: the clocks are put forward then. Give "
                "an hour before or after."
            ),
        ),
    ],
)
def test_impossible_time_is_refused_with_a_sentence(
    start: str, end: str | None, zone: str | None, refusal: type[Refusal], sentence: str
) -> None:
    """Each time that cannot be has its own refusal, whose sentence says what to write."""
    with pytest.raises(refusal) as caught:
        When.parse(start, end, zone)
    assert (type(caught.value), str(caught.value)) == (refusal, sentence)


@given(st.text(max_size=30), st.none() | st.text(max_size=30), st.none() | st.text(max_size=30))
@example("٢٠٢٧-٠٦-٠٨", None, None)
@example("0000-00-00", None, None)
@example("2199-12-31 23:59", None, "Etc/GMT+12")
@example("1900-01-01 00:00", None, "Etc/GMT-14")
def test_any_text_is_read_or_refused(start: str, end: str | None, zone: str | None) -> None:
    """Nothing a person can type ends in anything but a When or a Refusal."""
    try:
        When.parse(start, end, zone)
    except Refusal:
        event("refused")


def test_zone_is_found_whatever_its_capitals() -> None:
    """A zone typed in small letters is kept in the database's own spelling."""
    assert When.parse("2027-06-08 09:30", None, "europe/zurich").zone == "Europe/Zurich"


@given(whens(), days)
def test_time_that_is_over_has_begun(when: When, day: date) -> None:
    """What lies wholly in the past has begun; what is unknown is neither begun nor over."""
    assert when.has_begun(day) or not when.is_over(day)
    if when.precision is Precision.UNKNOWN:
        assert (when.has_begun(day), when.is_over(day)) == (False, False)


def test_kept_hour_that_its_zone_skips_by_now_stays_readable() -> None:
    """A newer zone rule cannot make the record unreadable; a person who writes such an hour is told."""
    kept = {"start": "2027-03-28T02:30", "end": "2027-03-28T03:15", "zone": "Europe/Zurich"}
    with pytest.raises(WallTimeMissing):
        When.from_json(kept)
    when = When.kept(kept)
    assert when.as_json() == {"precision": "moment", **kept}
    assert when.start_instant == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
