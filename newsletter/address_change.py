"""A reader's letters are to go elsewhere: asked for by the link in a letter, confirmed from the new address.

Until then the letters go where they went. The old address is told afterwards, and never the new one with it:
the mailbox may be another person's by now.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import (
    AddressChange,
    ConsentAct,
    Parting,
    QueuedMail,
    Refusal,
    Subscriber,
    SubscriberState,
)
from newsletter.addressing import address_key, read_address
from newsletter.keys import Keys
from newsletter.links import Purpose, is_genuine, make_token, token_row
from newsletter.readdressing import forget_change, readdress
from newsletter.subscription import (
    CONFIRM_WITHIN,
    MAILS_A_DAY,
    Confirmation,
    Confirming,
    leave_reader,
    move,
    note_act,
    queue_mail,
)
from newsletter.suppression import is_lasting, lift_by_consent, suppressed_among

ASK_NEW_ADDRESS: Final = "new_address"
TELL_OLD_ADDRESS: Final = "old_address"

_MAY_CHANGE: Final = frozenset({SubscriberState.CONFIRMED, SubscriberState.BOUNCED})


class SameAddress(Refusal):
    """The letters go to that address already."""


def may_change(reader: Subscriber) -> bool:
    """Tell whether a reader can have their letters sent elsewhere: not who gets none."""
    return reader.state in _MAY_CHANGE


def ask_change(session: Session, keys: Keys, reader: Subscriber, *, address: str, now: datetime) -> None:
    """Queue a mail to a new address that asks for its confirmation; what was asked for before ends here.

    Nobody learns whether the address is known or suppressed: it behaves alike, and the mail says it. Three
    mails a day at most to one address, and for one reader. Raises BadAddress or SameAddress.
    """
    address = read_address(address)
    key = address_key(address)
    if key == reader.address_key:
        raise SameAddress("Your letter goes to this address already.")
    reason = suppressed_among(session, keys, [key]).get(key)
    if (reason is not None and is_lasting(reason)) or _asked_today(session, reader, now) >= MAILS_A_DAY:
        return
    forget_change(session, reader)
    if queue_mail(session, keys, reader, message=ASK_NEW_ADDRESS, key=key, language=reader.language, now=now):
        session.add(AddressChange(subscriber_id=reader.id, address=address, address_key=key, asked_at=now))


def change_of(session: Session, keys: Keys, token: str, *, now: datetime) -> Confirmation | None:
    """Tell what a link to confirm a new address is good for, changing nothing; None for any other link."""
    found = _find(session, keys, token)
    if found is None:
        return None
    change, reader = found
    if reader.address_key == change.address_key or _is_merged(session, change, reader):
        return Confirmation(Confirming.ALREADY, reader)
    reason = suppressed_among(session, keys, [change.address_key]).get(change.address_key)
    is_over = not may_change(reader) or now - change.asked_at > CONFIRM_WITHIN
    if is_over or (reason is not None and is_lasting(reason)):
        return Confirmation(Confirming.EXPIRED, reader)
    return Confirmation(Confirming.VALID, reader)


def confirm_change(
    session: Session, keys: Keys, token: str, *, source: str, now: datetime
) -> Confirmation | None:
    """Let a reader's letters go to the address whose link was confirmed; say what the link was good for.

    Where another reader has that address it is taken for the same person: that one gets the letter, and the
    old address is taken off.
    """
    standing = change_of(session, keys, token, now=now)
    found = _find(session, keys, token)
    if standing is None or standing.standing is not Confirming.VALID or found is None:
        return standing
    change, reader = found
    lift_by_consent(session, keys, change.address_key, now=now)
    query = select(Subscriber).where(Subscriber.address_key == change.address_key)
    other = session.scalars(query.with_for_update()).first()
    if other is not None:
        _merge(session, keys, reader, into=other, source=source, now=now)
        return standing
    was_written_to, old = reader.state is SubscriberState.CONFIRMED, reader.address_key
    readdress(session, keys, reader, change.address, parting=Parting.MOVED, now=now)
    if not was_written_to:
        move(reader, SubscriberState.CONFIRMED)
        reader.left_at = None
    note_act(session, reader, ConsentAct.MOVED, source=source, now=now)
    if was_written_to:
        queue_mail(
            session, keys, reader, message=TELL_OLD_ADDRESS, key=old, language=reader.language, now=now
        )
    return standing


def change_token(keys: Keys, change: AddressChange) -> str:
    """Return the token of the link by which a new address is confirmed."""
    return make_token(keys, Purpose.NEW_ADDRESS, row=change.id, address_key=_bound_to(change))


def expire_changes(session: Session, *, now: datetime) -> int:
    """Let go of new addresses seven days after they were asked for; return how many."""
    late = delete(AddressChange).where(AddressChange.asked_at < now - CONFIRM_WITHIN)
    return len(session.scalars(late.returning(AddressChange.id)).all())


def _find(session: Session, keys: Keys, token: str) -> tuple[AddressChange, Subscriber] | None:
    row = token_row(token)
    change = session.get(AddressChange, row) if row is not None else None
    if change is None or not is_genuine(keys, Purpose.NEW_ADDRESS, token, address_key=_bound_to(change)):
        return None
    return change, session.get_one(Subscriber, change.subscriber_id)


def _bound_to(change: AddressChange) -> str:
    # A row's number may be given again; nobody asks for the same address for the same reader at one moment.
    return f"{change.subscriber_id} {change.address_key} {change.asked_at.isoformat()}"


def _is_merged(session: Session, change: AddressChange, reader: Subscriber) -> bool:
    other = select(Subscriber.state).where(Subscriber.address_key == change.address_key)
    return reader.state is SubscriberState.LEFT and session.scalar(other) is SubscriberState.CONFIRMED


def _merge(
    session: Session, keys: Keys, reader: Subscriber, *, into: Subscriber, source: str, now: datetime
) -> None:
    leave_reader(session, keys, reader, source=source, now=now)
    if into.state is not SubscriberState.CONFIRMED:
        move(into, SubscriberState.CONFIRMED)
        into.language, into.confirmed_at, into.left_at = reader.language, now, None
    note_act(session, into, ConsentAct.MOVED, source=source, now=now)


def _asked_today(session: Session, reader: Subscriber, now: datetime) -> int:
    query = select(func.count()).where(
        QueuedMail.subscriber_id == reader.id,
        QueuedMail.message == ASK_NEW_ADDRESS,
        QueuedMail.queued_at > now - timedelta(days=1),
    )
    return session.scalar(query) or 0
