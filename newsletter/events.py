"""What reports tell of a letter after the server took it, added to its history and never taken out of it."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import DeliveryEvent, Report

_DETAIL: Final = 2000
_STATUS: Final = 16


def note_report(
    session: Session,
    *,
    delivery_id: int,
    what: Report,
    at: datetime,
    status: str | None = None,
    code: int | None = None,
    detail: str | None = None,
    report: str | None = None,
) -> bool:
    """Add what a report tells of a letter to its history; tell whether that was news.

    `at` is when it was read (aware), `status` the enhanced status code ("5.1.1"), `code` the server's reply
    code, `report` the SHA-256 (hex) of the raw mail: the same mail tells the same thing once, also when two
    processes read it at the same time. The letter's state stays as it is.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(DeliveryEvent)
        .values(
            delivery_id=delivery_id,
            at=at,
            event=what.value,
            code=code,
            status=None if status is None else status[:_STATUS],
            detail=None if detail is None else detail[:_DETAIL],
            report=report,
        )
        .on_conflict_do_nothing()
        .returning(DeliveryEvent.id)
    )
    return session.scalar(statement) is not None


def reports_of(session: Session, delivery_id: int) -> list[DeliveryEvent]:
    """Return what was told of a letter after the server took it, in the order in which it was read."""
    query = select(DeliveryEvent).where(
        DeliveryEvent.delivery_id == delivery_id, DeliveryEvent.event.in_([one.value for one in Report])
    )
    return list(session.scalars(query.order_by(DeliveryEvent.id)))
