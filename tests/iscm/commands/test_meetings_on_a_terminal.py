"""`iscm meetings` as a person sees it at a terminal: its width, its questions, its progress."""

import subprocess
from pathlib import Path

from sqlalchemy import select

from models import Database, Meeting
from tests.calendar_feed.importing.real_files import calendar
from tests.iscm.commands.import_commands import event
from tests.iscm.commands.terminal import on_a_terminal


def test_terminal_of_80_columns_shows_slugs_whole(sqlite_registry: Database) -> None:
    """On a terminal no line is longer than it is wide, and slugs can be copied."""
    out = on_a_terminal(sqlite_registry, "meetings", "list", "--year", "2025").out
    lines = out.replace("\r\n", "\n").splitlines()
    assert max(map(len, lines[1:])) <= 80
    assert "rabat-process-20250129-steering_committee" in out


def test_deleting_on_a_terminal_asks_first(sqlite_registry: Database) -> None:
    """Whoever sits at a terminal is asked; a no leaves the meeting, --yes does not ask."""
    slug = "grcp-20171010-grcp"
    asked = on_a_terminal(sqlite_registry, "meetings", "delete", slug, answer="n\n").out
    assert "Delete meeting grcp-20171010-grcp (7th Global Meeting of ISCMs (GRCP 7))? [y/N]" in asked
    assert _there(sqlite_registry, slug)
    on_a_terminal(sqlite_registry, "meetings", "delete", slug, "--yes")
    assert not _there(sqlite_registry, slug)


def test_progress_is_shown_on_a_terminal(sqlite_registry: Database, tmp_path: Path) -> None:
    """Whoever waits at a terminal sees a bar; a script sees none."""
    (tmp_path / "m.ics").write_bytes(calendar(event()))
    command = ("meetings", "import", str(tmp_path / "m.ics"), "--dry-run")
    ran = on_a_terminal(sqlite_registry, *command, stdout=subprocess.DEVNULL)
    assert (ran.code, "Comparing" in ran.out) == (0, True)


def _there(database: Database, slug: str) -> bool:
    with database.reading() as session:
        return session.scalar(select(Meeting).where(Meeting.slug == slug)) is not None
