"""An update: dated news of a mechanism or several."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, String, Table, Text
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import InLanguages, Key, Record, choice
from models.mechanism import Mechanism
from models.vocabulary import Confidence, Theme


class UpdateKind(StrEnum):
    """What the news is about."""

    ESTABLISHED = "established"
    CHAIR_HANDOVER = "chair_handover"
    OUTCOME = "outcome"
    INSTITUTIONAL = "institutional"
    MEETING_HELD = "meeting_held"
    GCM = "gcm"
    ANNOUNCEMENT = "announcement"
    OTHER = "other"


class DayMeans(StrEnum):
    """Whether an update's day is that of the event or of its publication."""

    EVENT = "event"
    PUBLICATION = "publication"


update_themes = Table(
    "update_themes",
    Record.metadata,
    Column("update_id", ForeignKey("updates.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class Update(Record):
    """A dated news item. day is the first of the month where day_known is False.

    title and summary are English; title_in and summary_in are those of other languages, as models.own_words
    reads them.
    """

    __tablename__ = "updates"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    day: Mapped[date] = mapped_column(index=True)
    day_known: Mapped[bool] = mapped_column(default=True)
    day_means: Mapped[DayMeans] = mapped_column(choice(DayMeans))
    kind: Mapped[UpdateKind] = mapped_column(choice(UpdateKind))
    title: Mapped[str] = mapped_column(String(500))
    title_in: Mapped[InLanguages] = mapped_column(default=dict, server_default="{}")
    summary: Mapped[str | None] = mapped_column(Text)
    summary_in: Mapped[InLanguages] = mapped_column(default=dict, server_default="{}")
    url: Mapped[str | None] = mapped_column(Text)
    source_language: Mapped[str | None] = mapped_column(String(8))
    source: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[Confidence] = mapped_column(choice(Confidence), default=Confidence.HIGH)
    created_at: Mapped[datetime]

    places: Mapped[list["UpdateMechanism"]] = relationship(
        cascade="all, delete-orphan",
        order_by="UpdateMechanism.position",
        collection_class=ordering_list("position"),
    )
    theme_tags: Mapped[list[Theme]] = relationship(secondary=update_themes, order_by=Theme.position)

    @property
    def mechanisms(self) -> list[Mechanism]:
        """The mechanisms it tells of, in their stored order."""
        return [place.mechanism for place in self.places]


class UpdateMechanism(Record):
    """An update's place among those of a mechanism."""

    __tablename__ = "update_mechanisms"

    update_id: Mapped[int] = mapped_column(ForeignKey("updates.id", ondelete="CASCADE"), primary_key=True)
    mechanism_id: Mapped[int] = mapped_column(ForeignKey("mechanisms.id"), primary_key=True, index=True)
    position: Mapped[int]

    mechanism: Mapped[Mechanism] = relationship()
