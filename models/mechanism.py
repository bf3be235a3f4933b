"""A mechanism: one dialogue of States on migration, with everything its profile says."""

from enum import StrEnum

from sqlalchemy import Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Facts, InLanguages, Key, Record, choice
from models.state import Participation
from models.vocabulary import Region, Theme


class MechanismType(StrEnum):
    """The three types of ISCM. The name of a mechanism says nothing about its type."""

    RCP = "rcp"
    IRF = "irf"
    GLOBAL = "global"


class MechanismStatus(StrEnum):
    """Whether a mechanism meets, is being founded, or has come to rest."""

    ACTIVE = "active"
    EMERGING = "emerging"
    DORMANT = "dormant"


class Dormancy(StrEnum):
    """How a dormant mechanism came to rest, where that is known."""

    COMPLETED = "completed"
    INACTIVE = "inactive"
    CONVERTED = "converted"


mechanism_regions = Table(
    "mechanism_regions",
    Record.metadata,
    Column("mechanism_id", ForeignKey("mechanisms.id", ondelete="CASCADE"), primary_key=True),
    Column("region_id", ForeignKey("regions.id"), primary_key=True),
)
mechanism_themes = Table(
    "mechanism_themes",
    Record.metadata,
    Column("mechanism_id", ForeignKey("mechanisms.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class Mechanism(Record):
    """One mechanism. Its slug never changes.

    region is the region in the source's words, regions the house's own list. themes are the source's words,
    theme_tags the house's tags. chair is {"states": [{"state": ISO code, "role": ...}], "since", "until",
    "where"} or None when not known; former_chairs are earlier terms of the same shape, newest first.
    iom_roles, languages (ISO 639-1) and themes are lists of text; None means not known, an empty list means
    none. sources is [{"fields": [...], "where": ...}]. name, short_name and acronym are English; name_in and
    its like are those of other languages, as models.own_words reads them.
    """

    __tablename__ = "mechanisms"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(400))
    short_name: Mapped[str] = mapped_column(String(200))
    acronym: Mapped[str | None] = mapped_column(String(40))
    name_in: Mapped[InLanguages] = mapped_column(default=dict, server_default="{}")
    short_name_in: Mapped[InLanguages] = mapped_column(default=dict, server_default="{}")
    acronym_in: Mapped[InLanguages] = mapped_column(default=dict, server_default="{}")
    type: Mapped[MechanismType] = mapped_column(choice(MechanismType))
    type_basis: Mapped[str | None] = mapped_column(Text)
    status: Mapped[MechanismStatus] = mapped_column(choice(MechanismStatus))
    status_basis: Mapped[str | None] = mapped_column(Text)
    dormancy: Mapped[Dormancy | None] = mapped_column(choice(Dormancy))
    is_iscm: Mapped[bool] = mapped_column(default=True)
    region: Mapped[str | None] = mapped_column(Text)
    association: Mapped[str | None] = mapped_column(Text)
    objectives: Mapped[str | None] = mapped_column(Text)
    established_year: Mapped[int | None]
    secretariat: Mapped[str | None] = mapped_column(Text)
    iom_roles: Mapped[list[str]] = mapped_column(default=list)
    website: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)
    languages: Mapped[list[str] | None]
    themes: Mapped[list[str] | None]
    chair: Mapped[Facts | None]
    former_chairs: Mapped[list[Facts]] = mapped_column(default=list, server_default="[]")
    states_known: Mapped[bool] = mapped_column(default=False)
    states_as_of: Mapped[str | None] = mapped_column(String(10))
    notes: Mapped[str | None] = mapped_column(Text)
    sources: Mapped[list[Facts]] = mapped_column(default=list)

    aliases: Mapped[list["MechanismAlias"]] = relationship(
        back_populates="mechanism", cascade="all, delete-orphan", order_by="MechanismAlias.id"
    )
    regions: Mapped[list[Region]] = relationship(secondary=mechanism_regions, order_by=Region.position)
    theme_tags: Mapped[list[Theme]] = relationship(secondary=mechanism_themes, order_by=Theme.position)
    participations: Mapped[list[Participation]] = relationship(cascade="all, delete-orphan")

    @property
    def other_names(self) -> list[str]:
        """The names it is also known by today."""
        return [alias.name for alias in self.aliases if not alias.former]


class MechanismAlias(Record):
    """Another name of a mechanism; its slug is an address that answers 308 for ever.

    slug is None where the name makes no address of its own (it is the mechanism's slug, or has no Latin
    letter). former names are listed nowhere any more, but their addresses still answer.
    """

    __tablename__ = "mechanism_aliases"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    mechanism_id: Mapped[int] = mapped_column(ForeignKey("mechanisms.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(400))
    slug: Mapped[str | None] = mapped_column(String(200), unique=True)
    former: Mapped[bool] = mapped_column(default=False)

    mechanism: Mapped[Mechanism] = relationship(back_populates="aliases")
