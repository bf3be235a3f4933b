"""Adding, changing and deleting a record, so that each leaves its revision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Facts
from models.field import Fields
from models.known import Known
from models.publication import Publication
from models.refusal import Refusal
from models.revision import Act, differences, record_revision


class NothingToChange(Refusal):
    """Everything is already as it was asked for."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """One change of the record by one editor, in the session's transaction. now is an aware UTC moment."""

    session: Session
    editor: str
    now: datetime

    def alone(self) -> None:
        """Wait until no other process is changing the record; see `alone`."""
        alone(self.session)

    def add(self, record: Any, fields: Fields, facts: Mapping[str, Any], known: Known) -> None:  # noqa: ANN401 - any record
        """Fill a new record with checked facts and put it on record under its code."""
        fields.assign(record, facts, known)
        self.session.add(record)
        self.note(fields.kind, fields.code(record), act=Act.ADDED, changes=differences({}, facts))

    def change(self, record: Any, fields: Fields, facts: Mapping[str, Any], known: Known) -> Facts:  # noqa: ANN401 - any record
        """Write the checked facts that differ; return what changed as {field: [before, after]}."""
        before = fields.facts(record)
        fields.assign(record, {name: value for name, value in facts.items() if before[name] != value}, known)
        changes = differences(before, fields.facts(record))
        if changes:
            self.note(fields.kind, fields.code(record), act=Act.CHANGED, changes=changes)
        return changes

    def delete(self, record: Any, fields: Fields) -> None:  # noqa: ANN401 - any record
        """Take a record away; its revision holds all it said."""
        changes = differences(fields.facts(record), {})
        self.note(fields.kind, fields.code(record), act=Act.DELETED, changes=changes)
        self.session.delete(record)

    def note(self, kind: str, code: str, *, act: Act, changes: Facts) -> None:
        """Leave a revision."""
        record_revision(
            self.session, kind=kind, code=code, act=act, changes=changes, editor=self.editor, now=self.now
        )


def alone(session: Session) -> None:
    """Wait until no other process is changing the record, so that what is looked up still holds later.

    On SQLite the writing transaction holds the file already.
    """
    session.execute(select(Publication.id).with_for_update())
