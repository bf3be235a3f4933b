"""The declarative base of every record, and the column types all of them share."""

import enum
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

Facts = dict[str, Any]
"""A JSON object kept in one column; what it holds is said where the column is declared."""

InLanguages = dict[str, str]
"""The same words in other languages than English, by the language's code: {"fr": "Processus de Rabat"}."""


class Moment(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. A naive datetime is a defect: ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into UTC; SQLite has no zones, so there the offset is dropped after that."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a naive datetime cannot be stored: {value!r}"
            raise ValueError(message)
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back as aware UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[enum.StrEnum]) -> Enum:
    """Make the column type of a StrEnum: its values as text, so that a dump reads without the program."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


Key = BigInteger().with_variant(Integer(), "sqlite")
"""Integer keys. SQLite gives row numbers by itself only to columns that are exactly INTEGER."""


class Record(DeclarativeBase):
    """Base of everything that is kept."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class as a plain dict
        datetime: Moment,
        Facts: JSON(none_as_null=True),
        InLanguages: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        list[Facts]: JSON(none_as_null=True),
    }
