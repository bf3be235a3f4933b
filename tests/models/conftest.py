"""What tests of the record share: a registry to edit, and a counter of queries."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from models import BUNDLED


@dataclass
class Count:
    """How many statements were sent to the database."""

    queries: int = 0


@contextmanager
def counted(session: Session) -> Iterator[Count]:
    """Count the statements that a session's engine is sent inside the block."""
    count = Count()

    def note(*_: object) -> None:
        count.queries += 1

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def query_count() -> Callable[[Session], AbstractContextManager[Count]]:
    """The counter."""
    return counted


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A registry of the test's own, the same as the bundled one."""
    shutil.copytree(BUNDLED, tmp_path / "registry", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "registry"
