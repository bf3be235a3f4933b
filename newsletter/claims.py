"""Deliveries as one sender holds them: taken with a lease, looked at once more, given back.

A claim is an owner and an epoch. The epoch grows with every claim, so that a sender that was asleep when its
lease ended finds that its row is no longer its own. One query serves SQLite, where writers wait for each
other, and PostgreSQL, where SKIP LOCKED lets them pass.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from models import Delivery, DeliveryState, Issue, IssueState, Subscriber, SubscriberState
from newsletter.journal import Claim

LEASE: Final = timedelta(seconds=30)

_UNTOUCHED: Final = {"synchronize_session": False}

_deliveries, _issues, _subscribers = (record.__table__ for record in (Delivery, Issue, Subscriber))


class Held(NamedTuple):
    """A delivery that a sender has claimed, with all its letter needs."""

    id: int
    epoch: int
    subscriber_id: int | None
    address: str
    address_key: str
    language: str
    link_epoch: int
    message_id: str
    attempts: int

    @property
    def claim(self) -> Claim:
        """What the sender's writes must name."""
        return Claim(self.id, self.epoch)


class Permission(StrEnum):
    """What a last look at a claimed row says about sending its letter now."""

    GRANTED = "granted"
    READER_LEFT = "reader_left"
    NOT_OURS = "not_ours"
    STOPPED = "stopped"
    TOO_LATE = "too_late"


# Built once, of tables and not of records: it is asked before every letter.
_LOOK: Final = (
    select(
        _deliveries.c.id,
        _deliveries.c.epoch,
        _issues.c.state,
        _issues.c.not_after,
        _issues.c.open_until,
        _subscribers.c.state,
    )
    .join(_issues, _issues.c.id == _deliveries.c.issue_id)
    .outerjoin(_subscribers, _subscribers.c.id == _deliveries.c.subscriber_id)
    .where(
        _deliveries.c.id.in_(bindparam("ids", expanding=True)),
        _deliveries.c.owner == bindparam("holder"),
        _deliveries.c.state == DeliveryState.CLAIMED,
    )
)


def claim(session: Session, *, issue_id: int, owner: str, now: datetime, limit: int) -> list[Held]:
    """Take up to `limit` rows that may be tried now: pending ones, then put-off ones whose time has come."""
    held: list[Held] = []
    for waiting in (
        Delivery.state == DeliveryState.PENDING,
        and_(Delivery.state == DeliveryState.DEFERRED, Delivery.next_at <= now),
    ):
        if len(held) < limit:
            free = (
                select(Delivery.id)
                .where(Delivery.issue_id == issue_id, waiting)
                .limit(limit - len(held))
                .with_for_update(skip_locked=True)
            )
            held += _take(session, session.scalars(free).all(), owner=owner, until=now + LEASE)
    return sorted(held)


def renew(session: Session, *, owner: str, now: datetime) -> int:
    """Renew the lease of all an owner still holds; return how many that is."""
    found = session.execute(
        update(Delivery)
        .where(Delivery.owner == owner, Delivery.state == DeliveryState.CLAIMED)
        .values(lease_until=now + LEASE),
        execution_options=_UNTOUCHED,
    )
    return int(found.rowcount)  # type: ignore[attr-defined] # an UPDATE's result has it


def look_again(
    session: Session, held: Collection[Held], *, owner: str, now: datetime
) -> dict[int, Permission]:
    """Tell for each held delivery whether its letter may be sent at this moment. Writes nothing."""
    epochs = {one.id: one.epoch for one in held}
    permissions = dict.fromkeys(epochs, Permission.NOT_OURS)
    found = session.connection().execute(_LOOK, {"ids": list(epochs), "holder": owner})
    for delivery, epoch, issue_state, not_after, open_until, reader in found:
        if epoch != epochs[delivery]:
            continue
        goes_on = issue_state is IssueState.SENDING and (open_until is None or now < open_until)
        permissions[delivery] = _permission(
            reader, goes_on=goes_on, is_late=not_after is not None and now > not_after
        )
    return permissions


def give_back(session: Session, claims: Collection[Claim], *, owner: str) -> None:
    """Return claimed rows untouched to those who wait."""
    for one in claims:
        session.execute(
            update(Delivery)
            .where(
                Delivery.id == one.delivery,
                Delivery.epoch == one.epoch,
                Delivery.owner == owner,
                Delivery.state == DeliveryState.CLAIMED,
            )
            .values(state=DeliveryState.PENDING, owner=None, lease_until=None),
            execution_options=_UNTOUCHED,
        )


def give_back_all(session: Session, *, owner: str, but: Collection[int]) -> None:
    """Return all rows an owner has claimed, but those deliveries, to those who wait."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.owner == owner,
            Delivery.state == DeliveryState.CLAIMED,
            Delivery.id.not_in(list(but)),
        )
        .values(state=DeliveryState.PENDING, owner=None, lease_until=None),
        execution_options=_UNTOUCHED,
    )


def are_held(session: Session, *, issue_id: int) -> bool:
    """Tell whether any sender holds letters of the issue, or is about to.

    On PostgreSQL a claim that is not yet committed hides its rows from other claims (SKIP LOCKED), and they
    still read as pending.
    """
    held = Delivery.state.in_([DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.ON_WIRE])
    query = select(Delivery.id).where(Delivery.issue_id == issue_id, held)
    return session.scalars(query.limit(1)).first() is not None


def _take(session: Session, ids: Sequence[int], *, owner: str, until: datetime) -> list[Held]:
    if not ids:
        return []
    taken = session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(state=DeliveryState.CLAIMED, owner=owner, epoch=Delivery.epoch + 1, lease_until=until)
        .returning(*(getattr(Delivery, name) for name in Held._fields)),
        execution_options=_UNTOUCHED,
    )
    return [Held(*row) for row in taken]


def _permission(reader: SubscriberState | None, *, goes_on: bool, is_late: bool) -> Permission:
    if not goes_on:
        return Permission.STOPPED
    if is_late:
        return Permission.TOO_LATE
    # An erased reader has no row any more, which is the strongest way to leave.
    return Permission.GRANTED if reader is SubscriberState.CONFIRMED else Permission.READER_LEFT
