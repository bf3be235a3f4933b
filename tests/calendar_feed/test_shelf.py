"""The shelf: what is asked for is kept, in its present version, as much as there is room for."""

import time

from calendar_feed.shelf import Shelf
from calendar_feed.standings import Standing, read_standings
from models.meeting_change import change_meeting
from tests.calendar_feed.desk import HOUR, NOW, Desk

FEED = "/feeds/mechanism/gfmd.ics"


def test_a_feed_is_joined_once_for_each_version(desk: Desk) -> None:
    """The same object until its mark changes; the last good bytes are at hand even then."""
    shelf = Shelf(desk.database)
    standing = _standing(desk)
    assert (shelf.held(FEED, standing.mark), shelf.last_good(FEED)) == (None, None)
    first = shelf.fetch(standing.asked)
    assert first is not None
    assert shelf.held(FEED, standing.mark) is first
    desk.do(change_meeting, "gfmd-20200120-summit", {"venue": "Hall 1"})
    desk.publish(NOW + HOUR)
    changed = _standing(desk)
    assert shelf.held(FEED, changed.mark) is None
    assert shelf.last_good(FEED) is first
    second = shelf.fetch(changed.asked)
    assert second is not None
    assert second.body != first.body
    assert shelf.held(FEED, changed.mark) is second


def test_what_was_not_asked_for_the_longest_leaves_when_there_is_no_room(desk: Desk) -> None:
    """Two feeds fit; the third takes the place of the one that was looked at longest ago."""
    with desk.database.reading() as session:
        standings = read_standings(session).feeds
    paths = ["/feeds/mechanism/midsa.ics", "/feeds/mechanism/rcm.ics", "/feeds/mechanism/ocam.ics"]
    room = sum(len(desk.feed(path.removeprefix("/feeds/").removesuffix(".ics"))) for path in paths) - 1
    shelf = Shelf(desk.database, room=room)
    for path in paths[:2]:
        shelf.fetch(standings[path].asked)
    shelf.held(paths[0], standings[paths[0]].mark)
    shelf.fetch(standings[paths[2]].asked)
    assert [shelf.held(path, standings[path].mark) is not None for path in paths] == [True, False, True]


def test_warming_ends_where_the_room_ends_and_breaks_off_in_time(desk: Desk) -> None:
    """In the order given, while there is room; a deadline that has come lets nothing more be read."""
    with desk.database.reading() as session:
        feeds = list(read_standings(session).feeds.items())
    room = sum(one.size for _, one in feeds[:5])
    shelf = Shelf(desk.database, room=room)
    assert not shelf.warm(feeds, until=time.monotonic() - 1)
    assert shelf.warm(feeds, until=time.monotonic() + 60)
    assert [shelf.held(path, one.mark) is not None for path, one in feeds[:8]] == [True] * 5 + [False] * 3


def _standing(desk: Desk) -> Standing:
    with desk.database.reading() as session:
        return read_standings(session).feeds[FEED]
