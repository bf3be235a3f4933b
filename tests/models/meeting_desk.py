"""An editor's hands on one meeting in Lusaka: add it, change it, see what is on record."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from models import (
    Database,
    Facts,
    Meeting,
    Revision,
    When,
    add_meeting,
    change_meeting,
)
from models.meeting_fields import MEETING_FIELDS

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
LUSAKA: Facts = {
    "title": "Ministerial Conference of MIDSA",
    "mechanisms": ["midsa"],
    "when": When.parse("2027-06-08", "2027-06-10"),
    "kind": "ministerial",
    "city": "Lusaka",
    "country": "ZM",
}


def add(database: Database, **fields: Any) -> str:  # noqa: ANN401 - any field
    """Add the meeting in Lusaka, with other facts where they are given; return its slug."""
    with database.writing() as session:
        return add_meeting(session, {**LUSAKA, **fields}, editor="Ana", now=NOW).slug


def change(database: Database, slug: str, **fields: Any) -> Facts:  # noqa: ANN401 - any field
    """Change fields of a meeting; return all its facts."""
    with database.writing() as session:
        change_meeting(session, slug, fields, editor="Ana", now=NOW)
    return facts_of(database, slug)


def facts_of(database: Database, slug: str) -> Facts:
    """All that is on record about a meeting."""
    with database.reading() as session:
        return MEETING_FIELDS.facts(session.scalars(select(Meeting).where(Meeting.slug == slug)).one())


def revisions_of(database: Database, code: str) -> list[tuple[str, str, Facts]]:
    """The revisions of a record, oldest first: editor, act and changes."""
    with database.reading() as session:
        found = session.scalars(select(Revision).where(Revision.code == code).order_by(Revision.id))
        return [(one.editor, one.act.value, one.changes) for one in found]
