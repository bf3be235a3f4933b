"""An archive gives back what was written, on either kind of database, or is refused and changes nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect, text

from models import Region
from models.archive import schema
from models.archive.check import check_archive
from models.archive.load import load_rows
from models.archive.tar import BadArchive
from models.database import NEWEST, Database
from tests.archives import all_rows, fill_every_table, make_archive, remade
from tests.postgresql import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, of either kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server: Server = request.getfixturevalue("postgresql")
        url = server.url(server.create())
    database = Database(url)
    yield database
    database.close()


def _load(path: Path, database: Database) -> None:
    archive = check_archive(path)
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]  # it is connected
        with connection.begin():
            schema.migrate(connection, archive.manifest.revision)
            load_rows(connection, archive)
            schema.migrate(connection, schema.HEAD)


def test_every_value_of_every_table_moves_from_any_database_to_any(
    database: Database, empty: Database, tmp_path: Path
) -> None:
    """SQLite to SQLite and PostgreSQL, PostgreSQL to both: row by row and value by value the same."""
    fill_every_table(database)
    before = all_rows(database)
    manifest = make_archive(database, tmp_path / "one.tar.gz")
    _load(tmp_path / "one.tar.gz", empty)
    assert all_rows(empty) == before
    assert manifest.rows == {name: len(rows) for name, rows in before.items()}
    assert all(before.values())
    # And once more from there: nothing is lost on the second way either.
    make_archive(empty, tmp_path / "two.tar.gz")
    assert _tables(tmp_path / "one.tar.gz") == _tables(tmp_path / "two.tar.gz")


def test_new_rows_get_numbers_after_those_that_were_loaded(
    registry: Database, empty: Database, tmp_path: Path
) -> None:
    """PostgreSQL counts on from the highest number, as SQLite does."""
    make_archive(registry, tmp_path / "one.tar.gz")
    _load(tmp_path / "one.tar.gz", empty)
    with empty.writing() as session:
        highest = session.scalar(text("SELECT max(id) FROM regions")) or 0
        added = session.scalar(insert(Region).values(slug="x", name="X", position=99).returning(Region.id))
    assert added == highest + 1


def test_rows_that_refer_to_nothing_are_refused_whole(
    registry: Database, empty: Database, tmp_path: Path
) -> None:
    """A reference is looked at when all rows are there, and one that fails leaves not even a table."""
    make_archive(registry, tmp_path / "one.tar.gz")
    aliases = _tables(tmp_path / "one.tar.gz")["tables/mechanism_aliases.jsonl"].splitlines(keepends=True)
    row = json.loads(aliases[1])
    row[json.loads(aliases[0]).index("mechanism_id")] = 999_999
    content = b"".join([aliases[0], json.dumps(row).encode() + b"\n", *aliases[2:]])
    remade(tmp_path / "one.tar.gz", tmp_path / "two.tar.gz", {"tables/mechanism_aliases.jsonl": content})
    with pytest.raises(BadArchive, match=r"its rows of mechanism_aliases do not fit"):
        _load(tmp_path / "two.tar.gz", empty)
    with empty.engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def _wrong_type(lines: list[bytes]) -> list[bytes]:
    row = json.loads(lines[1])
    row[json.loads(lines[0]).index("position")] = "first"
    return [lines[0], json.dumps(row).encode() + b"\n", *lines[2:]]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_wrong_type, r"tables/regions.jsonl, line 2: it holds str where integer belongs"),
        (lambda lines: [b'["id","name"]\n', *lines[1:]], r"its columns are not those of the table"),
        (lambda lines: [b"{}\n", *lines[1:]], r"a line is no array"),
        (lambda lines: [*lines, lines[-1]], r"its rows of regions do not fit"),
        (lambda lines: [lines[0], b"[1,2,3,4,5,6,7]\n"], r"line 2: a line has too many values"),
        (lambda lines: [lines[0], lines[1].replace(b'"', b'"\\u0000', 1)], r"|"),
        (lambda lines: [lines[0], lines[1].replace(b'"', b'"\\ud800', 1)], r"its rows of regions do not fit"),
    ],
)
def test_hostile_rows_are_refused_and_leave_no_table(
    registry: Database,
    empty: Database,
    tmp_path: Path,
    spoil: Callable[[list[bytes]], list[bytes]],
    reason: str,
) -> None:
    """Whatever stands in a line, it ends in a sentence, and the database is as it was."""
    make_archive(registry, tmp_path / "one.tar.gz")
    lines = _tables(tmp_path / "one.tar.gz")["tables/regions.jsonl"].splitlines(keepends=True)
    changes = {"tables/regions.jsonl": b"".join(spoil(lines))}
    remade(tmp_path / "one.tar.gz", tmp_path / "two.tar.gz", changes)
    if reason == "|" and empty.is_sqlite:
        return  # SQLite takes a zero character, PostgreSQL does not
    with pytest.raises(BadArchive, match=reason):
        _load(tmp_path / "two.tar.gz", empty)
    with empty.engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_an_archive_of_an_earlier_revision_is_brought_up_to_date(empty: Database, tmp_path: Path) -> None:
    """Its tables are made as they were then, loaded, and migrated like any database of that release."""
    old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with old.engine.begin() as connection:
        schema.migrate(connection, "0001")
        connection.execute(text("INSERT INTO regions (slug, name, position) VALUES ('africa', 'Africa', 1)"))
        names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
        rows = {name: connection.execute(text(f"SELECT * FROM {name}")).mappings().all() for name in names}  # noqa: S608 - names of our own
        columns = {name: [one["name"] for one in inspect(connection).get_columns(name)] for name in names}
    old.close()
    newest = Database(f"sqlite:///{tmp_path / 'newest.db'}")
    newest.upgrade()
    make_archive(newest, tmp_path / "newest.tar.gz")
    newest.close()
    tables = {
        f"tables/{name}.jsonl": b"".join(
            json.dumps(line).encode() + b"\n"
            for line in (columns[name], *(list(row.values()) for row in rows[name]))
        )
        for name in names
    }
    later = {name: None for name in _tables(tmp_path / "newest.tar.gz") if name not in tables}
    path = remade(tmp_path / "newest.tar.gz", tmp_path / "old.tar.gz", {**later, **tables})
    manifest = json.loads(_all(path)["manifest.json"])
    remade(
        path,
        tmp_path / "oldest.tar.gz",
        {"manifest.json": json.dumps({**manifest, "revision": "0001"}).encode()},
    )

    _load(tmp_path / "oldest.tar.gz", empty)
    assert empty.revision() == (NEWEST, NEWEST)
    with empty.reading() as session:
        assert session.scalar(text("SELECT name FROM regions")) == "Africa"


def _all(path: Path) -> dict[str, bytes]:
    from tests.archives import read_all

    return read_all(path)


def _tables(path: Path) -> dict[str, bytes]:
    return {name: content for name, content in _all(path).items() if name.startswith("tables/")}
