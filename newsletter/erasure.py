"""Forgetting a person: no row holds their address any more, no letter follows, every number still adds up.

Only a keyed hash of the address stays, so that no import brings them back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import (
    AddressChange,
    Bounce,
    Delivery,
    DeliveryEvent,
    ErrorReport,
    FormerAddress,
    Issue,
    Parting,
    QueuedMail,
    Refusal,
    Subscriber,
    SuppressionReason,
    Task,
)
from newsletter.addressing import address_key, read_address
from newsletter.deliveries import LEFT_MEANWHILE, skip_waiting
from newsletter.keys import Keys
from newsletter.readdressing import former_address
from newsletter.suppression import address_hashes, suppress, suppressed_among

ERASED: Final = "erased"

_UNTOUCHED: Final = {"synchronize_session": False}
_PORTION: Final = 500


class NoSuchReader(Refusal):
    """Nothing is kept about this address."""


def nothing_kept(session: Session, keys: Keys, address: str) -> NoSuchReader:
    """Return the refusal for an address that is nobody's, which tells the mark that may be kept."""
    key = address_key(read_address(address))
    mark = " but the mark that it is never written to" if suppressed_among(session, keys, [key]) else ""
    return NoSuchReader(f"Nothing is kept about {address.strip()}{mark}.")


def find_reader(session: Session, address: str) -> Subscriber | None:
    """Return the reader of an address, also of one they gave up for another; None for nobody's.

    Whoever held a post before its present holder is not that reader. Raises BadAddress.
    """
    key = address_key(read_address(address))
    reader = session.scalars(select(Subscriber).where(Subscriber.address_key == key)).first()
    if reader is not None:
        return reader
    former = former_address(session, key)
    if former is None or former.parting is not Parting.MOVED:
        return None
    return session.get(Subscriber, former.subscriber_id)


def own_keys(session: Session, reader: Subscriber) -> list[str]:
    """Return the keys of a reader's own addresses, the present one first: not of who held the post before."""
    query = select(FormerAddress).where(FormerAddress.subscriber_id == reader.id)
    own = [reader.address_key]
    for former in session.scalars(query.order_by(FormerAddress.id.desc())):
        if former.parting is Parting.HANDED_OVER:
            break
        own.append(former.address_key)
    return own


def letters_to(session: Session, keys_of_person: Sequence[str]) -> Sequence[int]:
    """Return the letters that went, or are to go, to these addresses, by id."""
    issues = session.scalars(select(Issue.id)).all()
    # By the issue, because that is how the letters are indexed.
    query = select(Delivery.id).where(Delivery.issue_id.in_(issues), Delivery.address_key.in_(keys_of_person))
    return session.scalars(query.order_by(Delivery.id)).all()


def erase(session: Session, keys: Keys, address: str, *, now: datetime) -> None:
    """Forget a person: their row, their consents, their address in every ledger; no letter after this.

    An address that only letters of a post's past know is forgotten there. Raises NoSuchReader or BadAddress.
    """
    reader = find_reader(session, address)
    if reader is not None:
        erase_reader(session, keys, reader, now=now)
        return
    key = address_key(read_address(address))
    former = former_address(session, key)
    letters = letters_to(session, [key])
    is_known = former is not None or letters or reports_by(session, [key])
    if not is_known:
        raise nothing_kept(session, keys, address)
    suppress(session, keys, key, reason=SuppressionReason.ERASED, now=now)
    _forget(session, keys, [key], letters=letters)
    session.execute(delete(FormerAddress).where(FormerAddress.address_key == key))


def erase_reader(session: Session, keys: Keys, reader: Subscriber, *, now: datetime) -> None:
    """Forget one reader, as `erase` does, with the addresses they had before."""
    own = own_keys(session, reader)
    skip_waiting(session, reason=LEFT_MEANWHILE, at=now, subscriber_id=reader.id)
    for key in own:
        suppress(session, keys, key, reason=SuppressionReason.ERASED, now=now)
    _forget(session, keys, own, letters=letters_to(session, own))
    session.execute(
        update(Delivery).where(Delivery.subscriber_id == reader.id).values(subscriber_id=None),
        execution_options=_UNTOUCHED,
    )
    session.delete(reader)
    session.flush()


def _forget(session: Session, keys: Keys, own: Sequence[str], *, letters: Sequence[int]) -> None:
    for letter in letters:
        # The numbers of an issue still add up, and each row keeps a key of its own.
        session.execute(
            update(Delivery)
            .where(Delivery.id == letter)
            .values(address=ERASED, address_key=f"{ERASED}-{letter}", subscriber_id=None, reply=None),
            execution_options=_UNTOUCHED,
        )
    # What servers answer often names the address they answer about.
    for start in range(0, len(letters), _PORTION):
        some = letters[start : start + _PORTION]
        session.execute(
            update(Bounce).where(Bounce.delivery_id.in_(some)).values(said=None), execution_options=_UNTOUCHED
        )
        session.execute(
            update(DeliveryEvent).where(DeliveryEvent.delivery_id.in_(some)).values(detail=None),
            execution_options=_UNTOUCHED,
        )
    hashes = [one for key in own for one in address_hashes(keys, key)]
    session.execute(
        update(QueuedMail)
        .where(QueuedMail.address_hash.in_(hashes))
        .values(subscriber_id=None, next_at=None, reply=None),
        execution_options=_UNTOUCHED,
    )
    for task in session.scalars(select(Task)).all():
        if address_key(task.address) in own:
            session.delete(task)
    session.execute(delete(AddressChange).where(AddressChange.address_key.in_(own)))
    for report in reports_by(session, own):
        report.reply_to = None


def reports_by(session: Session, own: Sequence[str]) -> list[ErrorReport]:
    """Return the reports of errors whose writer wants the answer at one of these addresses."""
    found = session.scalars(select(ErrorReport).where(ErrorReport.reply_to.is_not(None)))
    return [report for report in found if report.reply_to and address_key(report.reply_to) in own]
