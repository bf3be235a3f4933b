"""One statement for many rows, given to the database's driver as it takes them.

SQLAlchemy prepares every row of a statement anew, which takes longer than the database's own work with it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Insert, Update
from sqlalchemy.types import TypeEngine

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Bulk:
    """A prepared statement. Its rows hold what the driver takes as it is: numbers, text, None."""

    words: str
    _names: tuple[str, ...]
    _in_order: Callable[[Row], Row] | None

    def execute(self, connection: Connection, rows: Iterable[Row]) -> CursorResult[Any]:
        """Execute it for rows whose values stand in the order of the names it was prepared with."""
        if self._in_order is not None:
            return connection.exec_driver_sql(self.words, list(map(self._in_order, rows)))
        return connection.exec_driver_sql(
            self.words, [dict(zip(self._names, row, strict=True)) for row in rows]
        )


@lru_cache(maxsize=16)
def in_bulk(statement: Insert | Update, names: tuple[str, ...], dialect: Dialect) -> Bulk:
    """Prepare a statement whose bound parameters have these names, two at least."""
    compiled = statement.compile(dialect=dialect)
    if not compiled.positional:
        return Bulk(str(compiled), names, None)
    places = [names.index(name) for name in compiled.positiontup or ()]
    return Bulk(str(compiled), names, itemgetter(*places))


def for_the_driver(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """Return what makes of a value of a column's type what the driver takes."""
    return kind.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: object) -> object:
    return value
