"""After a sender died: its journal says what touched the wire, and everything else waits again.

On the wire without an outcome: in doubt, because nobody knows. Claimed and never on the wire: pending again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models import Database, Delivery, DeliveryState, Issue, IssueState
from newsletter.claims import give_back
from newsletter.deliveries import ISSUE_CANCELLED, Ending, record_endings, skip_waiting
from newsletter.journal import Account, Claim, discard, journals, owner_of, read, sweep, taken_over
from newsletter.transport import Fate, Outcome

# A sender on another machine may be slow to renew; only after this long is it taken for lost.
LOST_AFTER: Final = timedelta(minutes=10)

_KILLED: Final = Outcome(Fate.IN_DOUBT, None, "the program ended while the letter was under way")
_CRASHED: Final = Outcome(Fate.IN_DOUBT, None, "the machine went down while its sender held the letter")
_LOST: Final = Outcome(Fate.IN_DOUBT, None, "its sender, on another machine, was not heard of again")
_PORTION: Final = 500

# Looked for every few seconds, so by the index of work that is not over, never through all letters ever sent.
_CLAIMED: Final = and_(
    Delivery.issue_id.in_(select(Issue.id).where(Issue.state != IssueState.SENT)),
    Delivery.state == DeliveryState.CLAIMED,
)


def recover_journals(database: Database, *, folder: Path, now: datetime) -> int:
    """Bring what the journals of dead senders tell into the database; return how many letters that was.

    A sender that lives but let its lease lapse (it was suspended, or could not reach the database) loses what
    it held in the same way; its journal stays its own. Safe to repeat, and from several processes at once.
    """
    recovered = 0
    lapsed = _lapsed_owners(database, now)
    sweep(folder)
    for path in journals(folder):
        with taken_over(path) as account:
            if account is not None:
                with database.writing() as session:
                    recovered += _recover(session, account, lapsed_by=None, now=now)
                discard(path)
            elif owner_of(path) in lapsed:
                with database.writing() as session:
                    recovered += _recover(session, read(path), lapsed_by=now, now=now)
    return recovered


def expire_leases(database: Database, *, folder: Path, now: datetime) -> int:
    """Put in doubt what senders held whose journal is not here and who were not heard of for ten minutes."""
    here = {owner_of(path) for path in journals(folder)}
    query = select(Delivery.owner, Delivery.id, Delivery.epoch).where(
        _CLAIMED, Delivery.lease_until < now - LOST_AFTER
    )
    with database.reading() as session:
        # Looked for every few seconds: the write lock is not taken for nothing.
        if session.execute(query.limit(1)).first() is None:
            return 0
    with database.writing() as session:
        lost: dict[str, list[Claim]] = {}
        for owner, delivery, epoch in session.execute(query):
            if owner is not None and owner not in here:
                lost.setdefault(owner, []).append(Claim(delivery, epoch))
        for owner, claims in lost.items():
            endings = [Ending(claim=claim, outcome=_LOST, at=now) for claim in claims]
            for some in _portions(endings):
                record_endings(session, some, owner=owner)
    return sum(map(len, lost.values()))


def _lapsed_owners(database: Database, now: datetime) -> set[str | None]:
    """Return the senders that hold letters on a lease that has ended."""
    query = select(Delivery.owner).where(_CLAIMED, Delivery.lease_until < now)
    with database.reading() as session:
        return set(session.scalars(query.distinct()))


def _recover(session: Session, account: Account, *, lapsed_by: datetime | None, now: datetime) -> int:
    """Settle what an owner held, or of it what was leased until before `lapsed_by`; return how many."""
    query = (
        select(Delivery.id, Delivery.epoch)
        .where(Delivery.owner == account.owner, Delivery.state == DeliveryState.CLAIMED)
        .order_by(Delivery.id)
        .with_for_update()
    )
    if lapsed_by is not None:
        query = query.where(Delivery.lease_until < lapsed_by)
    held = [Claim(delivery, epoch) for delivery, epoch in session.execute(query)]
    endings: list[Ending] = []
    untouched: list[Claim] = []
    for claim in held:
        outcome = _outcome(account, claim)
        if outcome is None:
            untouched.append(claim)
        else:
            endings.append(Ending(claim=claim, outcome=outcome, at=now))
    for some in _portions(endings):
        record_endings(session, some, owner=account.owner)
    give_back(session, untouched, owner=account.owner)
    _skip_of_cancelled(session, now=now)
    return len(held)


def _outcome(account: Account, claim: Claim) -> Outcome | None:
    """Return how a letter ended, as far as the journal knows; None when it never touched the wire."""
    if claim not in account.outcomes:
        # Lines that never reached the disk cannot say that a letter was not sent.
        return None if account.is_complete else _CRASHED
    outcome = account.outcomes[claim]
    if outcome is not None and outcome.fate in {Fate.LOST, Fate.RELAY_FAULT}:
        return None
    return outcome or _KILLED


def _skip_of_cancelled(session: Session, *, now: datetime) -> None:
    """What was claimed when its issue was cancelled is skipped like the rest, now that it is free."""
    for issue in session.scalars(select(Issue.id).where(Issue.state == IssueState.CANCELLED)):
        skip_waiting(session, reason=ISSUE_CANCELLED, at=now, issue_id=issue)


def _portions(endings: Sequence[Ending]) -> Iterator[Sequence[Ending]]:
    return (endings[start : start + _PORTION] for start in range(0, len(endings), _PORTION))
