"""`iscm database` and the refusals of a command that finds no usable database."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from iscm.commands import command
from iscm.commands.context import NoDatabase, opened
from models.database import NotUpgraded
from models.refusal import Refusal


def _run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, words, catch_exceptions=False)
    return done.exit_code, done.output


def test_upgrade_makes_the_tables_once() -> None:
    """The first run makes them, the second finds nothing to do, and check agrees."""
    first, second, check = _run("database", "upgrade"), _run("database", "upgrade"), _run("database", "check")
    assert [code for code, _ in (first, second, check)] == [0, 0, 0]
    assert first[1].endswith("(it was empty).\n")
    assert second[1].startswith("The database is up to date")
    assert check[1].startswith("The database is sound and up to date")


def test_command_without_a_database_names_the_way_and_makes_no_file(bare_folder: Path) -> None:
    """Looking does not create an empty database that would look like a lost record."""
    with pytest.raises(NoDatabase, match="Run: iscm database upgrade"), opened():
        pass
    assert [path.name for path in (bare_folder / "data").iterdir()] == ["secret_key"]


def test_command_on_a_database_without_tables_names_the_way(bare_folder: Path) -> None:
    """An empty file is not upgraded by accident."""
    (bare_folder / "data").mkdir()
    (bare_folder / "data" / "iscm.db").touch()
    with pytest.raises(NotUpgraded, match="Run: iscm database upgrade"), opened():
        pass


def test_check_finds_a_row_that_refers_to_nothing(bare_folder: Path) -> None:
    """A reference that lost its row, by whatever hand, is told and exits 1."""
    _run("database", "upgrade")
    connection = sqlite3.connect(bare_folder / "data" / "iscm.db")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(
        "INSERT INTO mechanism_aliases (mechanism_id, name, slug, former) VALUES (99, 'x', 'x', 0)"
    )
    connection.commit()
    connection.close()

    with pytest.raises(Refusal, match=r"mechanism_alias.* refers to a row that is gone"):
        _run("database", "check")


def test_opened_gives_one_aware_moment_and_who_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that a command writes bears the same moment and the name of the setting."""
    _run("database", "upgrade")
    monkeypatch.setenv("ISCM_EDITOR_NAME", "Ana")
    with opened() as house:
        assert house.now is house.now
        assert house.now.utcoffset() is not None
        assert house.editor == "Ana"
