"""What the lanes of one sending share: the pace, whether the relay does its work, and when all is to halt."""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from newsletter.pace import Pace
from newsletter.refusals import Refusals


@dataclass(slots=True)
class Round:
    """What the lanes of one sending share.

    `patience` is how long, in seconds, the relay may take no letter at all before the round is given up.
    """

    pace: Pace
    patience: float
    halt: asyncio.Event = field(default_factory=asyncio.Event)
    fault: str | None = None
    is_late: bool = False
    accepted: int = 0
    returns: Counter[int] = field(default_factory=Counter)
    refusals: Refusals = field(default_factory=Refusals)
    last_word: float = field(default_factory=time.monotonic)

    def answered(self) -> None:
        """Note that the relay does its work, whatever it said of a reader."""
        self.last_word = time.monotonic()
        self.fault = None

    def faulted(self, reason: str) -> None:
        """Note the relay's fault; after too long without an answer, end the round."""
        self.fault = reason
        if time.monotonic() - self.last_word > self.patience:
            self.halt.set()

    async def rest(self, seconds: float) -> None:
        """Pause, or until the round halts."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.halt.wait(), seconds)
