"""The fixed words of the field that records are sorted by: regions, themes, degrees of confidence."""

from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import InLanguages, Key, Record, choice


class Confidence(StrEnum):
    """How sure the record is of its source."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ThemeFamily(StrEnum):
    """The families of themes: what the newsletter and the theme pages are grouped by."""

    GCM = "gcm"
    SDG = "sdg"
    CLIMATE = "climate"
    OTHER = "other"


class Region(Record):
    """A region of the world that mechanisms work in."""

    __tablename__ = "regions"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_in: Mapped[InLanguages] = mapped_column(default=dict, server_default="{}")
    position: Mapped[int]


class Theme(Record):
    """A tag on mechanisms, meetings, updates and documents."""

    __tablename__ = "themes"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_in: Mapped[InLanguages] = mapped_column(default=dict, server_default="{}")
    family: Mapped[ThemeFamily] = mapped_column(choice(ThemeFamily))
    position: Mapped[int]
