"""The kinds of columns there are, and how a value of each stands in an archive: the same for any database."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Double,
    Float,
    Integer,
    LargeBinary,
    String,
    Text,
    Time,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.base import Moment

_LARGEST: Final = 2**63


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    DAY = "day"
    TIME = "time"
    JSON = "json"
    BYTES = "bytes"


class UnfitValue(ValueError):  # noqa: N818 - it says what the value is
    """A value is not what its column holds."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A kind's type in a database, and its way into JSON and back; None where JSON has the value as it is."""

    column: TypeEngine[Any]
    plain: type
    encode: Callable[[Any], object] | None = None
    decode: Callable[[Any], object] | None = None


def kind_of(column: TypeEngine[Any]) -> Kind:
    """Return the kind of a column's type, of our own tables or of tables read from a database."""
    inner = column.impl if isinstance(column, TypeDecorator) else column
    for known, kind in _KINDS:
        if isinstance(inner, known):
            return kind
    raise TypeError(f"an archive has no form for a column of the type {column!r}")


def plain_type(kind: Kind) -> TypeEngine[Any]:
    """Return the column type that gives a kind's values as plain Python values, whatever our tables make."""
    return _FORMS[kind].column


def encoder(kind: Kind) -> Callable[[Any], object]:
    """Return what makes a value from a database one of JSON. It raises UnfitValue; None stays None."""
    form = _FORMS[kind]

    def encode(value: object) -> object:
        if value is None:
            return None
        if not _is_a(value, form.plain):
            raise UnfitValue(f"it holds {type(value).__name__} where {kind} belongs")
        return value if form.encode is None else form.encode(value)

    return encode


def decoder(kind: Kind) -> Callable[[Any], object]:
    """Return what makes a value for a database of one of JSON. It raises UnfitValue; None stays None."""
    form = _FORMS[kind]
    written = object if kind is Kind.JSON else form.plain if form.decode is None else str

    def decode(value: object) -> object:
        if value is None:
            return None
        if not _is_a(value, written):
            raise UnfitValue(f"it holds {type(value).__name__} where {kind} belongs")
        try:
            return value if form.decode is None else form.decode(value)
        except (ValueError, binascii.Error) as error:
            raise UnfitValue(f"it holds what is no {kind}") from error

    return decode


def _is_a(value: object, wanted: type) -> bool:
    # For Python True is a number and a moment is a day, and 1 is not a real number.
    if wanted is int:
        return type(value) is int and -_LARGEST <= value < _LARGEST
    if wanted is date:
        return type(value) is date
    if wanted is float:
        return type(value) in {float, int}
    return isinstance(value, wanted)


def _moment_written(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _moment_read(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


def _bytes_written(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes_read(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


_FORMS: Final = {
    Kind.TEXT: _Form(Text(), str),
    Kind.INTEGER: _Form(Integer(), int),
    Kind.REAL: _Form(Double(), float, float, None),
    Kind.BOOLEAN: _Form(Boolean(), bool),
    Kind.MOMENT: _Form(Moment(), datetime, _moment_written, _moment_read),
    Kind.DAY: _Form(Date(), date, date.isoformat, date.fromisoformat),
    Kind.TIME: _Form(Time(), time, time.isoformat, time.fromisoformat),
    Kind.JSON: _Form(JSON(none_as_null=True), object),
    Kind.BYTES: _Form(LargeBinary(), bytes, _bytes_written, _bytes_read),
}

# The first that fits decides.
_KINDS: Final = (
    (Boolean, Kind.BOOLEAN),
    (DateTime, Kind.MOMENT),
    (Date, Kind.DAY),
    (Time, Kind.TIME),
    (JSON, Kind.JSON),
    (LargeBinary, Kind.BYTES),
    (Integer, Kind.INTEGER),
    (Float, Kind.REAL),
    (String, Kind.TEXT),
)
