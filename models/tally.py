"""Filters of a list, and how many records each choice of each filter would leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

Tally = dict[str, dict[str, int]]
"""By filter and value, how many records are left when that value is chosen and the other filters stay."""

_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class ByColumn:
    """A filter by the one value that an expression over the list's own tables has."""

    value: SQLColumnExpression[Any]

    def condition(self, key: SQLColumnExpression[int], chosen: str) -> ColumnElement[bool]:
        """Return what holds for the records with the chosen value."""
        del key
        return cast(self.value, String) == chosen


@dataclass(frozen=True, slots=True)
class ByPairs:
    """A filter by values of which a record may have several: queries of its key and each of them.

    No two of the queries give the same pair; one for each way to a value is much faster than their union.
    """

    pairs: tuple[Select[int, str], ...]

    def condition(self, key: SQLColumnExpression[int], chosen: str) -> ColumnElement[bool]:
        """Return what holds for the records with the chosen value."""
        parts = (pairs.subquery() for pairs in self.pairs)
        return or_(*(key.in_(select(part.c[0]).where(part.c[1] == chosen)) for part in parts))


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of one list. base is the query of the keys of all its records, key the column of them."""

    key: SQLColumnExpression[int]
    base: Select[int]
    by_name: Mapping[str, ByColumn | ByPairs]

    def conditions(self, chosen: Mapping[str, str]) -> list[ColumnElement[bool]]:
        """Return what holds for the records that the chosen values (by filter) leave."""
        return [self.by_name[name].condition(self.key, value) for name, value in chosen.items()]

    def count(self, session: Session, chosen: Mapping[str, str]) -> tuple[int, Tally]:
        """Return how many records the chosen values leave, and the tally of every filter.

        One statement, whatever is chosen: each record is looked at once for which choices it misses, and a
        filter counts those that miss no other filter's.
        """
        records = self._records(chosen)
        missed = {name: records.c[f"missed_{name}"] for name in chosen}
        counts: list[Select[*tuple[Any, ...]]] = [
            select(literal(_ALL), literal(""), func.count())
            .select_from(records)
            .where(*(flag == 0 for flag in missed.values()))
        ]
        for name, found in self.by_name.items():
            others = [flag == 0 for other, flag in missed.items() if other != name]
            counts.extend(query.where(*others) for query in _of_one(name, found, records))
        total = 0
        tally: Tally = {name: {} for name in self.by_name}
        for name, value, number in session.execute(union_all(*counts)):
            if name == _ALL:
                total = number
            else:
                tally[name][value] = tally[name].get(value, 0) + number
        return total, tally

    def _records(self, chosen: Mapping[str, str]) -> CTE:
        values = [
            cast(found.value, String).label(f"value_{name}")
            for name, found in self.by_name.items()
            if isinstance(found, ByColumn)
        ]
        flags = [
            case((self.by_name[name].condition(self.key, value), 0), else_=1).label(f"missed_{name}")
            for name, value in chosen.items()
        ]
        return self.base.add_columns(*values, *flags).cte("records")


def _of_one(name: str, found: ByColumn | ByPairs, records: CTE) -> list[Select[*tuple[Any, ...]]]:
    if isinstance(found, ByColumn):
        value = records.c[f"value_{name}"]
        return [select(literal(name), value, func.count()).where(value.is_not(None)).group_by(value)]
    return [
        pairs.with_only_columns(literal(name), pairs.selected_columns[1], func.count())
        .join(records, records.c[0] == pairs.selected_columns[0])
        .group_by(pairs.selected_columns[1])
        for pairs in found.pairs
    ]
