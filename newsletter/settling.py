"""What is in doubt: letters under way when a connection or a program was lost. Somebody has to say."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, insert, select, update
from sqlalchemy.orm import Session

from models import (
    DELIVERY_TRANSITIONS,
    Act,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    InDoubtPolicy,
    Issue,
    record_revision,
    step,
)

# A letter that ends in doubt this often is not sent again by itself: something about it ends connections.
MOST_ATTEMPTS: Final = 5

IS_RESENT_BY_POLICY: Final = and_(Delivery.state == DeliveryState.IN_DOUBT, Delivery.attempts < MOST_ATTEMPTS)
"""Which letters an issue whose policy is to resend sends once more by itself."""


def set_policy(session: Session, issue: Issue, policy: InDoubtPolicy, *, editor: str, now: datetime) -> None:
    """Say what becomes of letters in doubt: held for an editor, or sent once more; it may change any time."""
    before, issue.in_doubt = issue.in_doubt, policy
    if before is not policy:
        record_revision(
            session,
            kind="issue",
            code=issue.code,
            act=Act.CHANGED,
            changes={"in_doubt": [before.value, policy.value]},
            editor=editor,
            now=now,
        )


def in_doubt(session: Session, issue: Issue) -> Sequence[Delivery]:
    """List an issue's letters in doubt, in the order of their addresses."""
    query = select(Delivery).where(Delivery.issue_id == issue.id, Delivery.state == DeliveryState.IN_DOUBT)
    return session.scalars(query.order_by(Delivery.address)).all()


def resend(session: Session, issue: Issue, *, now: datetime) -> int:
    """Let every letter in doubt be sent once more, the same to the byte; return how many."""
    return _settle(
        session, in_doubt(session, issue), to=DeliveryState.PENDING, how="to be sent again", now=now
    )


def assume_sent(session: Session, issue: Issue, *, now: datetime) -> int:
    """Count every letter in doubt as sent; return how many."""
    return _settle(session, in_doubt(session, issue), to=DeliveryState.ACCEPTED, how="assumed sent", now=now)


def follow_policy(session: Session, issue: Issue, *, now: datetime) -> int:
    """Where the issue's policy is to resend, do so for what was not tried too often; return how many."""
    if issue.in_doubt is not InDoubtPolicy.RESEND:
        return 0
    again = session.scalars(select(Delivery).where(Delivery.issue_id == issue.id, IS_RESENT_BY_POLICY)).all()
    return _settle(
        session, again, to=DeliveryState.PENDING, how="to be sent again, by the issue's policy", now=now
    )


def _settle(session: Session, rows: Sequence[Delivery], *, to: DeliveryState, how: str, now: datetime) -> int:
    for row in rows:
        step(DELIVERY_TRANSITIONS, what="The letter", current=row.state, to=to)
        session.execute(
            update(Delivery)
            .where(Delivery.id == row.id, Delivery.state == DeliveryState.IN_DOUBT)
            .values(state=to, next_at=None, at=now),
            execution_options={"synchronize_session": False},
        )
    if rows:
        session.execute(
            insert(DeliveryEvent),
            [{"delivery_id": row.id, "at": now, "event": "settled", "detail": how} for row in rows],
        )
    return len(rows)
