"""What is in doubt: letters under way when a connection or a program was lost. Somebody has to say.

An editor does, by hand; or a report of the letter's fate does, that names it by its envelope identifier.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.orm import Session

from models import (
    DELIVERY_TRANSITIONS,
    Act,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    InDoubtPolicy,
    Issue,
    Refusal,
    Report,
    record_revision,
    step,
)
from newsletter.course import finish_if_done
from newsletter.envelope_id import read_envelope_id
from newsletter.events import note_report

# A letter that ends in doubt this often is not sent again by itself: something about it ends connections.
MOST_ATTEMPTS: Final = 5
SETTLED: Final = "settled"

IS_RESENT_BY_POLICY: Final = and_(Delivery.state == DeliveryState.IN_DOUBT, Delivery.attempts < MOST_ATTEMPTS)
"""Which letters an issue whose policy is to resend sends once more by itself."""

_PORTION: Final = 1000
_UNTOUCHED: Final = {"synchronize_session": False}

# What waits to be sent once more is sent no more when a report shows that the first copy had arrived. What a
# sender holds at this moment is told by that sender.
_SETTLED_BY_REPORT: Final = frozenset({DeliveryState.IN_DOUBT, DeliveryState.PENDING, DeliveryState.DEFERRED})


class NotInDoubt(Refusal):
    """An address that was named has no letter in doubt."""


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


def resend(session: Session, issue: Issue, *, now: datetime, only: Collection[str] = ()) -> int:
    """Let letters in doubt be sent once more, the same to the byte; return how many.

    `only` are the address keys it is about, all of them when there is none. Raises NotInDoubt.
    """
    return _by_hand(session, issue, only, to=DeliveryState.PENDING, how="to be sent again", now=now)


def assume_sent(session: Session, issue: Issue, *, now: datetime, only: Collection[str] = ()) -> int:
    """Count letters in doubt as sent; return how many. `only` and NotInDoubt as in `resend`."""
    return _by_hand(session, issue, only, to=DeliveryState.ACCEPTED, how="assumed sent", now=now)


def follow_policy(session: Session, issue: Issue, *, now: datetime) -> int:
    """Where the issue's policy is to resend, do so for what was not tried too often; return how many."""
    if issue.in_doubt is not InDoubtPolicy.RESEND:
        return 0
    how = "to be sent again, by the issue's policy"
    return _settle(session, issue, IS_RESENT_BY_POLICY, to=DeliveryState.PENDING, how=how, now=now)


def settle_by_report(
    session: Session,
    *,
    envelope_id: str,
    what: Report | None,
    now: datetime,
    status: str | None = None,
    detail: str | None = None,
    report: str | None = None,
) -> int | None:
    """Learn from a delivery report (RFC 3464) that names its letter; return the delivery's id.

    None when `envelope_id` (Original-Envelope-Id, decoded) is not one of ours. Whatever a report says, the
    server had taken the letter: what was in doubt counts as accepted, and what waited to be sent once more is
    not. `what` goes into the letter's history (see note_report); None for a report that it is delayed.
    An issue whose last letter is settled so is sent.
    """
    named = read_envelope_id(envelope_id)
    if named is None:
        return None
    found = session.execute(
        select(Delivery.message_id, Issue)
        .join(Issue, Issue.id == Delivery.issue_id)
        .where(Delivery.id == named.delivery_id)
        .with_for_update(of=Issue)
    ).first()
    if found is None or not named.is_that_of(found[0]):
        return None
    _accept_by_report(session, found[1], named.delivery_id, now=now)
    if what is not None:
        note_report(
            session,
            delivery_id=named.delivery_id,
            what=what,
            at=now,
            status=status,
            detail=detail,
            report=report,
        )
    return named.delivery_id


def _accept_by_report(session: Session, issue: Issue, delivery: int, *, now: datetime) -> None:
    settled = session.scalars(
        update(Delivery)
        .where(Delivery.id == delivery, Delivery.state.in_(_SETTLED_BY_REPORT))
        .values(state=DeliveryState.ACCEPTED, next_at=None, at=now)
        .returning(Delivery.id),
        execution_options=_UNTOUCHED,
    ).all()
    if settled:
        _note(session, settled, how="accepted: a report names the letter", now=now)
        finish_if_done(session, issue.code, now=now)


def _by_hand(
    session: Session, issue: Issue, only: Collection[str], *, to: DeliveryState, how: str, now: datetime
) -> int:
    if not only:
        return _settle(session, issue, Delivery.state == DeliveryState.IN_DOUBT, to=to, how=how, now=now)
    doubted = and_(Delivery.state == DeliveryState.IN_DOUBT, Delivery.address_key.in_(only))
    known = set(session.scalars(select(Delivery.address_key).where(Delivery.issue_id == issue.id, doubted)))
    for one in only:
        if one not in known:
            raise NotInDoubt(
                f"No letter of issue {issue.code} to {one} is in doubt. "
                f"List those that are with: iscm newsletter settle {issue.code}"
            )
    return _settle(session, issue, doubted, to=to, how=how, now=now)


def _settle(
    session: Session, issue: Issue, which: ColumnElement[bool], *, to: DeliveryState, how: str, now: datetime
) -> int:
    """Settle an issue's letters that are in doubt and of which `which` holds, a thousand at a time."""
    step(DELIVERY_TRANSITIONS, what="The letter", current=DeliveryState.IN_DOUBT, to=to)
    query = select(Delivery.id).where(Delivery.issue_id == issue.id, which)
    # Locked in one order everywhere, so that no two transactions wait for each other.
    query = query.order_by(Delivery.id).limit(_PORTION).with_for_update()
    settled = 0
    while some := session.scalars(query).all():
        session.execute(
            update(Delivery).where(Delivery.id.in_(some)).values(state=to, next_at=None, at=now),
            execution_options=_UNTOUCHED,
        )
        _note(session, some, how=how, now=now)
        settled += len(some)
    return settled


def _note(session: Session, deliveries: Sequence[int], *, how: str, now: datetime) -> None:
    session.execute(
        insert(DeliveryEvent),
        [{"delivery_id": one, "at": now, "event": SETTLED, "detail": how} for one in deliveries],
    )
