"""A feed that is full: the oldest meetings leave it, and come back when there is room."""

from sqlalchemy import select

from calendar_feed.selfcheck import MOST_BYTES, feed_faults
from models.meeting import Meeting
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting
from models.meeting_delete import delete_meeting
from tests.calendar_feed.desk import HOUR, MEETING, NOW, Desk, dates, events_of


def test_the_oldest_leave_a_full_feed_and_come_back(desk: Desk) -> None:
    """Eighty long events of 2027: the feed of everything gives up its oldest, others keep theirs."""
    with desk.database.writing() as session:
        for number in range(80):
            one = (
                MEETING
                | dates(f"2027-{number % 12 + 1:02}-{number % 28 + 1:02}")
                | {
                    "title": f"Sitting {number} of MIDSA",
                    "sessions": [f"{part} " + "x" * 380 for part in range(30)],
                }
            )
            add_meeting(session, one, editor="test", now=NOW)
    desk.publish()
    feeds = desk.feeds()
    everything = feeds["/feeds/all.ics"]
    assert feed_faults(everything) == []
    assert MOST_BYTES - 13_000 < len(everything) <= MOST_BYTES
    shown = events_of(everything)
    with desk.database.reading() as session:
        newest = session.scalars(
            select(Meeting.uid)
            .where(Meeting.first_day.is_not(None))
            .order_by(Meeting.first_day.desc(), Meeting.uid.desc())
        ).all()
    assert list(shown) == newest[: len(shown)][::-1]
    assert desk.uid("gfmd-20200120-summit") not in shown
    assert desk.uid("gfmd-20200120-summit") in events_of(feeds["/feeds/mechanism/gfmd.ics"])
    with desk.database.writing() as session:
        for slug in session.scalars(select(Meeting.slug).where(Meeting.title.startswith("Sitting "))).all():
            delete_meeting(session, slug, editor="test", now=NOW)
    desk.publish(NOW + HOUR)
    assert len(events_of(desk.feeds()["/feeds/all.ics"])) == 158


def test_a_feed_filled_to_its_last_byte_is_published(desk: Desk) -> None:
    """One event grows by some letters at a time until there is no room; then the oldest leaves, no more."""
    with desk.database.writing() as session:
        for number in range(80):
            one = MEETING | dates("2027-06-08") | {"title": f"Sitting {number}", "sessions": ["x" * 499] * 24}
            add_meeting(session, one, editor="test", now=NOW)
        # They begin on one day, so random identities decide who is oldest: the last one stays longest.
        sittings = select(Meeting.slug).where(Meeting.title.startswith("Sitting "))
        slug = session.scalars(sittings.order_by(Meeting.uid.desc())).first()
    desk.publish()
    room = MOST_BYTES - len(desk.feed("all"))
    # A folded line takes three bytes more, and each sitting eleven for its label.
    first = room * 74 // 77 - 11 * (room // 400 + 1) - 40
    sizes, events = [], set()
    for number in range(12):
        grown = ["x" * 499] * 24 + ["y" * 400] * (first // 400) + ["z" * (first % 400 + 8 * number + 1)]
        desk.do(change_meeting, slug, {"sessions": grown})
        assert desk.publish(NOW + number * HOUR).alarms == []
        everything = desk.feed("all")
        sizes.append(len(everything))
        events.add(everything.count(b"BEGIN:VEVENT"))
    assert MOST_BYTES - 100 < max(sizes) <= MOST_BYTES
    assert len(events) == 2
