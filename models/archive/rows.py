"""A table's rows as lines: one JSON array a row, its values in the order of the columns."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Column, MetaData, Table

from models.archive.kinds import Kind, UnfitValue, decoder, encoder, kind_of, plain_type


@dataclass(frozen=True, slots=True)
class Form:
    """How the rows of one table are written. `columns` are names and kinds in their order."""

    table: str
    columns: tuple[tuple[str, Kind], ...]
    _encoders: tuple[Callable[[Any], object], ...]
    _decoders: tuple[Callable[[Any], object], ...]

    @classmethod
    def of(cls, table: Table) -> Self:
        """Return the form of a table of ours, or of one read from a database."""
        return cls.made(
            table.name,
            [(column.name, kind_of(column.type)) for column in table.columns if column.computed is None],
        )

    @classmethod
    def made(cls, table: str, columns: Sequence[tuple[str, Kind]]) -> Self:
        """Return the form of a table of these columns."""
        return cls(
            table,
            tuple(columns),
            tuple(encoder(kind) for _, kind in columns),
            tuple(decoder(kind) for _, kind in columns),
        )

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [name for name, _ in self.columns]

    def ordered_as(self, names: Sequence[str]) -> Self:
        """Return the form with its columns in another order. Raises UnfitValue when they are other ones."""
        kinds = dict(self.columns)
        if sorted(names) != sorted(kinds):
            raise UnfitValue("its columns are not those of the table")
        return self.made(self.table, [(name, kinds[name]) for name in names])

    def plain_table(self) -> Table:
        """Return the table with columns that take and give plain values, for reading and writing rows."""
        columns = [Column(name, plain_type(kind)) for name, kind in self.columns]
        return Table(self.table, MetaData(), *columns)

    def head(self) -> bytes:
        """Return the first line: the columns' names."""
        return _line(self.names)

    def line(self, row: Sequence[object]) -> bytes:
        """Return a row's line. Raises UnfitValue for a value that its column cannot hold."""
        values = [encode(value) for encode, value in zip(self._encoders, row, strict=True)]
        try:
            return _line(values)
        except ValueError as error:  # NaN and infinity are not JSON
            raise UnfitValue("it holds a number that is none") from error

    def row(self, line: bytes) -> dict[str, object]:
        """Return the row of a line, by column. Raises UnfitValue."""
        values = array(line)
        if len(values) != len(self.columns):
            raise UnfitValue("a line has too many values or too few")
        return {
            name: decode(value)
            for (name, _), decode, value in zip(self.columns, self._decoders, values, strict=True)
        }


def array(line: bytes) -> list[Any]:
    """Read a line that holds an array. Raises UnfitValue."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnfitValue("a line is not JSON") from error
    if not isinstance(values, list):
        raise UnfitValue("a line is no array")
    return values


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
