"""The shelf: joined feeds in memory, as many as fit, so that most questions need no database.

There are more than a thousand stored feeds, and each may be a megabyte; so what is asked for is joined once
and kept, and what nobody has asked for the longest leaves. When the database cannot be read, the last bytes
that were joined go on being given.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable

from calendar_feed.asked import Asked
from calendar_feed.served import ServedFeed, read_feed, read_meeting_calendar
from calendar_feed.standings import Standing
from models.database import Database

ROOM = 96 * 1024 * 1024
"""Bytes of feeds that are kept at most."""

OWN_ROOM = 24 * 1024 * 1024
"""Bytes of calendars of readers' own choices, on a shelf beside: however many of them are asked for, what all
readers share stays at hand."""


class Shelf:
    """Joined feeds by address. Safe in many threads."""

    def __init__(self, database: Database, *, room: int = ROOM) -> None:
        """Begin empty; nothing is read before it is asked for."""
        self._database = database
        self._room = room
        self._held: OrderedDict[str, tuple[ServedFeed, str]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept now."""
        return self._size

    def held(self, address: str, mark: str) -> ServedFeed | None:
        """Return the bytes at an address where they are of this version, without reading anything."""
        with self._lock:
            found = self._held.get(address)
            if found is None or found[1] != mark:
                return None
            self._held.move_to_end(address)
            return found[0]

    def last_good(self, address: str) -> ServedFeed | None:
        """Return what was given at an address last, whatever its version."""
        with self._lock:
            found = self._held.get(address)
            return found[0] if found else None

    def fetch(self, asked: Asked, *, mark: str | None = None) -> ServedFeed | None:
        """Make a feed from the database and keep it, under its own mark unless one is given.

        Raises what the database raises.
        """
        with self._database.reading() as session:
            feed = read_feed(session, asked)
        return self._keep(asked.address, feed, mark or feed.mark) if feed else None

    def fetch_meeting(self, address: str, slug: str, *, language: str, mark: str) -> ServedFeed | None:
        """Make the calendar of one meeting and keep it under the mark. Raises what the database raises."""
        with self._database.reading() as session:
            feed = read_meeting_calendar(session, slug, language=language)
        return self._keep(address, feed, mark) if feed else None

    def warm(self, feeds: Iterable[tuple[str, Standing]], *, until: float) -> bool:
        """Join what is not held in its present version, in the order given, while there is room.

        Breaks off at `until` (seconds of time.monotonic) and says whether it came to the end.
        """
        room = self._room
        for address, standing in feeds:
            room -= standing.size
            if room < 0:
                return True
            if self.held(address, standing.mark) is None:
                if time.monotonic() >= until:
                    return False
                self.fetch(standing.asked)
        return True

    def _keep(self, address: str, feed: ServedFeed, mark: str) -> ServedFeed:
        with self._lock:
            before = self._held.pop(address, None)
            self._size += len(feed.body) - (len(before[0].body) if before else 0)
            self._held[address] = (feed, mark)
            while self._size > self._room and len(self._held) > 1:
                _, (oldest, _) = self._held.popitem(last=False)
                self._size -= len(oldest.body)
        return feed
