"""Which tables a database is to have: those of any revision of this program, or none."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from models.database import migrations

HEAD = "head"


def is_known_revision(revision: str) -> bool:
    """Say whether a revision is one of this program's."""
    scripts = ScriptDirectory.from_config(migrations())
    return revision in {script.revision for script in scripts.walk_revisions()}


def empty_out(connection: Connection) -> None:
    """Take away all tables of ours, whatever known revision they are at, in the connection's transaction."""
    if inspect(connection).has_table("alembic_version"):
        command.downgrade(migrations(connection), "base")


def migrate(connection: Connection, revision: str) -> None:
    """Bring the tables to a revision, or to HEAD, in the connection's transaction."""
    command.upgrade(migrations(connection), revision)
