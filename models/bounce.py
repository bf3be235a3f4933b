"""What came back of the letters: each bounce with its class, and which returned mails were counted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record, choice


class BounceKind(StrEnum):
    """Whose matter a bounce is.

    hard: the address does not exist any more. soft: it could not be reached, which may pass. policy: the
    other side minds us or the letter, never the reader's fault. unclear: refused for good without a reason.
    """

    HARD = "hard"
    SOFT = "soft"
    POLICY = "policy"
    UNCLEAR = "unclear"


class BounceSource(StrEnum):
    """How we heard of it: by a mail that came back, or by the server's reply while the letter was sent."""

    REPORT = "report"
    REPLY = "reply"


class Bounce(Record):
    """One letter that did not arrive. Each letter has at most one of a kind from a source.

    status is the enhanced status code (RFC 3463), code the server's reply code, said its words without
    addresses; at is when it was heard of.
    """

    __tablename__ = "bounces"
    __table_args__ = (UniqueConstraint("delivery_id", "source", "kind"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"))
    kind: Mapped[BounceKind] = mapped_column(choice(BounceKind))
    source: Mapped[BounceSource] = mapped_column(choice(BounceSource))
    status: Mapped[str | None] = mapped_column(String(16))
    code: Mapped[int | None]
    said: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)


class ReturnedMail(Record):
    """A mail that came back and had a consequence, by the SHA-256 (hex) of its bytes: it has it once."""

    __tablename__ = "returned_mails"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    counted_at: Mapped[datetime]
