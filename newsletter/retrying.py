"""When a reader whom the server put off is tried again, and when that ends."""

from datetime import datetime, timedelta
from typing import Final

# Greylisting is over after five minutes, a full mailbox after hours; a yearly letter can wait.
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 120, 240, 480))
GIVE_UP_AFTER: Final = timedelta(hours=48)


def next_attempt(
    *, attempts: int, first_at: datetime, now: datetime, asked: float | None = None
) -> datetime | None:
    """Return when to try again after `attempts` tries, the first at `first_at`; None to give up.

    A longer wait that the server asked for (seconds) is honoured within the 48 hours that all tries may take.
    """
    wait = max(WAITS[min(attempts, len(WAITS)) - 1], timedelta(seconds=asked or 0))
    at = now + wait
    return at if at - first_at <= GIVE_UP_AFTER else None
