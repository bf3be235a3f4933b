"""Holds what happened in calendars against what should have."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from calendar_feed.publication import publish as publish_record
from calendar_feed.selfcheck import MOST_BYTES, MOST_EVENTS
from models.database import Database
from tests.calendar_feed.desk import value
from tests.calendar_feed.edits.oracle import Expected, Place, expected
from tests.calendar_feed.edits.plain_record import read_record
from tests.calendar_feed.edits.stored import Stored, StoredFeed, read_stored
from tests.calendar_feed.factory import BASE_URL

LANGUAGES = ("en", "ar")
_HEADER_AT_MOST = 30_000
"""Bytes of a header with its zones: so much may be left free in a feed that is full."""

Key = TypeVar("Key")


class Court:
    """Publishes after each edit and compares all there is; `now` is the time of the first publishing."""

    def __init__(self, database: Database, *, now: datetime) -> None:
        """Publish the record as it is, and take that for right."""
        self._database = database
        self.publish(now)
        self.stored = read_stored(database)
        self._wanted = self._expect()
        self._sequences = dict(self.stored.sequences)
        self._anchors = dict(self._wanted.anchors)
        _compare_members(self._wanted, self.stored)

    def judge(self, now: datetime) -> None:
        """Publish what was edited; every event, feed, stamp and SEQUENCE must be what it should be."""
        before, was = self.stored, self._wanted
        self.publish(now)
        after = self.stored = read_stored(self._database)
        wanted = self._wanted = self._expect()
        told = changed(was.told, wanted.told)
        assert changed(before.events, after.events) == told
        _compare_stamps(before, after)
        self._compare_sequences()
        _compare_members(wanted, after)
        _compare_feeds(before, after, told=told, headers=changed(was.headers, wanted.headers))

    def publish(self, now: datetime) -> None:
        """Publish the record as it is now."""
        with self._database.writing() as session:
            assert publish_record(session, now=now, base_url=BASE_URL, languages=LANGUAGES).alarms == []

    def _expect(self) -> Expected:
        keys = {key for key, _ in self.stored.feeds}
        return expected(read_record(self._database), LANGUAGES, stored=keys)

    def _compare_sequences(self) -> None:
        """SEQUENCE grows by one with start, end, zone, place or status, also where the meeting was away."""
        for uid, anchor in self._wanted.anchors.items():
            if self._anchors.get(uid, anchor) != anchor:
                self._sequences[uid] += 1
            self._anchors[uid] = anchor
            assert self.stored.sequences[uid] == self._sequences.setdefault(uid, 0)


def changed(before: Mapping[Key, object], after: Mapping[Key, object]) -> set[Key]:
    """Return the keys that hold something else than before."""
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}


def _compare_stamps(before: Stored, after: Stored) -> None:
    for place in before.events.keys() & after.events.keys():
        if before.events[place] != after.events[place]:
            was, now = (one.events[place].decode() for one in (before, after))
            assert value(was, "LAST-MODIFIED") < value(now, "LAST-MODIFIED") == value(now, "DTSTAMP")


def _compare_members(wanted: Expected, stored: Stored) -> None:
    """Each feed shows what it should hold, by start, then UID; only a full one leaves out its oldest."""
    assert stored.feeds.keys() == {(key, language) for key in wanted.held_in for language in LANGUAGES}
    for (key, language), feed in stored.feeds.items():
        held = sorted(wanted.held_in[key], key=lambda uid: wanted.starts[uid])
        assert list(feed.shown) == held[len(held) - len(feed.shown) :], (key, language)
        if key.startswith("archive/"):
            assert len(feed.shown) == len(held), (key, language)
            continue
        assert len(feed.shown) <= MOST_EVENTS
        assert feed.size <= MOST_BYTES
        if 0 < len(feed.shown) < min(len(held), MOST_EVENTS) or (held and not feed.shown):
            next_one = held[len(held) - len(feed.shown) - 1]
            assert _size_with(stored, next_one, feed) > MOST_BYTES - _HEADER_AT_MOST, (key, language)


def _size_with(stored: Stored, more: str, feed: StoredFeed) -> int:
    return max(
        sum(len(stored.events[uid, language]) for uid in (*feed.shown, more)) for language in LANGUAGES
    )


def _compare_feeds(before: Stored, after: Stored, *, told: set[Place], headers: set[Place]) -> None:
    """A feed has other bytes, and another time, exactly where its header, its list or an event is another."""
    for place in before.feeds.keys() | after.feeds.keys():
        was, now = before.feeds.get(place), after.feeds.get(place)
        assert now is not None, f"{place} is gone"
        if was is None:
            continue
        should = (
            place in headers or was.shown != now.shown or any((uid, place[1]) in told for uid in now.shown)
        )
        assert (was.fingerprint != now.fingerprint) == should, place
        assert (was.changed_at < now.changed_at) if should else (was.changed_at == now.changed_at), place
