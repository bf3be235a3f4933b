"""Commands that are imported only when they are used."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from iscm.commands import command
from iscm.commands.lazy import LazyGroup


def _groups(found: LazyGroup) -> list[LazyGroup]:
    context = click.Context(found)
    below = [found.get_command(context, name) for name in found.list_commands(context)]
    return [found, *(one for group in below if isinstance(group, LazyGroup) for one in _groups(group))]


def test_summary_in_the_list_begins_the_help_of_the_command() -> None:
    """`iscm --help` and `iscm NAME --help` do not contradict each other."""
    contradictions = []
    for group in _groups(command):
        context = click.Context(group)
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            assert found is not None
            meant = " ".join((found.help or "").split())
            if not meant.startswith(group.summaries[name].removesuffix(".")):
                contradictions.append((group.name, name, group.summaries[name], meant))
    assert contradictions == []


def test_help_imports_neither_database_nor_web(bare_folder: Path) -> None:
    """`iscm --help` is quick because the heavy libraries stay out of it."""
    heavy = ["sqlalchemy", "starlette", "alembic", "icalendar", "pydantic", "rich", "structlog"]
    script = f"""
import sys
from iscm.__main__ import main
try:
    main(["--help"])
except SystemExit:
    print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=bare_folder
    )
    assert done.stderr == "[]\n"


def test_module_without_a_command_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that exposes something else than a click command is told by its name."""
    group = LazyGroup(name="x", package="iscm", summaries={"logs": "No command."}, help="x")
    monkeypatch.setattr("iscm.logs.command", 1, raising=False)
    with pytest.raises(TypeError, match=r"iscm\.logs\.command is no click command"):
        group.get_command(click.Context(group), "logs")
