"""The commands that README and docs tell people to type."""

import shlex
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click
import pytest

from iscm.commands import command

ROOT = Path(__file__).parents[2]
_SHELL = frozenset({">", ">>", "|", "&&", ";"})
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _examples(page: Path) -> Iterator[list[str]]:
    """The words after `iscm` of each indented example, without comments; what a shell joins is told apart."""
    if page.name == "commands.md":
        return  # written from the program; another test compares it
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.startswith("    ") and _is_ours(line.split()[:1]):
            for _, words in groupby(shlex.split(line, comments=True), key=_SHELL.__contains__):
                order = list(words)
                if _is_ours(order):
                    yield order[1:]


def _is_ours(words: list[str]) -> bool:
    return bool(words) and words[0].rsplit("/")[-1] == "iscm"


def _parse(words: list[str]) -> None:
    """Let click take the words as it would from a terminal. Raises UsageError."""
    found: click.Command = command
    context = click.Context(found, info_name="iscm")
    while isinstance(found, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        below = found.get_command(context, name)
        if below is None:
            raise click.UsageError(f"No such command {name!r}.")
        found = below
        context = click.Context(found, info_name=name)
    try:
        found.make_context(found.name, list(words))
    except click.exceptions.Exit:
        pass  # --help and --version end the program by themselves
    except click.BadParameter as error:
        # A file of the reader's own is not here, which is no fault of the page.
        if not _lacks_a_file(error):
            raise


def _lacks_a_file(error: click.BadParameter) -> bool:
    return "does not exist" in error.message or "No such file" in error.message


def test_every_example_is_a_command_of_the_program() -> None:
    """Each line that starts with `iscm` names a command, options and arguments that the program takes."""
    examples = [(page.name, words) for page in PAGES for words in _examples(page)]
    assert len(examples) > 20
    wrong = []
    for page, words in examples:
        try:
            _parse(words)
        except click.UsageError as error:
            wrong.append((page, " ".join(words), error.message))
    assert wrong == []


@pytest.mark.parametrize("words", [["newsleter"], ["database", "upgrade", "--fast"], ["meetings", "ad"]])
def test_example_that_is_no_command_is_found(words: list[str]) -> None:
    """The check above can fail."""
    with pytest.raises(click.UsageError):
        _parse(words)
