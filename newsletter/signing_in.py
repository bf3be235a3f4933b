"""When user and password may be tried at the mail server: one try after a refusal, then a pause that grows.

Servers lock accounts out that sign in wrongly again and again, and the right password does not help then.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Final

from newsletter.transport import SigningInRefused

FIRST_PAUSE: Final = 30.0
LONGEST_PAUSE: Final = 600.0
_LOOK_SECONDS: Final = 0.02


class SigningIn:
    """What all connections to one server know of its answers to our user and password, in any thread.

    As long as the server takes them nothing is held back. Until it has, one connection tries at a time; after
    a refusal none does for 30 seconds, then 60, up to ten minutes. `is_tried` says that one is at it.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a steady clock in seconds; nothing has been tried yet."""
        self._clock = clock
        self._lock = threading.Lock()
        self._is_proven = False
        self.is_tried = False
        self._pause = FIRST_PAUSE
        self._not_before: float | None = None
        self._said = ""

    async def wait_for_turn(self) -> None:
        """Wait while another connection tries; raise SigningInRefused, at once, while the pause lasts."""
        while not self._takes_turn():  # noqa: ASYNC110 - the other may be in another thread, with another loop
            await asyncio.sleep(_LOOK_SECONDS)

    def succeeded(self) -> None:
        """Note that the server took user and password."""
        with self._lock:
            self._is_proven, self.is_tried = True, False
            self._pause, self._not_before = FIRST_PAUSE, None

    def refused(self, said: str) -> float:
        """Note that it did not, and in which words; return for how many seconds nobody tries again."""
        with self._lock:
            pause = self._pause
            self._is_proven, self.is_tried, self._said = False, False, said
            self._not_before = self._clock() + pause
            self._pause = min(pause * 2, LONGEST_PAUSE)
            return pause

    def undecided(self) -> None:
        """Note that the try ended before the server said anything of them."""
        with self._lock:
            self.is_tried = False

    def _takes_turn(self) -> bool:
        with self._lock:
            if self._not_before is not None and (left := self._not_before - self._clock()) > 0:
                raise SigningInRefused(self._said, wait=left)
            if self._is_proven:
                return True
            if self.is_tried:
                return False
            self.is_tried = True
            return True
