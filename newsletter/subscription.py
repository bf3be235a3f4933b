"""Coming and leaving: double opt-in, one click to leave, a while to undo it.

Every act is a transition of the subscriber's one table, and leaves a Consent. Nothing here touches a socket:
the confirmation mail is queued in the same transaction, and sent by the work process.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    SUBSCRIBER_TRANSITIONS,
    Consent,
    ConsentAct,
    FormerAddress,
    Parting,
    QueuedMail,
    Subscriber,
    SubscriberState,
    SuppressionReason,
    step,
)
from newsletter.addressing import address_key, read_address
from newsletter.keys import Keys
from newsletter.links import Purpose, is_genuine, make_token, token_row
from newsletter.readdressing import welcome
from newsletter.suppression import (
    address_hash,
    is_lasting,
    lift_by_consent,
    suppress,
    suppressed_among,
)

WORDING: Final = "2026-1"
"""The version of the text people consent to; a new text is a new version."""

CONFIRMATION: Final = "confirmation"
CONFIRM_WITHIN: Final = timedelta(days=7)
UNDO_WITHIN: Final = timedelta(minutes=30)
MAILS_A_DAY: Final = 3


class Confirming(StrEnum):
    """What a confirmation link is good for now."""

    VALID = "valid"
    ALREADY = "already"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a confirmation link says; `reader` is None where the link is not ours or its reader is gone."""

    standing: Confirming
    reader: Subscriber | None


def sign_up(
    session: Session,
    keys: Keys,
    *,
    address: str,
    language: str,
    source: str,
    now: datetime,
    wording: str = WORDING,
) -> None:
    """Take somebody's wish to get the letter, and queue a mail that asks them to confirm it.

    Behaves the same whether the address is known or not, so that nobody learns who reads the letter. Queues
    at most three mails a day to one address, and none to one that complained or that an editor suppressed.
    Raises BadAddress.
    """
    address = read_address(address)
    key = address_key(address)
    reason = suppressed_among(session, keys, [key]).get(key)
    if reason is not None and is_lasting(reason):
        return
    reader = _find_or_add(session, address, language=language, now=now)
    if reader.state is not SubscriberState.CONFIRMED:
        _ask_again(reader, language=language)
    note_act(session, reader, ConsentAct.ASKED, wording=wording, source=source, now=now)
    queue_mail(
        session, keys, reader, message=CONFIRMATION, key=reader.address_key, language=language, now=now
    )


def confirmation_of(session: Session, keys: Keys, token: str, *, now: datetime) -> Confirmation:
    """Tell what a confirmation link is good for, changing nothing: mail scanners open every link."""
    row = token_row(token)
    mail = session.get(QueuedMail, row) if row is not None else None
    reader = session.get(Subscriber, mail.subscriber_id) if mail is not None and mail.subscriber_id else None
    if mail is None or reader is None:
        return Confirmation(Confirming.EXPIRED, None)
    if not is_genuine(keys, Purpose.CONFIRM, token, address_key=reader.address_key, epoch=reader.epoch):
        return Confirmation(Confirming.EXPIRED, None)
    if reader.state is SubscriberState.CONFIRMED:
        return Confirmation(Confirming.ALREADY, reader)
    if reader.state is not SubscriberState.PENDING or now - mail.queued_at > CONFIRM_WITHIN:
        return Confirmation(Confirming.EXPIRED, reader)
    return Confirmation(Confirming.VALID, reader)


def confirm(
    session: Session, keys: Keys, token: str, *, source: str, now: datetime, wording: str = WORDING
) -> Confirmation:
    """Confirm a subscription by its mail's link; say what that was good for. Sends no further mail."""
    found = confirmation_of(session, keys, token, now=now)
    reader = found.reader
    if found.standing is Confirming.VALID and reader is not None:
        move(reader, SubscriberState.CONFIRMED)
        reader.confirmed_at, reader.left_at = now, None
        lift_by_consent(session, keys, reader.address_key, now=now)
        welcome(session, keys, reader.address_key, now=now)
        note_act(session, reader, ConsentAct.CONFIRMED, wording=wording, source=source, now=now)
    return found


def reader_of(session: Session, keys: Keys, token: str, *, purpose: Purpose) -> Subscriber | None:
    """Return whom an unsubscribe or preferences link belongs to, or None. Changes nothing.

    A link to leave works for ever, that of a letter to an address the reader had before too; one to the
    preferences until its reader has left and come back, or has another address.
    """
    row = token_row(token)
    reader = session.get(Subscriber, row) if row is not None else None
    if reader is None:
        return None
    epoch = reader.epoch if purpose is Purpose.PREFERENCES else 0
    if is_genuine(keys, purpose, token, address_key=reader.address_key, epoch=epoch):
        return reader
    if purpose is Purpose.PREFERENCES:
        return None
    former = _former_of(session, keys, token, reader)
    return reader if former is not None and former.parting is Parting.MOVED else None


def leave(
    session: Session, keys: Keys, token: str, *, source: str, now: datetime, wording: str = WORDING
) -> Subscriber | None:
    """Take a reader off by their link, at once and for every sending that runs; None for an unknown link.

    Can be repeated: somebody who has left already is left alone.
    """
    reader = reader_of(session, keys, token, purpose=Purpose.UNSUBSCRIBE)
    if reader is not None:
        leave_reader(session, keys, reader, source=source, now=now, wording=wording)
        return reader
    _leave_post(session, keys, token, now=now)
    return None


def leave_reader(
    session: Session, keys: Keys, reader: Subscriber, *, source: str, now: datetime, wording: str = WORDING
) -> None:
    """Take a reader off: no letter after this transaction, whatever is imported or running."""
    is_gone = reader.state in {SubscriberState.LEFT, SubscriberState.SUPPRESSED}
    # A restored backup knows readers as gone who only had moved: their own word counts more than that.
    if is_gone and suppressed_among(session, keys, [reader.address_key]):
        return
    if not is_gone:
        reader.left_at = now
    suppress(session, keys, reader.address_key, reason=SuppressionReason.LEFT, now=now)
    note_act(session, reader, ConsentAct.LEFT, wording=wording, source=source, now=now)


def can_undo(reader: Subscriber, *, now: datetime) -> bool:
    """Tell whether somebody who left may come back by a click: within 30 minutes, if they were confirmed."""
    return (
        reader.state is SubscriberState.LEFT
        and reader.left_at is not None
        and reader.confirmed_at is not None
        and now - reader.left_at <= UNDO_WITHIN
    )


def undo_leaving(
    session: Session, keys: Keys, token: str, *, source: str, now: datetime, wording: str = WORDING
) -> bool:
    """Bring somebody back who left by mistake; tell whether they are back. Asked twice, it says the same."""
    reader = reader_of(session, keys, token, purpose=Purpose.UNSUBSCRIBE)
    if reader is not None and _has_undone(session, reader):
        return True
    if reader is None or not can_undo(reader, now=now):
        return False
    move(reader, SubscriberState.CONFIRMED)
    reader.left_at = None
    lift_by_consent(session, keys, reader.address_key, now=now)
    note_act(session, reader, ConsentAct.UNDONE, wording=wording, source=source, now=now)
    return True


def confirm_token(keys: Keys, mail: QueuedMail, reader: Subscriber) -> str:
    """Return the token of the link in one confirmation mail."""
    return make_token(keys, Purpose.CONFIRM, row=mail.id, address_key=reader.address_key, epoch=reader.epoch)


def expire_confirmations(session: Session, *, now: datetime) -> int:
    """Let go of those who did not confirm within seven days; return how many.

    Who was never confirmed is deleted, because nothing allows us to keep the address. Who had been a reader
    before and left goes back to that.
    """
    asked = (
        select(func.max(QueuedMail.queued_at))
        .where(QueuedMail.subscriber_id == Subscriber.id, QueuedMail.message == CONFIRMATION)
        .scalar_subquery()
    )
    late = select(Subscriber).where(
        Subscriber.state == SubscriberState.PENDING,
        func.coalesce(asked, Subscriber.created_at) < now - CONFIRM_WITHIN,
    )
    readers = session.scalars(late).all()
    for reader in readers:
        if reader.confirmed_at is None and reader.left_at is None:
            session.delete(reader)
        else:
            move(reader, SubscriberState.LEFT)
    return len(readers)


def _former_of(session: Session, keys: Keys, token: str, reader: Subscriber) -> FormerAddress | None:
    """Return the former address of a reader whose letter held this link to leave."""
    query = select(FormerAddress).where(FormerAddress.subscriber_id == reader.id)
    for former in session.scalars(query.order_by(FormerAddress.id.desc())):
        if is_genuine(keys, Purpose.UNSUBSCRIBE, token, address_key=former.address_key):
            return former
    return None


def _leave_post(session: Session, keys: Keys, token: str, *, now: datetime) -> None:
    """Let who held a post before leave by an old letter: their address is suppressed, the post stays."""
    row = token_row(token)
    reader = session.get(Subscriber, row) if row is not None else None
    former = _former_of(session, keys, token, reader) if reader is not None else None
    if former is not None:
        suppress(session, keys, former.address_key, reason=SuppressionReason.LEFT, now=now)


def _has_undone(session: Session, reader: Subscriber) -> bool:
    """Whether the last thing a reader did was to undo their leaving."""
    acts = select(Consent.act).where(Consent.subscriber_id == reader.id).order_by(Consent.id.desc())
    return reader.state is SubscriberState.CONFIRMED and session.scalar(acts.limit(1)) is ConsentAct.UNDONE


def _find_or_add(session: Session, address: str, *, language: str, now: datetime) -> Subscriber:
    """Return the reader of an address, made `pending` where there is none. Two at once make one."""
    key = address_key(address)
    query = select(Subscriber).where(Subscriber.address_key == key).with_for_update()
    known = session.scalars(query).first()
    if known is not None:
        return known
    new = Subscriber(
        address=address, address_key=key, language=language, state=SubscriberState.PENDING, created_at=now
    )
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:
        return session.scalars(query).one()
    return new


def _ask_again(reader: Subscriber, *, language: str) -> None:
    """Let somebody who is no reader, or not yet, wait for a confirmation; older links of theirs end here."""
    if reader.state is not SubscriberState.PENDING:
        move(reader, SubscriberState.PENDING)
        reader.epoch += 1
    reader.language = language


def queue_mail(
    session: Session,
    keys: Keys,
    reader: Subscriber,
    *,
    message: str,
    key: str,
    language: str,
    now: datetime,
) -> bool:
    """Queue a single mail of a reader's to the address of this key; False where it had three that day."""
    hashed = address_hash(keys, key)
    today = select(func.count()).where(
        QueuedMail.address_hash == hashed, QueuedMail.queued_at > now - timedelta(days=1)
    )
    if (session.scalar(today) or 0) >= MAILS_A_DAY:
        return False
    session.add(
        QueuedMail(
            subscriber_id=reader.id,
            address_hash=hashed,
            message=message,
            language=language,
            queued_at=now,
            next_at=now,
        )
    )
    return True


def move(reader: Subscriber, to: SubscriberState) -> None:
    """Bring a reader's subscription to another state. Raises IllegalTransition."""
    reader.state = step(SUBSCRIBER_TRANSITIONS, what="The subscription", current=reader.state, to=to)


def note_act(
    session: Session,
    reader: Subscriber,
    act: ConsentAct,
    *,
    source: str,
    now: datetime,
    wording: str = WORDING,
) -> None:
    """Keep what a person did about receiving the letter, or what was done about their post."""
    session.add(Consent(subscriber_id=reader.id, at=now, act=act, wording=wording, source=source))
