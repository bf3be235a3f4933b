"""A meeting of one mechanism or several: what, when, where, and in which state."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from models.base import Facts, InLanguages, Key, Record, choice
from models.document import Document
from models.mechanism import Mechanism
from models.transitions import Transitions
from models.vocabulary import Confidence, Theme
from models.when import Precision, When


class Kind(StrEnum):
    """What sort of meeting it is. The order is its weight: newsletter.md tells the first before the last."""

    SUMMIT = "summit"
    MINISTERIAL = "ministerial"
    VICE_MINISTERIAL = "vice_ministerial"
    SENIOR_OFFICIALS = "senior_officials"
    PLENARY = "plenary"
    JOINT_PLENARY = "joint_plenary"
    GRCP = "grcp"
    EXTRAORDINARY = "extraordinary"
    HIGH_LEVEL = "high_level"
    CONSULTATION = "consultation"
    STEERING_COMMITTEE = "steering_committee"
    WORKING_GROUP = "working_group"
    TECHNICAL = "technical"
    PREPARATORY = "preparatory"
    SIDE_EVENT = "side_event"
    WORKSHOP = "workshop"
    TRAINING = "training"
    WEBINAR = "webinar"
    OTHER = "other"


class Mode(StrEnum):
    """How one takes part."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class MeetingStatus(StrEnum):
    """What is known of a meeting's taking place. Planned: announced, and nothing said against it."""

    PLANNED = "planned"
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    HELD = "held"


MEETING_TRANSITIONS: Transitions[MeetingStatus] = {
    MeetingStatus.PLANNED: frozenset(
        {
            MeetingStatus.TENTATIVE,
            MeetingStatus.CONFIRMED,
            MeetingStatus.POSTPONED,
            MeetingStatus.CANCELLED,
            MeetingStatus.HELD,
        }
    ),
    MeetingStatus.TENTATIVE: frozenset(
        {
            MeetingStatus.PLANNED,
            MeetingStatus.CONFIRMED,
            MeetingStatus.POSTPONED,
            MeetingStatus.CANCELLED,
            MeetingStatus.HELD,
        }
    ),
    MeetingStatus.CONFIRMED: frozenset(
        {MeetingStatus.TENTATIVE, MeetingStatus.POSTPONED, MeetingStatus.CANCELLED, MeetingStatus.HELD}
    ),
    # A postponed meeting that gets new dates is confirmed again: that is what rescheduling is.
    MeetingStatus.POSTPONED: frozenset(
        {MeetingStatus.TENTATIVE, MeetingStatus.CONFIRMED, MeetingStatus.CANCELLED, MeetingStatus.HELD}
    ),
    # Only to take back a mistake; a meeting that really comes back after a cancellation is a new meeting.
    MeetingStatus.CANCELLED: frozenset({MeetingStatus.CONFIRMED}),
    MeetingStatus.HELD: frozenset({MeetingStatus.CONFIRMED}),
}


class Visibility(StrEnum):
    """Who may see a meeting."""

    PUBLIC = "public"
    HIDDEN = "hidden"


meeting_themes = Table(
    "meeting_themes",
    Record.metadata,
    Column("meeting_id", ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class Meeting(Record):
    """One event with one UID for ever, and one slug for ever.

    previous_when is When.as_json() of the dates it had before it was moved (moved_at: when that was done;
    None when only the source knows). latitude and longitude are degrees (WGS 84). sessions are lines as the
    source gives them. local_times are the source's words on hours. notes are for editors only. stale says
    that the publisher has not yet seen the last change; only it clears this. title is English; title_in is
    the title in other languages, as models.own_words reads it.
    """

    __tablename__ = "meetings"
    # What lists of meetings are chosen by: read from the index alone, it takes a fifth of the time.
    __table_args__ = (
        Index("ix_meetings_days", "first_day", "last_day", "status", "precision", "visibility"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    uid: Mapped[str] = mapped_column(String(200), unique=True)
    slug: Mapped[str] = mapped_column(String(160), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    title_in: Mapped[InLanguages] = mapped_column(default=dict, server_default="{}")
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    status: Mapped[MeetingStatus] = mapped_column(choice(MeetingStatus), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    precision: Mapped[Precision] = mapped_column(choice(Precision))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    zone: Mapped[str | None] = mapped_column(String(64))
    when: Mapped[When] = composite("precision", "first_day", "last_day", "start_time", "end_time", "zone")
    previous_when: Mapped[Facts | None]
    moved_at: Mapped[datetime | None]
    mode: Mapped[Mode | None] = mapped_column(choice(Mode))
    venue: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(2), index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    join_link: Mapped[str | None] = mapped_column(Text)
    host: Mapped[str | None] = mapped_column(Text, index=True)
    theme: Mapped[str | None] = mapped_column(Text)
    sessions: Mapped[list[str]] = mapped_column(default=list)
    local_times: Mapped[str | None] = mapped_column(Text)
    interpretation: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[Confidence] = mapped_column(choice(Confidence), default=Confidence.HIGH)
    visibility: Mapped[Visibility] = mapped_column(choice(Visibility), default=Visibility.PUBLIC)
    notes: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    stale: Mapped[bool] = mapped_column(default=True, index=True)

    places: Mapped[list["MeetingMechanism"]] = relationship(
        cascade="all, delete-orphan",
        order_by="MeetingMechanism.position",
        collection_class=ordering_list("position"),
    )
    documents: Mapped[list[Document]] = relationship(back_populates="meeting", order_by=Document.id)
    theme_tags: Mapped[list[Theme]] = relationship(secondary=meeting_themes, order_by=Theme.position)

    @property
    def mechanisms(self) -> list[Mechanism]:
        """The mechanisms it is a meeting of, in their stored order; the first one tells of it."""
        return [place.mechanism for place in self.places]


class MeetingMechanism(Record):
    """A meeting's place among those of a mechanism; position 0 is the mechanism that tells of it."""

    __tablename__ = "meeting_mechanisms"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    mechanism_id: Mapped[int] = mapped_column(ForeignKey("mechanisms.id"), primary_key=True, index=True)
    position: Mapped[int]

    mechanism: Mapped[Mechanism] = relationship()


class Tombstone(Record):
    """What is left of a deleted meeting: its UID and slug are never given again, and feeds tell so.

    feeds are the keys of the stored feeds that showed it to the last; the publishing that takes it out of
    them writes them down.
    """

    __tablename__ = "tombstones"

    uid: Mapped[str] = mapped_column(String(200), primary_key=True)
    slug: Mapped[str] = mapped_column(String(160), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    deleted_at: Mapped[datetime]
    feeds: Mapped[list[str]] = mapped_column(default=list)
