"""The one mail that tells an editor how an issue's sending went: whether it left, and what became of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record


class IssueSummary(Record):
    """An issue's summary mail. The row is made when the sending begins.

    owner holds it until next_at, which is None once nothing more is to be done. on_wire_at is written before
    the first byte of the mail leaves, sent_at once the server has taken it: with the first and without the
    second it may have arrived, and is not sent again. reply is what the server said, or why none was sent.
    """

    __tablename__ = "issue_summaries"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    begun_by: Mapped[str] = mapped_column(String(200))
    next_at: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(80))
    attempts: Mapped[int] = mapped_column(default=0)
    address: Mapped[str | None] = mapped_column(String(320))
    on_wire_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    reply: Mapped[str | None] = mapped_column(Text)
