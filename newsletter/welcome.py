"""Whether the mail server wants our letters at all: once it refuses them for everybody, a pause that grows.

Each try would be a handful of refused letters more, and servers count those against the sender.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from newsletter.transport import TurnedAway

FIRST_PAUSE: Final = 60.0
LONGEST_PAUSE: Final = 1800.0


class Welcome:
    """What all sendings to one server know of its refusing us, in any thread."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a steady clock in seconds; nothing was refused yet."""
        self._clock = clock
        self._lock = threading.Lock()
        self._pause = FIRST_PAUSE
        self._not_before: float | None = None
        self._said = ""

    def require(self) -> None:
        """Raise TurnedAway while the pause lasts."""
        with self._lock:
            if self._not_before is not None and (left := self._not_before - self._clock()) > 0:
                raise TurnedAway(self._said, wait=left)

    def refused(self, said: str) -> None:
        """Note that the server refuses everybody: nobody tries for a minute, then two, up to half an hour."""
        with self._lock:
            if self._not_before is not None and self._clock() > self._not_before + LONGEST_PAUSE:
                self._pause = FIRST_PAUSE
            self._not_before, self._said = self._clock() + self._pause, said
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
