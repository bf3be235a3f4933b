"""Rows as lines: nothing a column can hold is lost, and nothing that it cannot hold comes in."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData, inspect

from models.archive.kinds import Kind, UnfitValue
from models.archive.rows import Form
from models.archive.write import kept_tables
from models.database import Database

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
_ZONES = st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours)))
_VALUES = {
    Kind.TEXT: st.text(),
    Kind.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Kind.REAL: st.floats(allow_nan=False, allow_infinity=False),
    Kind.BOOLEAN: st.booleans(),
    Kind.MOMENT: st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=_ZONES),  # noqa: DTZ001 - hypothesis adds the zones
    Kind.DAY: st.dates(),
    Kind.TIME: st.times(),
    Kind.JSON: _JSON,
    Kind.BYTES: st.binary(),
}
_FORM = Form.made("things", [(kind.value, kind) for kind in Kind])


@given(st.tuples(*(st.none() | _VALUES[kind] for kind in Kind)))
def test_a_row_comes_back_as_it_was_written(row: tuple[object, ...]) -> None:
    """Whatever the columns hold, the line is one line and gives back the same values."""
    line = _FORM.line(row)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    back = _FORM.row(line)
    assert list(back.values()) == list(row)
    assert all(moment.tzinfo is UTC for moment in back.values() if isinstance(moment, datetime))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.TEXT, 1),
        (Kind.INTEGER, "1"),
        (Kind.INTEGER, True),
        (Kind.INTEGER, 2**63),
        (Kind.REAL, "1.5"),
        (Kind.BOOLEAN, 1),
        (Kind.MOMENT, "2026-01-01T00:00:00"),
        (Kind.MOMENT, "yesterday"),
        (Kind.DAY, "2026-02-30"),
        (Kind.TIME, "25:00"),
        (Kind.BYTES, "not base64!"),
        (Kind.BYTES, [1, 2]),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: object) -> None:
    """What an archive claims for a column must be what the column holds."""
    with pytest.raises(UnfitValue):
        Form.made("things", [("thing", kind)]).row(json.dumps([value]).encode() + b"\n")


@pytest.mark.parametrize("line", [b"{}\n", b"[1,2]\n", b"[\n", b"\n", b"[" * 100_000 + b"\n", b"\xff\n"])
def test_a_line_that_is_no_row_is_refused(line: bytes) -> None:
    """Neither another JSON, nor too many values, nor a depth that would end the program."""
    with pytest.raises(UnfitValue):
        Form.made("things", [("thing", Kind.INTEGER)]).row(line)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.INTEGER, 1.5),
        (Kind.DAY, datetime(2026, 1, 1, tzinfo=UTC)),
        (Kind.REAL, float("nan")),
        (Kind.JSON, [float("inf")]),
        (Kind.TEXT, b"bytes"),
        (Kind.TIME, date(2026, 1, 1)),
    ],
)
def test_a_value_that_could_not_come_back_is_not_written(kind: Kind, value: object) -> None:
    """A database that holds nonsense is told of at once, and not when the backup is needed."""
    with pytest.raises(UnfitValue):
        Form.made("things", [("thing", kind)]).line([value])


def test_columns_may_stand_in_any_order_but_must_be_the_tables_own() -> None:
    """An archive names its columns; a missing or a strange one makes it unfit."""
    form = Form.made("things", [("a", Kind.INTEGER), ("b", Kind.TIME)])
    line = form.ordered_as(["b", "a"]).line([time(9, 30), 1])
    assert form.ordered_as(["b", "a"]).row(line) == {"b": time(9, 30), "a": 1}
    for names in (["a"], ["a", "b", "c"], ["a", "a"]):
        with pytest.raises(UnfitValue):
            form.ordered_as(names)


def test_tables_read_from_a_database_have_the_same_forms_as_ours(database: Database) -> None:
    """So an archive written by the models is read by whatever tables a migration made."""
    with database.engine.connect() as connection:
        read = MetaData()
        names = [table.name for table in kept_tables()]
        assert set(names) <= set(inspect(connection).get_table_names())
        read.reflect(connection, only=names)
    ours = {table.name: dict(Form.of(table).columns) for table in kept_tables()}
    theirs = {name: dict(Form.of(read.tables[name]).columns) for name in names}
    assert theirs == ours
