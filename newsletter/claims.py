"""Deliveries as one sender holds them: taken with a lease, looked at once more, given back.

A claim is an owner and an epoch. The epoch grows with every claim, so that a sender that was asleep when its
lease ended finds that its row is no longer its own. One query serves SQLite, where writers wait for each
other, and PostgreSQL, where SKIP LOCKED lets them pass.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, String, and_, bindparam, select, type_coerce, update
from sqlalchemy.orm import Session

from models import Delivery, DeliveryState, Issue, IssueState, Subscriber, SubscriberState
from newsletter.following import follow_readers
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
    in_reply_to: str | None = None

    @property
    def claim(self) -> Claim:
        """What the sender's writes must name."""
        return Claim(self.id, self.epoch)


class Permission(StrEnum):
    """What a last look at a claimed row says about sending its letter now."""

    GRANTED = "granted"
    READER_LEFT = "reader_left"
    READER_MOVED = "reader_moved"
    NOT_OURS = "not_ours"
    STOPPED = "stopped"
    TOO_LATE = "too_late"


class Sight(NamedTuple):
    """What a last look sees of a delivery: whose it is, how its issue stands, and its reader."""

    epoch: int
    issue: IssueState
    not_after: datetime | None
    open_until: datetime | None
    reader: SubscriberState | None
    is_their_address: bool | None


RawSights = Mapping[int, Sequence[Any]]
"""Sights by delivery, not read yet: see `read_sight`."""

# Built once, of tables and not of records: it is asked before every letter.
_FACTS: Final = (
    _deliveries.c.epoch,
    _issues.c.state,
    _issues.c.not_after,
    _issues.c.open_until,
    _subscribers.c.state,
    _subscribers.c.address_key == _deliveries.c.address_key,
)
_SEEN: Final = _deliveries.join(_issues, _issues.c.id == _deliveries.c.issue_id).outerjoin(
    _subscribers, _subscribers.c.id == _deliveries.c.subscriber_id
)
_OWN: Final = and_(_deliveries.c.owner == bindparam("holder"), _deliveries.c.state == DeliveryState.CLAIMED)
_LOOK: Final = (
    select(_deliveries.c.id, *_FACTS)
    .select_from(_SEEN)
    .where(_OWN, _deliveries.c.id.in_(bindparam("ids", expanding=True)))
)
# Hundreds of rows of which one is asked for: as the driver gives them, and read when they are.
_LOOK_AT_ALL: Final = (
    select(_deliveries.c.id, *(type_coerce(fact, String()) for fact in _FACTS))
    .select_from(_SEEN)
    .where(_OWN, _deliveries.c.id >= bindparam("first"))
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
            ids = session.scalars(free).all()
            follow_readers(session, _among(ids), now=now)
            held += _take(session, ids, owner=owner, until=now + LEASE)
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
    found = session.connection().execute(_LOOK, {"ids": [one.id for one in held], "holder": owner})
    sights = {delivery: Sight(*facts) for delivery, *facts in found}
    return {one.id: permission_of(one, sights.get(one.id), now=now) for one in held}


def look_at_all(session: Session, *, owner: str, first: int) -> RawSights:
    """Return what a last look sees now of an owner's deliveries from the number `first` on. SQLite only."""
    found = session.connection().execute(_LOOK_AT_ALL, {"holder": owner, "first": first})
    return {row[0]: row for row in found.all()}


def read_sight(raw: Sequence[Any] | None) -> Sight | None:
    """Return one sight of `look_at_all`, read; None where there is none."""
    if raw is None:
        return None
    _, epoch, issue, not_after, open_until, reader, is_theirs = raw
    return Sight(
        epoch=epoch,
        issue=IssueState(issue),
        not_after=_instant(not_after),
        open_until=_instant(open_until),
        reader=SubscriberState(reader) if reader is not None else None,
        is_their_address=bool(is_theirs),
    )


def permission_of(held: Held, sight: Sight | None, *, now: datetime) -> Permission:
    """Tell whether the letter of a held delivery may be sent, of which this was seen (None: not our row)."""
    if sight is None or sight.epoch != held.epoch:
        return Permission.NOT_OURS
    if sight.issue is not IssueState.SENDING or (sight.open_until is not None and now >= sight.open_until):
        return Permission.STOPPED
    if sight.not_after is not None and now > sight.not_after:
        return Permission.TOO_LATE
    # An erased reader has no row any more, which is the strongest way to leave.
    if sight.reader is not SubscriberState.CONFIRMED:
        return Permission.READER_LEFT
    return Permission.GRANTED if sight.is_their_address else Permission.READER_MOVED


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
        .where(_among(ids), Delivery.state.in_([DeliveryState.PENDING, DeliveryState.DEFERRED]))
        .values(state=DeliveryState.CLAIMED, owner=owner, epoch=Delivery.epoch + 1, lease_until=until)
        .returning(*(getattr(Delivery, name) for name in Held._fields)),
        execution_options=_UNTOUCHED,
    )
    return [Held(*row) for row in taken]


def _among(ids: Sequence[int]) -> ColumnElement[bool]:
    # As one parameter: hundreds, each made one by SQLAlchemy, take longer than the query.
    return Delivery.id.in_(bindparam("ids", list(ids), expanding=True))


def _instant(text: str | None) -> datetime | None:
    """Return an instant as SQLite keeps it: UTC, without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text is not None else None
