"""The mails that tell an editor how an issue's sending went: whether they left, and what became of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record


class EditorMail(Record):
    """A mail that tells an editor of an issue, at most once.

    owner holds it until next_at, which is None once nothing more is to be done. on_wire_at is written before
    the first byte of the mail leaves, sent_at once the server has taken it: with the first and without the
    second it may have arrived, and is not sent again. reply is what the server said, or why none was sent.
    """

    __abstract__ = True

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    next_at: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(80))
    attempts: Mapped[int] = mapped_column(default=0)
    address: Mapped[str | None] = mapped_column(String(320))
    on_wire_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    reply: Mapped[str | None] = mapped_column(Text)


class IssueSummary(EditorMail):
    """How the sending went, once nothing is left that the program would try. Made when the sending begins."""

    __tablename__ = "issue_summaries"

    begun_by: Mapped[str] = mapped_column(String(200))


class IssueSettlement(EditorMail):
    """That what was in doubt is settled. Made when a summary leaves that tells of letters in doubt."""

    __tablename__ = "issue_settlements"
