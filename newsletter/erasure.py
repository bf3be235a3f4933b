"""What is kept about one person: given to them when they ask, and forgotten when they ask for that."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Consent, Delivery, Issue, Refusal, Subscriber, SuppressionReason
from newsletter.addressing import address_key, read_address
from newsletter.deliveries import LEFT_MEANWHILE, skip_waiting
from newsletter.keys import Keys
from newsletter.suppression import suppress

ERASED: Final = "erased"


class NoSuchReader(Refusal):
    """Nothing is kept about this address."""


def find_reader(session: Session, address: str) -> Subscriber:
    """Return the reader of an address, or raise NoSuchReader or BadAddress."""
    key = address_key(read_address(address))
    reader = session.scalars(select(Subscriber).where(Subscriber.address_key == key)).first()
    if reader is None:
        raise NoSuchReader(f"Nothing is kept about {address.strip()}.")
    return reader


def export(session: Session, address: str) -> dict[str, Any]:
    """Return all that is kept about one person, as plain values. Raises NoSuchReader or BadAddress."""
    reader = find_reader(session, address)
    consents = select(Consent).where(Consent.subscriber_id == reader.id).order_by(Consent.id)
    letters = (
        select(Issue.code, Delivery)
        .join(Issue, Issue.id == Delivery.issue_id)
        .where(Delivery.subscriber_id == reader.id)
        .order_by(Delivery.id)
    )
    return {
        "address": reader.address,
        "language": reader.language,
        "state": reader.state,
        "kind": reader.kind,
        "name": reader.name,
        "organisation": reader.organisation,
        "created_at": reader.created_at,
        "confirmed_at": reader.confirmed_at,
        "left_at": reader.left_at,
        "consents": [
            {"at": one.at, "act": one.act, "wording": one.wording, "source": one.source}
            for one in session.scalars(consents)
        ],
        "letters": [
            {"issue": code, "language": letter.language, "state": letter.state, "at": letter.at}
            for code, letter in session.execute(letters)
        ],
    }


def erase(session: Session, keys: Keys, address: str, *, now: datetime) -> None:
    """Forget a person: their row, their consents, their address in every ledger; no letter after this.

    Only a keyed hash of the address stays, so that no import brings them back. Raises NoSuchReader or
    BadAddress.
    """
    erase_reader(session, keys, find_reader(session, address), now=now)


def erase_reader(session: Session, keys: Keys, reader: Subscriber, *, now: datetime) -> None:
    """Forget one reader, as `erase` does."""
    skip_waiting(session, reason=LEFT_MEANWHILE, at=now, subscriber_id=reader.id)
    suppress(session, keys, reader.address_key, reason=SuppressionReason.ERASED, now=now)
    for letter in session.scalars(select(Delivery.id).where(Delivery.subscriber_id == reader.id)).all():
        # The numbers of an issue still add up, and each row keeps a key of its own.
        session.execute(
            update(Delivery)
            .where(Delivery.id == letter)
            .values(address=ERASED, address_key=f"{ERASED}-{letter}", subscriber_id=None),
            execution_options={"synchronize_session": False},
        )
    session.delete(reader)
    session.flush()
