"""Loading the registry is whole or nothing, leaves its revisions, and can be repeated without effect."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    BUNDLED,
    Database,
    Meeting,
    Revision,
    load_registry,
)
from models.meeting_fields import MEETING_FIELDS
from models.registry_file import read_registry
from tests.models.registry_folder import LATER, SUMMIT, every_row


def test_second_load_changes_not_one_byte(registry: Database) -> None:
    """Loading the same files again leaves every row of every table as it was: no stamp, no mark."""
    before = every_row(registry)
    with registry.writing() as session:
        report = load_registry(session, now=LATER)
    assert every_row(registry) == before
    assert (report.added, report.changed, report.kept, report.gone, report.absent, report.taken) == ([],) * 6


def test_load_into_an_empty_database_leaves_a_revision_for_each_record(database: Database) -> None:
    """Every record that is added has one revision by the registry, with all that was said of it."""
    with database.writing() as session:
        report = load_registry(session, now=LATER)
    with database.reading() as session:
        revisions = session.scalars(select(Revision)).all()
        meeting = session.scalars(select(Meeting).where(Meeting.slug == SUMMIT)).one()
        said = {name: value for name, value in MEETING_FIELDS.facts(meeting).items() if value is not None}
    assert sorted((one.kind, one.code) for one in revisions) == sorted(report.added)
    assert {(one.editor, one.act.value, one.at) for one in revisions} == {("registry", "added", LATER)}
    (of_summit,) = [one for one in revisions if one.code == SUMMIT]
    # What the files do not speak of has its first value without having been changed to it.
    assert of_summit.changes == {name: [None, value] for name, value in said.items() if name != "visibility"}


def test_loads_at_once_do_not_double_anything(database: Database) -> None:
    """Two loads of the same registry into an empty database, started together, load it once."""

    def load() -> int:
        with database.writing() as session:
            return len(load_registry(session, now=LATER).added)

    with ThreadPoolExecutor(2) as both:
        added = [done.result() for done in [both.submit(load), both.submit(load)]]
    whole = sum(len(entries) for entries in asdict(read_registry(BUNDLED)).values())
    assert sorted(added) == [0, whole]


def test_second_load_costs_a_fixed_number_of_queries(
    registry: Database, query_count: Callable[[Session], Any]
) -> None:
    """Comparing hundreds of records takes a handful of queries, not some for each."""
    with registry.writing() as session, query_count(session) as count:
        load_registry(session, now=LATER)
    assert count.queries <= 30


def test_load_that_fails_half_way_leaves_nothing(sqlite_database: Database) -> None:
    """On a disk that fills up while it loads, the whole load is undone and a sentence says why."""
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError

    from models.database import explain

    @event.listens_for(sqlite_database.engine, "connect")
    def _small_disk(connection: Any, record: object) -> None:  # noqa: ANN401 - sqlite3's own
        del record
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    before = every_row(sqlite_database)
    sqlite_database.close()
    with pytest.raises(OperationalError) as caught, sqlite_database.writing() as session:
        load_registry(session, now=LATER)
    assert str(explain(caught.value)).startswith("The disk is full, so nothing was written.")
    assert every_row(sqlite_database) == before
