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


def test_command_and_option_without_a_word_of_help_do_not_exist() -> None:
    """Each command says what it does, and each of its options what it is for."""
    silent = [
        (" ".join(path), option.name)
        for path, found in walk(command, ("iscm",))
        for option in found.params
        if option.param_type_name == "option" and not getattr(option, "help", None)
    ]
    nameless = [" ".join(path) for path, found in walk(command, ("iscm",)) if not found.help]
    assert (silent, nameless) == ([], [])
