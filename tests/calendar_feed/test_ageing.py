"""Ageing: what a day alone changes is published when that day is stored, and at no other time."""

from datetime import UTC, date, datetime

from calendar_feed.publication import Published
from models.database import Database
from models.meeting_add import add_meeting
from models.meeting_change import cancel_meeting, change_meeting, mark_held
from tests.calendar_feed.desk import HOUR, MEETING, MIDSA_FEEDS, NOW, Desk, changed, dates

UNCONFIRMED = r"Announced\; not confirmed as held.\n"


def test_what_ages_changes_when_the_as_of_day_comes_and_not_before(any_desk: Desk) -> None:
    """The clock alone changes nothing; the day that is stored does, and only the meetings it concerns."""
    slug = any_desk.do(add_meeting, MEETING)
    any_desk.publish()
    before = any_desk.feeds()
    assert any_desk.publish(datetime(2030, 1, 1, tzinfo=UTC)) == Published()
    assert any_desk.advance(date(2027, 6, 10))
    assert not any_desk.is_due()
    assert any_desk.advance(date(2027, 6, 11))
    assert any_desk.is_due()
    done = any_desk.publish(datetime(2027, 6, 11, 0, 10, tzinfo=UTC))
    assert done.rendered == 1
    assert changed(before, any_desk.feeds()) == MIDSA_FEEDS
    assert UNCONFIRMED in any_desk.event(slug)
    assert not any_desk.is_due()


def test_a_cancelled_meeting_leaves_by_itself_and_its_feeds_look_newer(desk: Desk) -> None:
    """Thirty days past its end it is gone, without an edit."""
    slug = desk.do(add_meeting, MEETING)
    desk.do(cancel_meeting, slug, reason="Flooding")
    desk.publish()
    desk.advance(date(2027, 7, 10))
    later = datetime(2027, 7, 11, 0, 10, tzinfo=UTC)
    assert desk.publish(later) == Published()
    desk.advance(date(2027, 7, 11))
    desk.publish(later)
    served = desk.served()
    assert f"/meetings/{slug}.ics" not in served
    assert served["/feeds/mechanism/midsa.ics"].last_modified == later
    assert not desk.is_due()


def test_the_line_on_a_move_goes_after_sixty_days(desk: Desk) -> None:
    """Under a new stamp, and under the same sequence: nobody has to note anything anew."""
    slug = desk.do(add_meeting, MEETING, now=NOW - HOUR)
    desk.do(change_meeting, slug, dates("2027-06-15", "2027-06-17"))
    desk.publish()
    told = desk.event(slug)
    desk.advance(date(2027, 1, 22))
    desk.publish(datetime(2027, 1, 22, 0, 10, tzinfo=UTC))
    assert desk.event(slug) == told.replace(r"Moved from 8–10 June 2027.\n", "").replace(
        "20261123T120000Z", "20270122T001000Z"
    )


def test_several_days_at_once_bring_what_each_would_have_brought(desk: Desk) -> None:
    """After an outage of months the day is advanced once; what aged meanwhile is right."""
    first = desk.do(add_meeting, MEETING)
    second = desk.do(add_meeting, MEETING | dates("2027-09", precision="month") | {"title": "Forum"})
    desk.publish()
    desk.advance(date(2027, 12, 1))
    assert desk.publish(NOW + HOUR).rendered == 2
    assert UNCONFIRMED in desk.event(first)
    assert f"/meetings/{second}.ics" not in desk.served()


def test_marking_a_past_meeting_as_held_raises_no_sequence(desk: Desk) -> None:
    """It stays where and when it was; only "not confirmed as held" goes."""
    slug = "abu-dhabi-dialogue-20260201-ministerial"
    desk.publish()
    old = desk.event(slug)
    desk.do(mark_held, slug)
    desk.publish(NOW + HOUR)
    assert desk.event(slug) == old.replace(UNCONFIRMED, "").replace("20261122T120000Z", "20261123T130000Z")


def test_the_as_of_day_never_goes_back(sqlite_database: Database) -> None:
    """A clock put back for a day takes nothing back."""
    desk = Desk(sqlite_database)
    assert [desk.advance(date(2026, 11, day)) for day in (23, 22, 23, 24)] == [True, False, False, True]
    assert desk.publication().as_of_day == date(2026, 11, 24)


def test_the_first_publishing_takes_its_own_day(sqlite_database: Database) -> None:
    """Before the first daily job has run, texts are written for the day of the first publishing, in UTC."""
    desk = Desk(sqlite_database)
    desk.publish(datetime.fromisoformat("2026-11-23T23:30:00-05:00"))
    assert desk.publication().as_of_day == date(2026, 11, 24)
