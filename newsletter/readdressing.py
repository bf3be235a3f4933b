"""A reader's letters go to another address from now on, those that wait to be sent as well.

What was claimed by a sender at that moment may be on the wire: it goes where it was addressed, or it comes
back unsent and follows its reader then. Links in letters sent before go on leading to whoever got them.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import AddressChange, Delivery, FormerAddress, Parting, Subscriber, SubscriberState
from models.departures import note_move, note_return
from newsletter.addressing import address_key
from newsletter.following import follow_readers
from newsletter.keys import Keys
from newsletter.suppression import address_hash, address_hashes


def readdress(
    session: Session, keys: Keys, reader: Subscriber, address: str, *, parting: Parting, now: datetime
) -> None:
    """Let a reader's letters go to a checked address that no other reader has.

    Links to the preferences in letters sent before end here; links to leave go on working. Where the old
    address was written to, it is noted outside the database first, so that no restored backup writes there.
    """
    former = FormerAddress(
        subscriber_id=reader.id,
        address=reader.address,
        address_key=reader.address_key,
        parting=parting,
        until=now,
    )
    if reader.state is SubscriberState.CONFIRMED:
        note_move(session, address_hash(keys, reader.address_key), now=now)
    key = address_key(address)
    welcome(session, keys, key, now=now)
    own = FormerAddress.subscriber_id == reader.id
    session.execute(delete(FormerAddress).where(own, FormerAddress.address_key == key))
    session.add(former)
    reader.address, reader.address_key = address, key
    reader.epoch += 1
    session.flush()
    follow_readers(session, Delivery.subscriber_id == reader.id, now=now)


def welcome(session: Session, keys: Keys, key: str, *, now: datetime) -> None:
    """Note that an address somebody had given up is written to again, once the transaction has committed."""
    if session.scalar(select(FormerAddress.id).where(FormerAddress.address_key == key).limit(1)):
        note_return(session, address_hashes(keys, key), now=now)


def former_address(session: Session, key: str) -> FormerAddress | None:
    """Return how an address was given up last, None where it never was."""
    query = select(FormerAddress).where(FormerAddress.address_key == key)
    return session.scalars(query.order_by(FormerAddress.id.desc()).limit(1)).first()


def forget_change(session: Session, reader: Subscriber) -> None:
    """Let go of an address a reader asked to change to."""
    session.execute(delete(AddressChange).where(AddressChange.subscriber_id == reader.id))
