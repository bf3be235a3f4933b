"""What became of each letter, written in groups; and the numbers that must add up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, insert, null, select, update
from sqlalchemy.orm import Session

from models import (
    DELIVERY_TRANSITIONS,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    Issue,
    IssueState,
    step,
)
from newsletter.bulk import for_the_driver, in_bulk
from newsletter.journal import Claim
from newsletter.retrying import next_attempt
from newsletter.transport import Fate, Outcome

OPEN: Final = frozenset(
    {DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.ON_WIRE, DeliveryState.DEFERRED}
)
LEFT_MEANWHILE: Final = "left before the letter was sent"
ISSUE_CANCELLED: Final = "the issue was cancelled"

GAVE_UP: Final = "put off for 48 hours"

# SQLite takes a limited number of parameters in one statement.
_PORTION: Final = 500

# Tables and not records: they are asked and written for every letter.
_deliveries, _events = (Delivery.metadata.tables[one.__tablename__] for one in (Delivery, DeliveryEvent))

_CHANGES: Final = (
    "delivery",
    "new_state",
    "new_attempts",
    "new_next_at",
    "new_code",
    "new_reply",
    "ended_at",
)
_ENDED: Final = (
    update(_deliveries)
    .where(_deliveries.c.id == bindparam("delivery"))
    .values(
        state=bindparam("new_state"),
        attempts=bindparam("new_attempts"),
        next_at=bindparam("new_next_at"),
        code=bindparam("new_code"),
        reply=bindparam("new_reply"),
        at=bindparam("ended_at"),
        owner=null(),
        lease_until=null(),
    )
)

_FACTS: Final = ("delivery_id", "at", "event", "code", "detail")
_HAPPENED: Final = insert(_events).values({name: bindparam(name) for name in _FACTS})

_HELD: Final = (
    select(_deliveries.c.id, _deliveries.c.epoch, _deliveries.c.attempts)
    .where(
        _deliveries.c.id.in_(bindparam("ids", expanding=True)),
        _deliveries.c.owner == bindparam("holder"),
        _deliveries.c.state == DeliveryState.CLAIMED,
    )
    .order_by(_deliveries.c.id)
    .with_for_update()
)

_STATES: Final = {
    Fate.ACCEPTED: DeliveryState.ACCEPTED,
    Fate.DEFERRED: DeliveryState.DEFERRED,
    Fate.REJECTED: DeliveryState.REJECTED,
    Fate.IN_DOUBT: DeliveryState.IN_DOUBT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How one claimed delivery ended: an outcome, or None when its reader left before it was tried."""

    claim: Claim
    outcome: Outcome | None
    at: datetime


class _Change(NamedTuple):
    """What an ending changes of its delivery."""

    delivery: int
    state: DeliveryState
    attempts: int
    next_at: datetime | None
    code: int | None
    reply: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The numbers of an issue, as `newsletter status` shows them.

    candidates = included + excluded; included = accepted + rejected + skipped + in_doubt + open.
    """

    state: IssueState
    candidates: int
    excluded: int
    excluded_by: Mapping[str, int]
    included: int
    accepted: int
    rejected: int
    skipped: int
    in_doubt: int
    open: int

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do or to be said about any letter."""
        return self.open == 0 and self.in_doubt == 0

    @property
    def adds_up(self) -> bool:
        """Whether nobody is missing and nobody is counted twice."""
        ended = self.accepted + self.rejected + self.skipped + self.in_doubt + self.open
        return self.included == ended and self.candidates == self.included + self.excluded


def record_endings(session: Session, endings: Sequence[Ending], *, owner: str) -> list[Claim]:
    """Write a group of endings; return those refused because the rows are no longer this owner's."""
    attempts = _attempts_of_held(session, endings, owner)
    first_tries = _first_tries(session, endings)
    changes = [
        _change(
            ending,
            attempts=attempts[ending.claim],
            first_at=first_tries.get(ending.claim.delivery, ending.at),
        )
        for ending in endings
        if ending.claim in attempts
    ]
    if changes:
        _write(session, changes)
    return [ending.claim for ending in endings if ending.claim not in attempts]


def skip_waiting(
    session: Session,
    *,
    reason: str,
    at: datetime,
    issue_id: int | None = None,
    subscriber_id: int | None = None,
) -> int:
    """Skip what waits to be sent, of an issue or to a reader; return how many that is.

    A claimed row stays with its sender, who looks once more before each letter and skips it itself: a letter
    that is on the wire at this moment is then told as what it was.
    """
    waiting = [state for state in OPEN - {DeliveryState.CLAIMED} if _may(state, DeliveryState.SKIPPED)]
    query = select(Delivery.id).where(Delivery.state.in_(waiting))
    if issue_id is not None:
        query = query.where(Delivery.issue_id == issue_id)
    if subscriber_id is not None:
        query = query.where(Delivery.subscriber_id == subscriber_id)
    skipped, last = 0, 0
    # Locked in one order everywhere, so that no two transactions wait for each other; and never all at once.
    query = query.order_by(Delivery.id).limit(_PORTION).with_for_update()
    while some := session.scalars(query.where(Delivery.id > last)).all():
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(some))
            .values(state=DeliveryState.SKIPPED, next_at=None, reply=reason, at=at),
            execution_options={"synchronize_session": False},
        )
        session.execute(
            insert(DeliveryEvent),
            [{"delivery_id": one, "at": at, "event": "skipped", "detail": reason} for one in some],
        )
        skipped, last = skipped + len(some), some[-1]
    return skipped


def count(session: Session, issue: Issue) -> Counts:
    """Count an issue's letters. Before its audience is frozen every number is 0."""
    query = select(Delivery.state, func.count()).where(Delivery.issue_id == issue.id).group_by(Delivery.state)
    found: dict[DeliveryState, int] = dict(session.execute(query).all())
    excluded_by = {str(reason): int(number) for reason, number in (issue.excluded_by or {}).items()}
    return Counts(
        state=issue.state,
        candidates=issue.candidates or 0,
        excluded=sum(excluded_by.values()),
        excluded_by=excluded_by,
        included=sum(found.values()),
        accepted=found.get(DeliveryState.ACCEPTED, 0),
        rejected=found.get(DeliveryState.REJECTED, 0),
        skipped=found.get(DeliveryState.SKIPPED, 0),
        in_doubt=found.get(DeliveryState.IN_DOUBT, 0),
        open=sum(number for state, number in found.items() if state in OPEN),
    )


def _attempts_of_held(session: Session, endings: Iterable[Ending], owner: str) -> dict[Claim, int]:
    """Return the attempts of the rows that are still this owner's, locked until the transaction ends."""
    ids = [ending.claim.delivery for ending in endings]
    found = session.connection().execute(_HELD, {"ids": ids, "holder": owner})
    return {Claim(delivery, epoch): attempts for delivery, epoch, attempts in found.all()}


def _first_tries(session: Session, endings: Iterable[Ending]) -> dict[int, datetime]:
    """Return when those put off now were put off first."""
    put_off = [
        ending.claim.delivery
        for ending in endings
        if ending.outcome is not None and ending.outcome.fate is Fate.DEFERRED
    ]
    if not put_off:
        return {}
    query = (
        select(DeliveryEvent.delivery_id, func.min(DeliveryEvent.at))
        .where(DeliveryEvent.delivery_id.in_(put_off), DeliveryEvent.event == DeliveryState.DEFERRED.value)
        .group_by(DeliveryEvent.delivery_id)
    )
    return dict(session.execute(query).all())


def _write(session: Session, changes: Sequence[_Change]) -> None:
    """Write what endings change, and that it happened."""
    connection = session.connection()
    dialect = connection.dialect
    moment = for_the_driver(_deliveries.c.at.type, dialect)
    rows = [
        (
            change.delivery,
            change.state.value,
            change.attempts,
            moment(change.next_at),
            change.code,
            change.reply,
            moment(change.at),
        )
        for change in changes
    ]
    in_bulk(_ENDED, _CHANGES, dialect).execute(connection, rows)
    happened = [(delivery, at, state, code, reply) for delivery, state, _, _, code, reply, at in rows]
    in_bulk(_HAPPENED, _FACTS, dialect).execute(connection, happened)


def _change(ending: Ending, *, attempts: int, first_at: datetime) -> _Change:
    """Return what an ending changes."""
    outcome = ending.outcome
    state, reply, next_at = DeliveryState.SKIPPED, LEFT_MEANWHILE, None
    if outcome is not None:
        state, reply, attempts = _STATES[outcome.fate], outcome.reply, attempts + 1
    if outcome is not None and state is DeliveryState.DEFERRED:
        next_at = next_attempt(attempts=attempts, first_at=first_at, now=ending.at, asked=outcome.wait)
        if next_at is None:
            state, reply = DeliveryState.REJECTED, f"{GAVE_UP}: {reply}"
    step(DELIVERY_TRANSITIONS, what="The delivery", current=DeliveryState.CLAIMED, to=state)
    code = None if outcome is None else outcome.code
    return _Change(ending.claim.delivery, state, attempts, next_at, code, reply, ending.at)


def _may(state: DeliveryState, to: DeliveryState) -> bool:
    return to in DELIVERY_TRANSITIONS[state]
