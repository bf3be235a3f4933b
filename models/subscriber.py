"""Who receives the newsletter, what they consented to, and whom nothing may ever be sent to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record, choice
from models.transitions import Transitions


class SubscriberState(StrEnum):
    """How a subscriber stands. Only confirmed ones receive letters."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    LEFT = "left"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"


SUBSCRIBER_TRANSITIONS: Transitions[SubscriberState] = {
    SubscriberState.PENDING: frozenset(
        {SubscriberState.CONFIRMED, SubscriberState.LEFT, SubscriberState.SUPPRESSED}
    ),
    SubscriberState.CONFIRMED: frozenset(
        {SubscriberState.LEFT, SubscriberState.BOUNCED, SubscriberState.SUPPRESSED}
    ),
    # Back to confirmed at once only by the undo button of the person who left.
    SubscriberState.LEFT: frozenset(
        {SubscriberState.PENDING, SubscriberState.CONFIRMED, SubscriberState.SUPPRESSED}
    ),
    SubscriberState.BOUNCED: frozenset(
        {SubscriberState.PENDING, SubscriberState.CONFIRMED, SubscriberState.LEFT, SubscriberState.SUPPRESSED}
    ),
    SubscriberState.SUPPRESSED: frozenset({SubscriberState.PENDING}),
}


class RecipientKind(StrEnum):
    """Why somebody receives the letter: their own consent, or the post they hold."""

    SUBSCRIPTION = "subscription"
    CIRCULATION = "circulation"


class Subscriber(Record):
    """One address. address is as its owner wrote it, address_key its normalised form.

    Of a circulation recipient the row is the post: who holds it changes, and the row stays.

    epoch is part of every link's signature: when it grows, links sent before stop working (except leaving,
    which answers 200 for ever).
    """

    __tablename__ = "subscribers"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[SubscriberState] = mapped_column(choice(SubscriberState), index=True)
    kind: Mapped[RecipientKind] = mapped_column(choice(RecipientKind), default=RecipientKind.SUBSCRIPTION)
    name: Mapped[str | None] = mapped_column(String(200))
    organisation: Mapped[str | None] = mapped_column(String(200))
    post: Mapped[str | None] = mapped_column(String(200))
    epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class ConsentAct(StrEnum):
    """What a person did about their consent, or what was done about the post they hold."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    RECORDED = "recorded"
    LEFT = "left"
    UNDONE = "undone"
    ENTERED = "entered"
    MOVED = "moved"
    HANDED_OVER = "handed_over"


class Consent(Record):
    """One thing a person did about receiving the letter; append-only. wording is the version shown."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    act: Mapped[ConsentAct] = mapped_column(choice(ConsentAct))
    wording: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(Text)


class Parting(StrEnum):
    """How an address came to be a former one: its owner has another now, or another person holds the post."""

    MOVED = "moved"
    HANDED_OVER = "handed_over"


class FormerAddress(Record):
    """An address that a reader's letters went to before, and until when.

    It is kept for the links in those letters, which work for ever, and so that no import brings it back.
    """

    __tablename__ = "former_addresses"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320), index=True)
    parting: Mapped[Parting] = mapped_column(choice(Parting))
    until: Mapped[datetime]


class AddressChange(Record):
    """The address a reader asked to change to, until its mail is confirmed or seven days are over."""

    __tablename__ = "address_changes"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), unique=True)
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320))
    asked_at: Mapped[datetime]


class SuppressionReason(StrEnum):
    """Why nothing may be sent to an address."""

    LEFT = "left"
    ERASED = "erased"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    EDITOR = "editor"


class Suppression(Record):
    """An address nothing is sent to, known by a keyed hash of its normalised form; it outlives erasure."""

    __tablename__ = "suppressions"

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[SuppressionReason] = mapped_column(choice(SuppressionReason))
    at: Mapped[datetime]


class QueuedMail(Record):
    """A single mail waiting to be sent by the work process, queued in the transaction that caused it.

    Rows stay after sending, without more than the hash of the address: they are how three a day are counted.
    """

    __tablename__ = "queued_mails"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    subscriber_id: Mapped[int | None] = mapped_column(ForeignKey("subscribers.id", ondelete="SET NULL"))
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    message: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    queued_at: Mapped[datetime]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    reply: Mapped[str | None] = mapped_column(Text)
