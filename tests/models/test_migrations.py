"""Migrations: from nothing to this program's tables, and nothing else."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import models
from models import Database, Record
from models.database import NEWEST, NotUpgraded


def test_newest_migration_is_the_one_the_program_asks_for() -> None:
    """The constant that starts compare with is the last script in the folder."""
    config = Config()
    config.set_main_option("script_location", f"{models.__path__[0]}/migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_migrated_tables_are_those_of_the_records(database: Database) -> None:
    """A database made by migrations differs in nothing from the declared records."""

    def is_declared(name: str | None, kind: str, of: Mapping[str, str | None]) -> bool:
        """Leave out how each database indexes search_texts by its own means; the tests of search prove it."""
        del of
        own = {"table": "search_grams", "column": "lexemes", "index": "ix_search_texts_lexemes"}
        return not (name or "").startswith(own.get(kind, "-"))

    with database.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": is_declared}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Record.metadata) == []


def test_empty_database_is_refused_until_it_is_upgraded(tmp_path: Path) -> None:
    """An empty file is told from a ready one, and the sentence names the command."""
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    try:
        with pytest.raises(NotUpgraded, match=r"is empty\. Run: iscm database upgrade"):
            database.require_current()
        database.upgrade()
        assert database.revision() == (NEWEST, NEWEST)
        database.require_current()
    finally:
        database.close()
