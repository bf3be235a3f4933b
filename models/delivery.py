"""One letter to one person: its state, who works on it, and all that happened to it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record, choice
from models.transitions import Transitions


class DeliveryState(StrEnum):
    """How far a letter to one person has come."""

    PENDING = "pending"
    CLAIMED = "claimed"
    ON_WIRE = "on_wire"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    IN_DOUBT = "in_doubt"
    SKIPPED = "skipped"


DELIVERY_TRANSITIONS: Transitions[DeliveryState] = {
    # In doubt from waiting only by a restored backup: what waited when it was taken may have been sent since.
    # Accepted from waiting only by a report that names the letter: a copy sent before had arrived after all.
    DeliveryState.PENDING: frozenset(
        {DeliveryState.CLAIMED, DeliveryState.IN_DOUBT, DeliveryState.SKIPPED, DeliveryState.ACCEPTED}
    ),
    # Outcomes come from claimed too: on_wire stands in the journal, rows are written in groups afterwards.
    DeliveryState.CLAIMED: frozenset(
        {
            DeliveryState.PENDING,
            DeliveryState.ON_WIRE,
            DeliveryState.ACCEPTED,
            DeliveryState.DEFERRED,
            DeliveryState.REJECTED,
            DeliveryState.IN_DOUBT,
            DeliveryState.SKIPPED,
        }
    ),
    DeliveryState.ON_WIRE: frozenset(
        {
            DeliveryState.ACCEPTED,
            DeliveryState.DEFERRED,
            DeliveryState.REJECTED,
            DeliveryState.IN_DOUBT,
        }
    ),
    DeliveryState.DEFERRED: frozenset(
        {
            DeliveryState.CLAIMED,
            DeliveryState.IN_DOUBT,
            DeliveryState.SKIPPED,
            DeliveryState.REJECTED,
            DeliveryState.ACCEPTED,
        }
    ),
    # Settled by an editor or by a report that names the letter: sent after all, or to be sent once more.
    DeliveryState.IN_DOUBT: frozenset({DeliveryState.ACCEPTED, DeliveryState.PENDING, DeliveryState.SKIPPED}),
    DeliveryState.ACCEPTED: frozenset(),
    DeliveryState.REJECTED: frozenset(),
    DeliveryState.SKIPPED: frozenset(),
}

TERMINAL = frozenset({DeliveryState.ACCEPTED, DeliveryState.REJECTED, DeliveryState.SKIPPED})
"""States nothing follows. in_doubt is not among them: somebody still has to say what became of it."""


class Delivery(Record):
    """One letter to one address; the audience is frozen as these rows when the sending starts.

    owner names the journal of the sender that holds it until lease_until; epoch grows with each claim, so
    that a sender that lost its lease cannot write. link_epoch is the subscriber's epoch at the freezing, so
    that a second copy has the same bytes. code and reply are the server's last answer. in_reply_to is, in a
    correction, the message_id of the letter it corrects.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("issue_id", "address_key"),
        Index("ix_deliveries_work", "issue_id", "state", "next_at"),
        Index("ix_deliveries_order", "issue_id", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    subscriber_id: Mapped[int | None] = mapped_column(
        ForeignKey("subscribers.id", ondelete="SET NULL"), index=True
    )
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(8))
    link_epoch: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str] = mapped_column(String(200), index=True)
    in_reply_to: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState), default=DeliveryState.PENDING)
    owner: Mapped[str | None] = mapped_column(String(80), index=True)
    epoch: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    code: Mapped[int | None]
    reply: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime | None]


class ExclusionReason(StrEnum):
    """Why a candidate is not in the audience."""

    UNCONFIRMED = "unconfirmed"
    LEFT = "left"
    SUPPRESSED = "suppressed"
    BOUNCED = "bounced"
    DUPLICATE = "duplicate"


class Exclusion(Record):
    """A candidate who was left out when the audience was frozen, and why."""

    __tablename__ = "exclusions"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    subscriber_id: Mapped[int | None] = mapped_column(ForeignKey("subscribers.id", ondelete="SET NULL"))
    reason: Mapped[ExclusionReason] = mapped_column(choice(ExclusionReason))


class Report(StrEnum):
    """What a mail may tell of a letter after the server took it. None of them changes the letter's state."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class DeliveryEvent(Record):
    """Something that happened to a delivery; append-only.

    event is a state's name, a Report, or "settled". status is a report's enhanced status code ("5.1.1"), and
    report the SHA-256 (hex) of the mail that told it: the same mail, read twice, tells it once.
    """

    __tablename__ = "delivery_events"
    __table_args__ = (Index("uq_delivery_events_report", "delivery_id", "event", "report", unique=True),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(32))
    code: Mapped[int | None]
    detail: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(String(16))
    report: Mapped[str | None] = mapped_column(String(64))
