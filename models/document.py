"""A document: what a meeting adopted, issued or expects, and the other materials of the repository."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, String, Table, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Key, Record, choice
from models.mechanism import Mechanism
from models.vocabulary import Confidence, Theme

if TYPE_CHECKING:
    from models.meeting import Meeting


class DocumentKind(StrEnum):
    """What sort of document it is."""

    DECLARATION = "declaration"
    AGREEMENT = "agreement"
    RESOLUTION = "resolution"
    COMMUNIQUE = "communique"
    STATEMENT = "statement"
    SUMMARY = "summary"
    ACTION_PLAN = "action_plan"
    RECOMMENDATIONS = "recommendations"
    STRATEGY = "strategy"
    REPORT = "report"
    GUIDE = "guide"
    AGENDA = "agenda"
    OTHER = "other"


class DocumentAct(StrEnum):
    """What the meeting did with its document."""

    ADOPTED = "adopted"
    ENDORSED = "endorsed"
    RECOMMENDED = "recommended"
    ISSUED = "issued"
    EXPECTED = "expected"


document_mechanisms = Table(
    "document_mechanisms",
    Record.metadata,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("mechanism_id", ForeignKey("mechanisms.id", ondelete="CASCADE"), primary_key=True, index=True),
)
document_themes = Table(
    "document_themes",
    Record.metadata,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class Document(Record):
    """A document, mostly the outcome of a meeting. day is its own date where that is not the meeting's.

    own_mechanisms are those it belongs to besides the mechanisms of its meeting. is_key puts it first in the
    repository. The file, where one is kept here, lies in the documents folder under its SHA-256 (hex);
    file_name is what a reader's copy is called, file_size is in bytes. added_at is None for what was on
    record before this was noted.
    """

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind))
    act: Mapped[DocumentAct | None] = mapped_column(choice(DocumentAct))
    language: Mapped[str | None] = mapped_column(String(8))
    url: Mapped[str | None] = mapped_column(Text)
    day: Mapped[date | None]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="SET NULL"), index=True)
    source: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[Confidence] = mapped_column(choice(Confidence), default=Confidence.HIGH)
    summary: Mapped[str | None] = mapped_column(Text)
    is_key: Mapped[bool] = mapped_column(default=False, server_default=false())
    file_name: Mapped[str | None] = mapped_column(String(200))
    file_type: Mapped[str | None] = mapped_column(String(100))
    file_size: Mapped[int | None]
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    added_at: Mapped[datetime | None]

    own_mechanisms: Mapped[list[Mechanism]] = relationship(
        secondary=document_mechanisms, order_by=Mechanism.slug
    )
    theme_tags: Mapped[list[Theme]] = relationship(secondary=document_themes, order_by=Theme.position)
    meeting: Mapped["Meeting | None"] = relationship(back_populates="documents")

    @property
    def mechanisms(self) -> list[Mechanism]:
        """The mechanisms it belongs to: those of its meeting in their order, then its own."""
        of_meeting = self.meeting.mechanisms if self.meeting else []
        return [*of_meeting, *(one for one in self.own_mechanisms if one not in of_meeting)]
