"""States: every row of the table of calendar.md, section 2, and the day on which each changes by itself."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_feed.spans import Days, Hours, span_of
from calendar_feed.states import Absent, EventStatus, Shown, state_of
from models.meeting import MeetingStatus
from models.when import When
from tests.calendar_feed.factory import days, hours, meeting

BEFORE = date(2026, 11, 20)
JUNE = days("2027-06-08", "2027-06-10")
SEPTEMBER = When.month(2027, 9)
POSTPONED_REMARKS = (
    "This meeting has been postponed; new dates are not yet known.",
    "The dates shown are the old ones.",
)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _state(when: When, status: MeetingStatus, *, as_of: date = BEFORE, **facts: Any) -> Shown | Absent:  # noqa: ANN401 - any fact
    return state_of(meeting(when=when, status=status, **facts), as_of=as_of, language="en")


def _shown(when: When, status: EventStatus = EventStatus.CONFIRMED, **said: Any) -> Shown:  # noqa: ANN401 - any part
    span = span_of(when)
    assert span is not None
    return Shown(span=span, status=status, **said)


@pytest.mark.parametrize("status", [MeetingStatus.PLANNED, MeetingStatus.CONFIRMED])
def test_an_announced_meeting_is_confirmed_and_plain(status: MeetingStatus) -> None:
    """Hours or days known, still to come: nothing is added; it ages when its last day is over."""
    assert _state(JUNE, status) == _shown(JUNE, ages_on=_day("2027-06-11"))
    noon = hours("2027-03-17 09:30", "2027-03-17 17:00")
    assert _state(noon, status) == _shown(noon, ages_on=_day("2027-03-18"))
    assert isinstance(span_of(noon), Hours)


def test_a_meeting_whose_end_is_not_known_stands_on_its_first_day_and_says_so() -> None:
    """The end is not invented."""
    when = days("2027-06-08")
    assert _state(when, MeetingStatus.CONFIRMED) == _shown(
        when, remarks=("End not stated.",), ages_on=_day("2027-06-09")
    )


def test_proposed_dates_are_tentative() -> None:
    """TBC stands in front, and the description says why."""
    assert _state(JUNE, MeetingStatus.TENTATIVE) == _shown(
        JUNE,
        EventStatus.TENTATIVE,
        prefix="TBC: ",
        remarks=("These dates are proposed and not yet confirmed.",),
        ages_on=_day("2027-06-11"),
    )


@pytest.mark.parametrize("status", [MeetingStatus.PLANNED, MeetingStatus.TENTATIVE, MeetingStatus.CONFIRMED])
def test_a_month_to_come_is_a_marker_on_its_first_day(status: MeetingStatus) -> None:
    """One day, tentative, the month in the title; it ages when the month is over."""
    assert _state(SEPTEMBER, status) == _shown(
        SEPTEMBER,
        EventStatus.TENTATIVE,
        prefix="Date TBC (September 2027): ",
        remarks=("Only the month is announced; the day is to be confirmed.",),
        marks=(("X-ISCM-DATE-PRECISION", "MONTH"),),
        ages_on=_day("2027-10-01"),
    )
    assert span_of(SEPTEMBER) == Days(_day("2027-09-01"), _day("2027-09-01"))


def test_a_month_in_which_it_was_held_is_a_confirmed_marker_for_good() -> None:
    """The day is not known, that it took place is."""
    when = When.month(2017, 9)
    assert _state(when, MeetingStatus.HELD) == _shown(
        when,
        prefix="September 2017 (day not known): ",
        remarks=("Only the month is known; the day shown stands for it.",),
        marks=(("X-ISCM-DATE-PRECISION", "MONTH"),),
    )


@pytest.mark.parametrize("status", sorted(set(MeetingStatus) - {MeetingStatus.HELD, MeetingStatus.CANCELLED}))
def test_a_month_that_is_over_and_not_known_to_have_been_used_is_absent(status: MeetingStatus) -> None:
    """It stays to the month's last day and is gone on the next."""
    assert isinstance(_state(SEPTEMBER, status, as_of=_day("2027-09-30")), Shown)
    assert _state(SEPTEMBER, status, as_of=_day("2027-10-01")) == Absent()


@pytest.mark.parametrize("when", [When.quarter(2027, 3), When.year(2027), When.unknown()])
@pytest.mark.parametrize("status", list(MeetingStatus))
def test_less_than_a_month_is_in_no_calendar(when: When, status: MeetingStatus) -> None:
    """Quarter, year or nothing: whatever the status."""
    assert _state(when, status) == Absent()


@pytest.mark.parametrize("status", [MeetingStatus.PLANNED, MeetingStatus.CONFIRMED])
def test_an_announced_meeting_of_the_past_says_that_nobody_confirmed_it(status: MeetingStatus) -> None:
    """Stays as announced, from the day after its last day."""
    said = ("Announced; not confirmed as held.",)
    assert _state(JUNE, status, as_of=_day("2027-06-10")) == _shown(JUNE, ages_on=_day("2027-06-11"))
    assert _state(JUNE, status, as_of=_day("2027-06-11")) == _shown(JUNE, remarks=said)


def test_a_proposed_meeting_of_the_past_stays_tentative() -> None:
    """Neither its dates nor its taking place were ever confirmed."""
    assert _state(JUNE, MeetingStatus.TENTATIVE, as_of=_day("2027-06-11")) == _shown(
        JUNE,
        EventStatus.TENTATIVE,
        prefix="TBC: ",
        remarks=("These dates are proposed and not yet confirmed.", "Announced; not confirmed as held."),
    )


@pytest.mark.parametrize("as_of", [_day("2027-03-01"), _day("2030-01-01")])
def test_a_postponed_meeting_keeps_its_old_dates_as_tentative(as_of: date) -> None:
    """It says in the title and in words that these are the old dates, as long as no new ones are known."""
    assert _state(JUNE, MeetingStatus.POSTPONED, as_of=as_of, reason="Elections") == _shown(
        JUNE,
        EventStatus.TENTATIVE,
        prefix="POSTPONED: ",
        remarks=POSTPONED_REMARKS,
        reason="Elections",
        marks=(("X-ISCM-STATUS", "POSTPONED"),),
    )


def test_a_postponed_month_says_both() -> None:
    """It is postponed, and its day was never known."""
    assert _state(SEPTEMBER, MeetingStatus.POSTPONED) == _shown(
        SEPTEMBER,
        EventStatus.TENTATIVE,
        prefix="POSTPONED: ",
        remarks=(*POSTPONED_REMARKS, "Only the month is known; the day shown stands for it."),
        marks=(("X-ISCM-STATUS", "POSTPONED"), ("X-ISCM-DATE-PRECISION", "MONTH")),
        ages_on=_day("2027-10-01"),
    )


def test_a_moved_meeting_says_from_where_for_sixty_days() -> None:
    """The line stands from the day of the move through the sixtieth, and not on the next."""
    before = days("2027-03-03", "2027-03-04")
    moved: dict[str, Any] = {"previous_when": before, "moved_on": _day("2026-11-18")}
    said = ("Moved from 3–4 March 2027.",)
    expected = _shown(JUNE, remarks=said, ages_on=_day("2027-01-17"))
    assert _state(JUNE, MeetingStatus.CONFIRMED, **moved) == expected
    assert _state(JUNE, MeetingStatus.CONFIRMED, as_of=_day("2027-01-16"), **moved) == expected
    assert _state(JUNE, MeetingStatus.CONFIRMED, as_of=_day("2027-01-17"), **moved) == _shown(
        JUNE, ages_on=_day("2027-06-11")
    )


def test_a_move_of_which_nobody_knows_the_day_is_not_told() -> None:
    """GFMD 2020 was moved long ago: sixty days from no day are over."""
    when = days("2020-01-20", "2020-01-24")
    assert _state(when, MeetingStatus.HELD, previous_when=days("2019-11-19", "2019-11-22")) == _shown(when)


def test_a_cancelled_meeting_stays_for_thirty_days_past_its_end() -> None:
    """CANCELLED in STATUS, title, description and reason; gone on the thirty-first day."""
    expected = _shown(
        JUNE,
        EventStatus.CANCELLED,
        prefix="CANCELLED: ",
        remarks=("This meeting has been cancelled.",),
        reason="Flooding in the host city",
        ages_on=_day("2027-07-11"),
    )
    reason: dict[str, Any] = {"reason": "Flooding in the host city"}
    assert _state(JUNE, MeetingStatus.CANCELLED, **reason) == expected
    assert _state(JUNE, MeetingStatus.CANCELLED, as_of=_day("2027-07-10"), **reason) == expected
    assert _state(JUNE, MeetingStatus.CANCELLED, as_of=_day("2027-07-11"), **reason) == Absent()


def test_a_cancelled_month_stays_for_thirty_days_past_the_month() -> None:
    """A marker like any other of a month, cancelled."""
    assert _state(SEPTEMBER, MeetingStatus.CANCELLED) == _shown(
        SEPTEMBER,
        EventStatus.CANCELLED,
        prefix="CANCELLED: ",
        remarks=("This meeting has been cancelled.", "Only the month is known; the day shown stands for it."),
        marks=(("X-ISCM-DATE-PRECISION", "MONTH"),),
        ages_on=_day("2027-10-31"),
    )


@pytest.mark.parametrize("as_of", [BEFORE, _day("2030-01-01")])
def test_a_held_meeting_stays_as_it_was(as_of: date) -> None:
    """Plain and confirmed, for good."""
    assert _state(JUNE, MeetingStatus.HELD, as_of=as_of) == _shown(JUNE)


WHENS = st.sampled_from(
    [
        JUNE,
        days("2027-06-08"),
        SEPTEMBER,
        hours("2027-06-08 09:00", "2027-06-08 12:00"),
        When.quarter(2027, 2),
    ]
)
DAYS = st.dates(date(2027, 4, 1), date(2027, 12, 31))


@given(
    WHENS,
    st.sampled_from(list(MeetingStatus)),
    DAYS,
    st.one_of(st.none(), DAYS),
    st.integers(0, 400),
)
def test_a_state_changes_on_the_day_it_names_and_on_no_day_before(
    when: When, status: MeetingStatus, as_of: date, moved_on: date | None, wait: int
) -> None:
    """The same is said until `ages_on`, and something else on that day; without one, always the same."""
    facts = meeting(when=when, status=status, previous_when=days("2027-03-03"), moved_on=moved_on)
    now = state_of(facts, as_of=as_of, language="en")
    later = as_of + timedelta(days=wait)
    ages_on = now.ages_on if isinstance(now, Shown) else None
    if ages_on is not None:
        assert ages_on > as_of
        assert _said(state_of(facts, as_of=ages_on, language="en")) != _said(now)
        later = min(later, ages_on - timedelta(days=1))
    assert _said(state_of(facts, as_of=later, language="en")) == _said(now)


def _said(state: Shown | Absent) -> Shown | Absent:
    return replace(state, ages_on=None) if isinstance(state, Shown) else state
