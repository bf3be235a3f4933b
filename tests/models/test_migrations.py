"""Migrations: from nothing to this program's tables, and nothing else."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select

import models
from models import (
    Database,
    Delivery,
    DeliveryState,
    Issue,
    IssueSettlement,
    IssueState,
    IssueSummary,
    Record,
    Subscriber,
    Task,
    TaskKind,
)
from models.database import NEWEST, NotUpgraded, migrations
from newsletter.tasks import open_task
from tests.letters import NOW, add_issue, add_readers


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


def test_editors_told_of_doubts_before_0020_get_their_second_word(database: Database) -> None:
    """Whoever was told, and of whose issue something is in doubt yet; nobody else. Tasks count as untold."""
    with database.writing() as session:
        reader = add_readers(session, 1)[0]
        for code, state, doubt, is_told in (
            ("2014", IssueState.PAUSED, DeliveryState.IN_DOUBT, True),
            ("2015", IssueState.SENDING, DeliveryState.IN_DOUBT, False),
            ("2016", IssueState.SENT, DeliveryState.ACCEPTED, True),
            ("2017", IssueState.SENDING, DeliveryState.PENDING, True),
        ):
            issue = add_issue(session, code=code, state=state)
            letter = Delivery(
                issue_id=issue.id, address=reader, address_key=reader, language="en", message_id=code
            )
            letter.state = doubt
            told_at = NOW if is_told else None
            session.add_all([letter, IssueSummary(issue_id=issue.id, begun_by="cleo", on_wire_at=told_at)])
        someone = session.scalars(select(Subscriber)).one()
        detail = "550 5.1.1 no such user"
        task = TaskKind.NEW_ADDRESS
        open_task(session, task, someone, address=reader, issue="2016", detail=detail, now=NOW)
    with database._for_migration() as connection:  # noqa: SLF001 - the only transaction migrations may be in
        command.downgrade(migrations(connection), "0019")
    database.upgrade()
    with database.reading() as session:
        promised = select(Issue.code, IssueSettlement.next_at, IssueSettlement.on_wire_at)
        rows = session.execute(promised.join(Issue, Issue.id == IssueSettlement.issue_id)).all()
        assert rows == [("2014", NOW, None)]
        assert session.scalars(select(Task.told_at)).all() == [None]
