"""Who changed what, from what to what, and when. Every change of a record leaves one."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Facts, Key, Record, choice


class Act(StrEnum):
    """What was done to a record."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"


class Revision(Record):
    """One change. changes is {field: [before, after]}; editor is a name, or "registry" for the files."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime]
    editor: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40), index=True)
    code: Mapped[str] = mapped_column(String(200), index=True)
    act: Mapped[Act] = mapped_column(choice(Act))
    changes: Mapped[Facts]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Facts:
    """List the fields that differ as {field: [before, after]}, in the order of after."""
    names = list(after) + [name for name in before if name not in after]
    return {
        name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }


def record_revision(
    session: Session,
    *,
    kind: str,
    code: str,
    act: Act,
    changes: Facts,
    editor: str,
    now: datetime,
) -> None:
    """Add one revision to the session's transaction."""
    session.add(Revision(at=now, editor=editor, kind=kind, code=code, act=act, changes=changes))


@contextmanager
def revising(
    session: Session,
    *,
    kind: str,
    code: str,
    facts: Callable[[], Facts],
    editor: str,
    now: datetime,
) -> Iterator[None]:
    """Record, on leaving, what the block changed, if anything: facts() is read before and after."""
    before = facts()
    yield
    changes = differences(before, facts())
    if changes:
        record_revision(
            session, kind=kind, code=code, act=Act.CHANGED, changes=changes, editor=editor, now=now
        )
