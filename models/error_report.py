"""What a reader says is wrong on a page, kept until an editor has seen to it."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record


class ErrorReport(Record):
    """One report. page is the path it is about; reply_to the reader's address, only where one was given.

    told_at is when it was mailed to the editors, closed_at and closed_by when and by whom it was settled.
    """

    __tablename__ = "error_reports"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    page: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    reply_to: Mapped[str | None] = mapped_column(String(320))
    reported_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(200))
