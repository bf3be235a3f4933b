"""Letters that wait follow a reader who has another address by now."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from models import Delivery, DeliveryEvent, DeliveryState, Subscriber

FOLLOWED: Final = "readdressed"
"""The event of a letter whose reader had changed their address before it was sent."""

_TOLD_ELSEWHERE: Final = "its reader gets this issue at their new address already"
_WAITING: Final = (DeliveryState.PENDING, DeliveryState.DEFERRED)


def follow_readers(session: Session, *which: ColumnElement[bool], now: datetime) -> int:
    """Readdress those of these letters that wait and whose reader has another address now; return how many.

    The Message-ID stays, so that a copy that arrived at the old address after all is known as the same. Where
    the new address has a letter of the issue of its own, the waiting one is skipped.
    """
    query = (
        select(Delivery.id, Delivery.issue_id, Subscriber.address, Subscriber.address_key, Subscriber.epoch)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .where(Delivery.state.in_(_WAITING), Subscriber.address_key != Delivery.address_key, *which)
        .order_by(Delivery.id)
        .with_for_update(of=Delivery)
    )
    found = session.execute(query).all()
    for delivery, issue, address, key, epoch in found:
        twin = select(Delivery.id).where(Delivery.issue_id == issue, Delivery.address_key == key)
        has_one = session.scalar(twin)
        values: dict[str, object] = (
            {"state": DeliveryState.SKIPPED, "next_at": None, "reply": _TOLD_ELSEWHERE, "at": now}
            if has_one
            else {"address": address, "address_key": key, "link_epoch": epoch}
        )
        session.execute(
            update(Delivery).where(Delivery.id == delivery).values(values),
            execution_options={"synchronize_session": False},
        )
        happened = DeliveryState.SKIPPED.value if has_one else FOLLOWED
        event = {"delivery_id": delivery, "at": now, "event": happened}
        session.execute(insert(DeliveryEvent), [event | {"detail": _TOLD_ELSEWHERE if has_one else None}])
    return len(found)
