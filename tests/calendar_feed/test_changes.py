"""What changed: told once, in words of kind, by the publishing that tells calendars of it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from calendar_feed.changes import changes_between, told_facts
from models import Change
from models.change import ChangeKind
from models.meeting import MeetingStatus
from models.meeting_add import add_meeting
from models.meeting_change import cancel_meeting, change_meeting, postpone_meeting
from models.meeting_delete import delete_meeting
from models.when import When
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk, dates
from tests.calendar_feed.factory import days, meeting

AS_OF = date(2026, 11, 23)


def _hours(start: str) -> When:
    return When.parse(start, None, "Africa/Lusaka")


STATES = st.sampled_from(list(MeetingStatus))
WHENS = st.sampled_from(
    [days("2027-06-08", "2027-06-10"), days("2027-06-15"), When.month(2027, 6), days("2026-01-05")]
)


def _told(desk: Desk) -> list[tuple[str, str]]:
    with desk.database.reading() as session:
        found = session.scalars(select(Change).order_by(Change.id)).all()
        return [(one.kind.value, f"{one.at:%H:%M}") for one in found]


def test_the_first_publishing_is_no_news(any_desk: Desk) -> None:
    """A record that is loaded whole has not changed."""
    any_desk.publish()
    assert _told(any_desk) == []


def test_the_life_of_a_meeting_is_told_change_by_change(any_desk: Desk) -> None:
    """Announced, dated, moved with its place, postponed, back, cancelled; an editor's note is no news."""
    any_desk.publish()
    month = dates("2027-09", precision="month") | {"status": "planned"}
    slug = any_desk.do(add_meeting, MEETING | month)
    any_desk.publish(NOW + HOUR)
    acts: list[tuple[Any, tuple[Any, ...], dict[str, str]]] = [
        (change_meeting, (slug, dates("2027-09-21", "2027-09-22") | {"status": "confirmed"}), {}),
        (change_meeting, (slug, dates("2027-10-05", "2027-10-06") | {"city": "Ndola"}), {}),
        (change_meeting, (slug, {"notes": "Ask the secretariat."}), {}),
        (postpone_meeting, (slug,), {"reason": "Elections"}),
        (change_meeting, (slug, dates("2027-11-02", "2027-11-03")), {}),
        (cancel_meeting, (slug,), {"reason": "Flooding"}),
    ]
    for number, (act, arguments, named) in enumerate(acts, start=2):
        any_desk.do(act, *arguments, now=NOW + number * HOUR, **named)
        any_desk.publish(NOW + number * HOUR)
    assert _told(any_desk) == [
        ("new", "13:00"),
        *(("fixed", "14:00"), ("confirmed", "14:00")),
        *(("moved", "15:00"), ("place", "15:00")),
        ("postponed", "17:00"),
        *(("moved", "18:00"), ("confirmed", "18:00")),
        ("cancelled", "19:00"),
    ]


def test_a_meeting_entered_by_mistake_is_taken_back(desk: Desk) -> None:
    """Deleted or hidden: calendars lose it, so readers are told."""
    slugs = [desk.do(add_meeting, MEETING | {"title": title}) for title in ("One of MIDSA", "Two of MIDSA")]
    desk.publish(NOW)
    desk.do(delete_meeting, slugs[0])
    desk.do(change_meeting, slugs[1], {"visibility": "hidden"})
    desk.publish(NOW + HOUR)
    assert sorted(_told(desk)) == [("new", "12:00")] * 2 + [("taken_back", "13:00")] * 2


def test_a_correction_of_the_past_is_no_news(desk: Desk) -> None:
    """The venue of a summit of 2020, corrected: its event is stamped anew, and nobody is told."""
    desk.do(change_meeting, "gfmd-20200120-summit", {"venue": "Centro de Convenciones", "city": "Quito"})
    assert len(desk.publish(NOW).changed) == 1
    assert _told(desk) == []


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (days("2027-06-08", "2027-06-10"), days("2027-06-09", "2027-06-11"), ChangeKind.MOVED),
        (days("2027-06-08"), days("2027-06-08", "2027-06-10"), ChangeKind.TIMES),
        (days("2027-06-08"), _hours("2027-06-08 09:30"), ChangeKind.TIMES),
        (_hours("2027-06-08 09:30"), _hours("2027-06-08 14:00"), ChangeKind.TIMES),
        (_hours("2027-06-08 09:30"), _hours("2027-06-09 09:30"), ChangeKind.MOVED),
        (When.month(2027, 6), days("2027-06-08"), ChangeKind.FIXED),
        (When.month(2027, 6), When.month(2027, 9), ChangeKind.MOVED),
        (days("2027-06-08"), When.month(2027, 9), ChangeKind.MOVED),
    ],
)
def test_dates_that_differ_are_moved_fixed_or_only_better_known(
    before: When, after: When, kind: ChangeKind
) -> None:
    """Nobody reads "moved" of days that stayed."""
    told = [told_facts(meeting(when=when)) for when in (before, after)]
    assert list(changes_between(*told, as_of=AS_OF)) == [kind]


@given(was=STATES, status=STATES, before=WHENS, after=WHENS, same_place=st.booleans())
def test_nothing_is_told_exactly_where_nothing_changed(
    was: MeetingStatus, status: MeetingStatus, before: When, after: When, *, same_place: bool
) -> None:
    """Dates and place are told whenever they differ, and each change once; equal facts tell nothing."""
    one = told_facts(meeting(status=was, when=before))
    two = told_facts(meeting(status=status, when=after, city="Lusaka" if same_place else "Ndola"))
    kinds = list(changes_between(one, two, as_of=AS_OF))
    assert len(kinds) == len(set(kinds))
    if one == two:
        assert kinds == []
    ahead = any((when.closing_day or AS_OF) >= AS_OF for when in (before, after))
    assert (ChangeKind.PLACE in kinds) == (ahead and not same_place)
    dated = {ChangeKind.MOVED, ChangeKind.FIXED, ChangeKind.TIMES} & set(kinds)
    assert len(dated) == (ahead and before != after)
    assert (ChangeKind.CANCELLED in kinds) == (ahead and status == "cancelled" != was)
