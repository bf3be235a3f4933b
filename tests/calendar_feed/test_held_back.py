"""What does not pass its check is held back: the old bytes stay, and somebody is told, once."""

from datetime import UTC, date, datetime

import pytest

from calendar_feed.publication import publish
from models.database import Database
from models.meeting_add import add_meeting
from models.meeting_change import change_meeting
from tests.calendar_feed.desk import HOUR, MEETING, MIDSA_FEEDS, NOW, Desk, dates, value
from tests.calendar_feed.factory import BASE_URL

VICTIM, OTHER = "sacm-20251118-plenary", "gfmd-20200120-summit"


def _give_victim_the_uid_of_another(desk: Desk) -> bytes:
    """Spoil a kept body in a way that only the check of a whole feed can see; return the sound one."""
    sound = desk.kept_body(VICTIM)
    desk.spoil(VICTIM, sound.replace(desk.uid(VICTIM).encode(), desk.uid(OTHER).encode()))
    return sound


def test_an_event_that_fails_keeps_its_old_bytes_while_the_rest_is_published(desk: Desk) -> None:
    """A zone that newer zone data no longer names."""
    hours = dates("2027-03-28T03:30", "2027-03-28T05:00", precision="moment", zone="Europe/Brussels")
    slug = desk.do(add_meeting, MEETING | hours)
    other = desk.do(add_meeting, MEETING | {"title": "SOM of MIDSA", "kind": "senior_officials"})
    desk.publish()
    kept = desk.event(slug)
    with desk.database.writing() as session:
        sql = "UPDATE meetings SET zone = 'Europe/Atlantis', stale = 1 WHERE slug = ?"
        session.connection().exec_driver_sql(sql, (slug,))
    desk.do(change_meeting, other, {"city": "Ndola"})
    done = desk.publish(NOW + HOUR)
    assert [alarm.split(":")[0] for alarm in done.alarms] == [slug]
    assert "Europe/Atlantis" in done.alarms[0]
    assert desk.publication().alarm == done.alarms[0]
    assert desk.event(slug) == kept
    assert "(Ndola)" in desk.event(other)
    assert not desk.is_due()
    desk.do(change_meeting, other, {"city": "Kitwe"})
    assert desk.publish(NOW + 2 * HOUR).alarms == done.alarms


def test_a_feed_that_fails_is_not_published_and_nothing_is_lost(any_desk: Desk) -> None:
    """All kept bodies stay, the alarm is kept, and the next good publishing has everything."""
    slug = any_desk.do(add_meeting, MEETING)
    any_desk.publish()
    sound = _give_victim_the_uid_of_another(any_desk)
    before = any_desk.kept_body(slug)
    any_desk.do(change_meeting, slug, {"city": "Livingstone"})
    done = any_desk.publish(NOW + HOUR)
    assert (done.changed, done.feeds) == (set(), [])
    assert done.alarms == [f"/feeds/all.ics: the UID {any_desk.uid(OTHER)} stands 2 times"]
    assert any_desk.publication().alarm == done.alarms[0]
    assert any_desk.kept_body(slug) == before
    assert not any_desk.is_due()
    any_desk.spoil(VICTIM, sound)
    any_desk.do(change_meeting, slug, {"venue": "Government Complex"})
    mended = any_desk.publish(NOW + 2 * HOUR)
    assert mended.alarms == []
    assert {"/feeds/" + key + ".ics" for key, _ in mended.feeds} >= MIDSA_FEEDS
    assert any_desk.publication().alarm is None
    assert value(any_desk.event(slug), "LOCATION") == r"Government Complex\, Livingstone\, Zambia"


def test_ageing_that_cannot_be_published_is_tried_again_on_the_next_day(desk: Desk) -> None:
    """A refused publishing is not repeated at every tick, and not forgotten either."""
    slug = desk.do(add_meeting, MEETING)
    desk.publish()
    sound = _give_victim_the_uid_of_another(desk)
    desk.advance(date(2027, 6, 11))
    later = datetime(2027, 6, 11, 0, 10, tzinfo=UTC)
    assert desk.publish(later).alarms != []
    assert not desk.is_due()
    desk.spoil(VICTIM, sound)
    desk.advance(date(2027, 6, 12))
    assert desk.publish(later + 24 * HOUR).alarms == []
    assert r"Announced\; not confirmed as held." in desk.event(slug)


def test_a_transaction_that_is_undone_publishes_nothing(sqlite_registry: Database) -> None:
    """Publishing is one transaction: all of it, or none."""
    desk = Desk(sqlite_registry)
    with pytest.raises(RuntimeError, match="the power fails"):
        _publish_and_fail(desk)
    assert desk.served() == {}
    assert desk.is_due()


def _publish_and_fail(desk: Desk) -> None:
    with desk.database.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL)
        raise RuntimeError("the power fails")
