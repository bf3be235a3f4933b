"""How a job that fails is told of and tried again: one line when it begins, one when it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(seconds=5)
"""How long a failing job is left alone at most, so that it comes back soon after its cause is gone."""

REMINDER = timedelta(minutes=10)
"""How often a job that goes on failing for one reason is told of again."""


@dataclass(slots=True)
class Setbacks:
    """The failures of one job since it last went well. Times are handed in, and any clock will do."""

    count: int = 0
    reason: str | None = None
    again_at: datetime | None = None
    told_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Say whether the job should be left alone still."""
        if self.again_at is None:
            return False
        # A wait that is longer than any we give means that the clock was put back.
        return now < self.again_at <= now + LONGEST_WAIT

    def failed(self, reason: str, *, now: datetime) -> bool:
        """Take note of a failure; true when it should be told: a new reason, or the reminder's time."""
        self.count += 1
        wait = min(timedelta(seconds=0.5) * 2 ** min(self.count - 1, 10), LONGEST_WAIT)
        self.again_at = now + wait
        tell = reason != self.reason or self.told_at is None or now - self.told_at >= REMINDER
        if tell:
            self.reason, self.told_at = reason, now
        return tell

    def over(self) -> int:
        """Take note that the job went well; gives how often it had failed before."""
        count = self.count
        self.count, self.reason, self.again_at, self.told_at = 0, None, None, None
        return count
