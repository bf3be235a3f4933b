"""The reference pages say what the program does."""

from pathlib import Path

from docs.reference import commands_page, settings_page, walk
from iscm.commands import command
from iscm.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
STALE = "run `make docs` and commit what it writes"


def test_settings_page_is_what_the_program_reads() -> None:
    """docs/settings.md names each setting with its default and its meaning."""
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`ISCM_{name.upper()}`" not in page] == []
    assert page == settings_page(), STALE


def test_commands_page_is_what_the_program_does() -> None:
    """docs/commands.md names each command and option, with the words that `--help` has."""
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert page == commands_page(), STALE


def test_command_without_a_word_of_help_does_not_exist() -> None:
    """Each command says what it does."""
    commands = dict(walk(command, ("iscm",)))
    assert len(commands) > 40
    assert [" ".join(path) for path, found in commands.items() if not found.help] == []
