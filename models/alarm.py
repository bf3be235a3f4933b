"""Something an operator must hear of: kept while it lasts, so that it is told once and not every second."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record


class Alarm(Record):
    """One kind of trouble, named by its key ("feed check", "expired 2026", ...).

    sentence says what happened and what to do. raised_at is when it began this time, seen_at when it was last
    seen, count how often since. told_at is when it was last mailed, over_at when it ended (None: it lasts).
    closed_by is the editor who put it aside while it lasts: it is not told again before it has been over.
    """

    __tablename__ = "alarms"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    sentence: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=1)
    told_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    over_told_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(200))
