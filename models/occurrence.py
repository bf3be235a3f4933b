"""One time at which one job was due: the row that makes a second clock harmless."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record


class Occurrence(Record):
    """A job at its due time, taken by the first process that inserts the row.

    outcome is done, failed, or None while it runs. attempts counts how often it was taken. again_at is when
    another process may take it: the end of its owner's lease while it runs, the next try after a failure,
    None when it is done.
    """

    __tablename__ = "occurrences"
    __table_args__ = (UniqueConstraint("job", "due_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    job: Mapped[str] = mapped_column(String(60))
    due_at: Mapped[datetime]
    owner: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    detail: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=1)
    again_at: Mapped[datetime | None]
