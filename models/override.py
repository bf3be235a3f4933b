"""Warnings of the preflight that an editor has looked at and lets stand, each with the reason."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record


class Override(Record):
    """One warning that stands with a reason.

    evidence is the hash of what the rule found: the override holds as long as the rule finds exactly that,
    also after the issue was compiled anew. sentence is the warning as it was read.
    """

    __tablename__ = "overrides"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), index=True)
    rule: Mapped[str] = mapped_column(String(40))
    evidence: Mapped[str] = mapped_column(String(64))
    sentence: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    editor: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
