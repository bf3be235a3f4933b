"""An editor who gives a part of a new time changes that part, and never loses an end without being told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.refusal import Refusal
from models.when import ImpossibleDate, When
from models.when_change import EndNeeded, changed_when
from models.zone import UnknownZone


def _read(written: str) -> When:
    """Read "start/end zone", of which the end and the zone may be missing."""
    span, _, zone = written.partition(" in ")
    start, _, end = span.partition(" to ")
    return When.parse(start, end or None, zone or None)


@pytest.mark.parametrize(
    ("before", "given_parts", "after"),
    [
        ("2027-06-08 to 2027-06-10", {"start": "2027-06-15"}, "2027-06-15 to 2027-06-17"),
        ("2027-06-08 to 2027-06-08", {"start": "2027-06-15"}, "2027-06-15 to 2027-06-15"),
        ("2027-06-08", {"start": "2027-06-15"}, "2027-06-15"),
        ("2027-06-08 to 2027-06-10", {"end": "2027-06-11"}, "2027-06-08 to 2027-06-11"),
        ("2027-06-08 to 2027-06-10", {"end": ""}, "2027-06-08"),
        ("2027-06-08 to 2027-06-10", {"start": "2027-09"}, "2027-09"),
        ("2027-06", {"start": "2027-06-08"}, "2027-06-08"),
        ("2027-06", {"start": "2027-06-08", "end": "2027-06-09"}, "2027-06-08 to 2027-06-09"),
        ("2027-06-08 to 2027-06-10", {"start": ""}, "unknown"),
        ("unknown", {"start": "2027"}, "2027"),
        (
            "2027-06-08 09:30 to 2027-06-08 17:00 in Europe/Zurich",
            {"start": "2027-06-09 10:00"},
            "2027-06-09 10:00 to 2027-06-09 17:30 in Europe/Zurich",
        ),
        (
            "2027-06-08 09:30 to 2027-06-08 17:00 in Europe/Zurich",
            {"zone": "Africa/Lusaka"},
            "2027-06-08 09:30 to 2027-06-08 17:00 in Africa/Lusaka",
        ),
        (
            "2027-06-08 09:30 to 2027-06-09 17:00 in Europe/Zurich",
            {"start": "2027-06-15"},
            "2027-06-15 to 2027-06-16",
        ),
        ("2027-06-08 to 2027-06-08", {"start": "2027-06-08 09:30", "zone": "UTC"}, "2027-06-08 09:30 in UTC"),
    ],
)
def test_part_of_a_time_is_changed(before: str, given_parts: dict[str, str], after: str) -> None:
    """A start alone moves the meeting with its length; an end or a zone alone changes only that."""
    assert changed_when(_read(before), **given_parts) == _read(after)


@pytest.mark.parametrize(
    ("before", "given_parts", "refusal"),
    [
        ("2027-06-08 to 2027-06-10", {"start": "2027-06-08 09:30", "zone": "UTC"}, EndNeeded),
        ("2027-06-08", {"zone": "UTC"}, UnknownZone),
        ("unknown", {"end": "2027-06-08"}, ImpossibleDate),
    ],
)
def test_part_that_cannot_be_told_is_asked_for(
    before: str, given_parts: dict[str, str], refusal: type[Refusal]
) -> None:
    """Where the other part cannot stay as it is, the editor is asked for it instead of it being dropped."""
    with pytest.raises(refusal):
        changed_when(_read(before), **given_parts)


@given(
    st.dates(date(1950, 1, 1), date(2150, 1, 1)),
    st.integers(0, 30),
    st.dates(date(1950, 1, 1), date(2150, 1, 1)),
)
def test_moving_keeps_the_length(first: date, length: int, to: date) -> None:
    """However far a meeting is moved by its start, it lasts as many days as before."""
    moved = changed_when(When.days(first, first + timedelta(length)), start=to.isoformat())
    assert moved == When.days(to, to + timedelta(length))
