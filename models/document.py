"""A document: what a meeting adopted, issued or expects, and the other materials of the repository."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Key, Record, choice
from models.vocabulary import Confidence

if TYPE_CHECKING:
    from models.meeting import Meeting


class DocumentKind(StrEnum):
    """What sort of document it is."""

    DECLARATION = "declaration"
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


class Document(Record):
    """A document, mostly the outcome of a meeting. day is its own date where that is not the meeting's."""

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

    meeting: Mapped["Meeting | None"] = relationship(back_populates="documents")
