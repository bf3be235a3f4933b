"""Addresses nothing is sent to, known by a keyed hash alone. They outlive erasure and every import."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import (
    SUBSCRIBER_TRANSITIONS,
    AddressChange,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionReason,
)
from models.departures import note_departure, note_return
from newsletter.deliveries import LEFT_MEANWHILE, skip_waiting
from newsletter.keys import Keys

# What the person's own renewed consent may lift. A complaint or an editor's decision stands.
_LIFTED_BY_CONSENT: Final = frozenset(
    {SuppressionReason.LEFT, SuppressionReason.ERASED, SuppressionReason.BOUNCED}
)


# How a reader stands whose address is suppressed for a reason.
_STANDS: Final = {
    SuppressionReason.LEFT: SubscriberState.LEFT,
    SuppressionReason.ERASED: SubscriberState.LEFT,
    SuppressionReason.BOUNCED: SubscriberState.BOUNCED,
    SuppressionReason.COMPLAINED: SubscriberState.SUPPRESSED,
    SuppressionReason.EDITOR: SubscriberState.SUPPRESSED,
}


def address_hash(keys: Keys, key: str) -> str:
    """Return the hash an address is suppressed by, from its `address_key`: 64 hexadecimal digits."""
    return keys.digest("suppression", key).hex()


def suppress(session: Session, keys: Keys, key: str, *, reason: SuppressionReason, now: datetime) -> None:
    """Suppress an address. A graver reason replaces a lighter one, never the other way round.

    Its reader, if there is one, is none from this transaction on, and what waits for them is skipped. It is
    written down outside the database first, so that a restored backup does not forget it.
    """
    note_departure(session, address_hash(keys, key), reason=reason.value, now=now)
    known = _rows(session, keys, [key]).get(key)
    if known is None:
        session.add(Suppression(address_hash=address_hash(keys, key), reason=reason, at=now))
    elif known.reason in _LIFTED_BY_CONSENT:
        known.reason, known.at = reason, now
    _take_off(session, key, reason=reason, now=now)
    session.flush()


def suppressed_among(
    session: Session, keys: Keys, address_keys: Collection[str]
) -> dict[str, SuppressionReason]:
    """Return those of the addresses that are suppressed, with the reason. Ask for a thousand at most."""
    return {key: row.reason for key, row in _rows(session, keys, address_keys).items()}


def is_lasting(reason: SuppressionReason) -> bool:
    """Tell whether the suppression stands even when the person asks for the letter again."""
    return reason not in _LIFTED_BY_CONSENT


def lift_by_consent(session: Session, keys: Keys, key: str, *, now: datetime) -> None:
    """Lift what the person's own renewed consent may lift; nothing else ever does."""
    hashes = address_hashes(keys, key)
    lifted = session.execute(
        delete(Suppression)
        .where(Suppression.address_hash.in_(hashes), Suppression.reason.in_(_LIFTED_BY_CONSENT))
        .returning(Suppression.address_hash)
    ).all()
    if lifted:
        note_return(session, hashes, now=now)


def _take_off(session: Session, key: str, *, reason: SuppressionReason, now: datetime) -> None:
    """Let no reader stand who would be written to: sending asks for the reader's state alone."""
    reader = session.scalars(select(Subscriber).where(Subscriber.address_key == key)).first()
    if reader is None:
        return
    to = _STANDS[reason]
    if to is SubscriberState.BOUNCED and reader.state is SubscriberState.PENDING:
        to = SubscriberState.LEFT
    if to in SUBSCRIBER_TRANSITIONS[reader.state]:
        reader.state = to
        reader.left_at = reader.left_at or now
    session.execute(delete(AddressChange).where(AddressChange.subscriber_id == reader.id))
    skip_waiting(session, reason=LEFT_MEANWHILE, at=now, subscriber_id=reader.id)


def _rows(session: Session, keys: Keys, address_keys: Collection[str]) -> dict[str, Suppression]:
    by_hash = {one: key for key in address_keys for one in address_hashes(keys, key)}
    found = session.scalars(select(Suppression).where(Suppression.address_hash.in_(by_hash)))
    # Under an older key an address may be suppressed too: what stays for good counts.
    return {by_hash[row.address_hash]: row for row in sorted(found, key=lambda row: is_lasting(row.reason))}


def address_hashes(keys: Keys, key: str) -> list[str]:
    """Return an address's hash under every key there was, so that a new secret forgets nobody."""
    return [digest.hex() for digest in keys.digests("suppression", key)]
