"""A change that readers of calendars were told of: what, when, and from what to what."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from models.base import Facts, Key, Record, choice
from models.mechanism import Mechanism
from models.meeting import Meeting


class ChangeKind(StrEnum):
    """What changed, in the order of its weight.

    moved gives up days that were told; fixed is a day that takes the place of a month or less; times are
    the hours of days that stay, or their end; clock are hours that stay at the venue and are others in UTC,
    because the rules of its zone changed; taken_back is a meeting that calendars lost.
    """

    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    TAKEN_BACK = "taken_back"
    MOVED = "moved"
    FIXED = "fixed"
    NEW = "new"
    CONFIRMED = "confirmed"
    TIMES = "times"
    CLOCK = "clock"
    PLACE = "place"


change_mechanisms = Table(
    "change_mechanisms",
    Record.metadata,
    Column("change_id", ForeignKey("changes.id", ondelete="CASCADE"), primary_key=True),
    Column("mechanism_id", ForeignKey("mechanisms.id"), primary_key=True, index=True),
)


class Change(Record):
    """One change of one meeting, written by the publisher in the transaction that publishes it.

    before and after are what was told of the meeting (see calendar_feed/changes.py), None where it was not
    told of. mechanisms are those it was of before or after. It outlives the meeting: meeting is None then.
    """

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    uid: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind))
    at: Mapped[datetime] = mapped_column(index=True)
    before: Mapped[Facts | None]
    after: Mapped[Facts | None]

    mechanisms: Mapped[list[Mechanism]] = relationship(
        secondary=change_mechanisms, order_by=Mechanism.slug, passive_deletes=True
    )
    meeting: Mapped[Meeting | None] = relationship(
        primaryjoin=lambda: foreign(Change.uid) == Meeting.uid, viewonly=True
    )
