"""When a job is due: every so many seconds, once a day, once a year. In UTC: no night has an hour twice."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Every:
    """Looked at every so many seconds; whether there is something to do stands in the database.

    Leaves no occurrences: what it finds is claimed row by row, by the act itself.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time of UTC. A day that was missed is made up for until the next one comes."""

    at: time

    def latest(self, now: datetime) -> datetime:
        """Give the last due time that is not after now (aware, of any zone), in UTC."""
        instant = now.astimezone(UTC)
        today = datetime.combine(instant.date(), self.at, UTC)
        return today if today <= instant else today - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Yearly:
    """Once a year. What was missed is made up for within the span `late`, then left until the next year."""

    month: int
    day: int
    at: time
    late: timedelta

    def latest(self, now: datetime) -> datetime | None:
        """Give the last due time (UTC) that has come and is not longer ago than `late`, if there is one."""
        instant = now.astimezone(UTC)
        for year in (instant.year, instant.year - 1):
            due = datetime.combine(date(year, self.month, self.day), self.at, UTC)
            if due <= instant:
                return due if instant - due <= self.late else None
        return None


When = Every | Daily | Yearly
