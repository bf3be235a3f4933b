"""How fast letters leave, and how the last ones ended: read from the newest events alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.delivery import Delivery, DeliveryEvent, DeliveryState

MEASURED_OVER: Final = timedelta(minutes=1)
"""The time before now over which a rate is measured."""

OUTCOMES: Final = (
    DeliveryState.ACCEPTED,
    DeliveryState.DEFERRED,
    DeliveryState.REJECTED,
    DeliveryState.IN_DOUBT,
)
"""How a letter that was tried may have ended."""

# Events are numbered in the order they are written, so the newest are found without an index of their times.
_NEWEST: Final = 20_000
_SHORTEST_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class SendingPace:
    """An issue's letters a second (accepted, rejected, put off or in doubt), and when each kind came last."""

    rate: float
    last: dict[str, datetime]

    @property
    def last_outcome(self) -> tuple[str, datetime] | None:
        """The newest outcome and its aware time."""
        return max(self.last.items(), key=lambda one: one[1], default=None)


def sending_paces(session: Session, *, now: datetime) -> dict[int, SendingPace]:
    """Return the pace of each issue by its key, of those with newest events; one statement."""
    newest = select(func.max(DeliveryEvent.id)).scalar_subquery()
    is_recent = DeliveryEvent.at > now - MEASURED_OVER
    query = (
        select(
            Delivery.issue_id,
            DeliveryEvent.event,
            func.max(DeliveryEvent.at),
            func.count().filter(is_recent),
            func.min(DeliveryEvent.at).filter(is_recent),
        )
        .join(Delivery, Delivery.id == DeliveryEvent.delivery_id)
        .where(DeliveryEvent.id > newest - _NEWEST, DeliveryEvent.event.in_([one.value for one in OUTCOMES]))
        .group_by(Delivery.issue_id, DeliveryEvent.event)
    )
    last: dict[int, dict[str, datetime]] = {}
    numbers: dict[int, int] = {}
    since: dict[int, datetime] = {}
    for issue, event, newest_at, number, oldest_at in session.execute(query):
        last.setdefault(issue, {})[event] = newest_at
        if oldest_at is not None:
            numbers[issue] = numbers.get(issue, 0) + number
            since[issue] = min(since.get(issue, oldest_at), oldest_at)
    return {
        issue: SendingPace(_rate(numbers.get(issue, 0), since.get(issue), now=now), times)
        for issue, times in last.items()
    }


def _rate(number: int, since: datetime | None, *, now: datetime) -> float:
    if since is None:
        return 0.0
    return number / max((now - since).total_seconds(), _SHORTEST_SECONDS)
