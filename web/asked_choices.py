"""Which saved choices calendar programs ask for, noted once a month, so that others can be forgotten.

A request only leaves the code in memory. What is kept of it, by the watch in the background, is a month: no
day, no number, no address of anybody.
"""

import threading
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from models.database import Database
from models.saved_choice_keeping import note_asked

PAUSE_SECONDS: Final = 600.0
"""How long codes are gathered before they are noted together."""

_MOST: Final = 50_000
"""Codes that are remembered at most; what is forgotten is only noted once more, which changes nothing."""


class AskedChoices:
    """The codes that were asked for since the last note. Safe in many threads."""

    def __init__(self, *, clock: Callable[[], datetime], pause_seconds: float = PAUSE_SECONDS) -> None:
        """Begin with none; `clock` gives the current time, aware."""
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._lock = threading.Lock()
        self._waiting: set[str] = set()
        self._noted: set[str] = set()
        self._month: date | None = None
        self._next = time.monotonic() + pause_seconds

    def add(self, code: str) -> None:
        """Remember that a choice was asked for; one that was noted this month is passed over."""
        with self._lock:
            if code not in self._noted and len(self._waiting) < _MOST:
                self._waiting.add(code)

    def note(self, database: Database, *, at_once: bool = False) -> None:
        """Note what was gathered, unless the pause is not over. Raises what the database raises."""
        if not at_once and time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._pause_seconds
        month = self._clock().date().replace(day=1)
        with self._lock:
            if month != self._month or len(self._noted) > _MOST:
                self._noted.clear()
                self._month = month
            codes = frozenset(self._waiting)
        if not codes:
            return
        with database.writing() as session:
            note_asked(session, codes, month=month)
        with self._lock:
            self._waiting -= codes
            self._noted |= codes
