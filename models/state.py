"""Who takes part: States and territories with their ISO codes, and organizations."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Key, Record, choice


class ParticipantKind(StrEnum):
    """What a participant is."""

    STATE = "state"
    INTERGOVERNMENTAL = "intergovernmental"
    NON_GOVERNMENTAL = "non_governmental"
    CIVIL_SOCIETY = "civil_society"
    ORGANIZATION = "organization"


class ParticipantRole(StrEnum):
    """As what a participant takes part in a mechanism."""

    MEMBER = "member"
    OBSERVER = "observer"


class Participant(Record):
    """A State or territory (with its ISO 3166-1 alpha-2 code) or an organization (without)."""

    __tablename__ = "participants"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[ParticipantKind] = mapped_column(choice(ParticipantKind))
    code: Mapped[str | None] = mapped_column(String(2), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class Participation(Record):
    """A participant in a mechanism, as known on a day (as_of: YYYY, YYYY-MM, YYYY-MM-DD; None: not said)."""

    __tablename__ = "participations"
    __table_args__ = (UniqueConstraint("mechanism_id", "participant_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    mechanism_id: Mapped[int] = mapped_column(ForeignKey("mechanisms.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    role: Mapped[ParticipantRole] = mapped_column(choice(ParticipantRole))
    as_of: Mapped[str | None] = mapped_column(String(10))

    participant: Mapped[Participant] = relationship()
