"""Loading an archive's rows into tables that stand empty, in one transaction, on either database."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from sqlalchemy import (
    Connection,
    ForeignKeyConstraint,
    MetaData,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.schema import AddConstraint, DropConstraint

from models.archive.check import LONGEST_LINE, Archive
from models.archive.contents import is_left_out, table_of
from models.archive.kinds import UnfitValue
from models.archive.rows import Form, array
from models.archive.tar import BadArchive, Member

_AT_ONCE: Final = 1000


def load_rows(
    connection: Connection,
    archive: Archive,
    *,
    others: Collection[str] = (),
    progress: Callable[[int], None] = lambda _rows: None,
) -> None:
    """Fill the tables, which stand empty at the archive's revision. Raises BadArchive.

    `others` are tables of the database that are none of ours. Rows may come in any order and refer to rows of
    their own table: references are looked at when all are there. On SQLite that is so only while its
    foreign_keys are off. `progress` is told how many more rows are in.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    tables = _own_tables(connection, others)
    if differing := sorted(tables.keys() ^ archive.manifest.rows.keys()):
        raise BadArchive(f"The archive does not hold the tables of its revision (see {differing[0]}).")
    references = [] if is_sqlite else _drop_references(connection, tables)
    with archive.members() as members:
        for member in members:
            name = table_of(member.name)
            if name is not None:
                _load(connection, tables[name], member, progress=progress)
    if is_sqlite:
        _check_references(connection)
    else:
        _add_references(connection, references)
        _set_sequences(connection, tables.values())


def _own_tables(connection: Connection, others: Collection[str]) -> dict[str, Table]:
    """Return the tables an archive of this revision holds, as they stand in the database."""
    found = inspect(connection).get_table_names()
    names = {name for name in found if not is_left_out(name)} - set(others)
    read = MetaData()
    read.reflect(connection, only=sorted(names))
    return {name: read.tables[name] for name in names}


def _load(connection: Connection, table: Table, member: Member, *, progress: Callable[[int], None]) -> None:
    lines = member.lines(longest=LONGEST_LINE)
    number = 1
    try:
        form = Form.of(table).ordered_as(array(next(lines, b"")))
        connection.execute(delete(table))  # what a migration put there
        statement = insert(form.plain_table())
        for some in _portions(lines):
            rows = []
            for line in some:
                number += 1
                rows.append(form.row(line))
            connection.execute(statement, rows)
            progress(len(rows))
    except UnfitValue as error:
        raise BadArchive(f"The archive is not used: {member.name}, line {number}: {error}.") from error
    except (IntegrityError, DataError, UnicodeError) as error:
        raise _unfit(table.name) from error


def _portions(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while some := list(islice(lines, _AT_ONCE)):
        yield some


def _drop_references(connection: Connection, tables: Mapping[str, Table]) -> list[ForeignKeyConstraint]:
    """Let rows come in any order; return what was taken away."""
    found = [one for table in tables.values() for one in table.foreign_key_constraints]
    for one in found:
        connection.execute(DropConstraint(one))
    return found


def _add_references(connection: Connection, references: Iterable[ForeignKeyConstraint]) -> None:
    for one in references:
        try:
            connection.execute(AddConstraint(one))
        except IntegrityError as error:
            raise _unfit(one.table.name) from error


def _check_references(connection: Connection) -> None:
    orphan = connection.execute(text("PRAGMA foreign_key_check")).first()
    if orphan is not None:
        raise _unfit(str(orphan[0]))


def _set_sequences(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL give new rows numbers after those that were loaded."""
    for table in tables:
        for column in table.primary_key:
            sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
            if connection.scalar(select(sequence)) is not None:
                # The number of a table without rows is NULL, and its sequence stays as it is.
                connection.execute(select(func.setval(sequence, select(func.max(column)).scalar_subquery())))


def _unfit(table: str) -> BadArchive:
    return BadArchive(f"The archive is not used: its rows of {table} do not fit the table.")
