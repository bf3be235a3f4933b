"""A change that readers of calendars were told of: what, when, and from what to what."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Facts, Key, Record, choice


class ChangeKind(StrEnum):
    """What changed, in the order of its weight."""

    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    TAKEN_BACK = "taken_back"
    MOVED = "moved"
    FIXED = "fixed"
    NEW = "new"
    CONFIRMED = "confirmed"
    PLACE = "place"


class Change(Record):
    """One change of one meeting, written by the publisher in the transaction that publishes it.

    before and after are what was told of the meeting (see calendar_feed/changes.py), None where it was not
    told of. It outlives the meeting. fixed is a day that takes the place of a month or less.
    """

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    uid: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind))
    at: Mapped[datetime] = mapped_column(index=True)
    before: Mapped[Facts | None]
    after: Mapped[Facts | None]
