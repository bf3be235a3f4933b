"""Letters that a server refused while they were sent: each counts as a bounce, by the server's own words."""

from datetime import datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Bounce, BounceKind, BounceSource, Delivery, DeliveryState, Issue
from newsletter.bounces.classes import class_of, reply_of
from newsletter.bounces.consequences import note_bounce
from newsletter.deliveries import GAVE_UP
from newsletter.keys import Keys

PORTION: Final = 200


def count_refused(session: Session, keys: Keys, *, now: datetime) -> int:
    """Count some of the refusals that were not counted yet; return how many, 0 when none is left."""
    refused = session.scalars(_uncounted().limit(PORTION)).all()
    for delivery in refused:
        status, kind = _judged(delivery)
        note_bounce(
            session,
            keys,
            delivery,
            kind=kind,
            source=BounceSource.REPLY,
            status=status,
            code=delivery.code,
            said=delivery.reply or "",
            now=now,
        )
    return len(refused)


def has_refused(session: Session) -> bool:
    """Tell whether there is a refusal that was not counted."""
    return session.scalars(_uncounted().limit(1)).first() is not None


def _uncounted() -> Select[Delivery]:
    counted = select(Bounce.id).where(Bounce.delivery_id == Delivery.id, Bounce.source == BounceSource.REPLY)
    # By issue, so that the index of issue and state finds them among a million letters that were taken.
    begun = select(Issue.id).where(Issue.started_at.is_not(None))
    return select(Delivery).where(
        Delivery.issue_id.in_(begun), Delivery.state == DeliveryState.REJECTED, ~counted.exists()
    )


def _judged(delivery: Delivery) -> tuple[str | None, BounceKind]:
    said = delivery.reply or ""
    if said.startswith(GAVE_UP):
        return "4.0.0", BounceKind.SOFT
    if delivery.code is None:
        # No server said so: we could not even ask, such as for an address in an alphabet it does not take.
        return None, BounceKind.POLICY
    _, status = reply_of(said)
    return status, class_of(status)
