"""A newer registry changes what it speaks of, and takes nothing away that was public."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models import (
    BUNDLED,
    BadRegistry,
    Database,
    Kept,
    Mechanism,
    Meeting,
    Revision,
    Update,
    change_meeting,
    load_registry,
)
from tests.models.registry_folder import LATER, SUMMIT, edit, every_row, set_fields


def test_newer_registry_changes_what_no_editor_touched(registry: Database, folder: Path) -> None:
    """News in the files comes in field by field; the editor's field of the same record stays."""
    with registry.writing() as session:
        change_meeting(session, SUMMIT, {"city": "Guayaquil"}, editor="Ana", now=LATER)
    edit(
        folder,
        "meetings.json",
        set_fields(SUMMIT, city="Cuenca", venue="Pumapungo", outcome={"title": "Quito Report"}),
    )
    edit(
        folder,
        "mechanisms.json",
        set_fields("rcm", chair={"states": [{"state": "MX", "role": "chair"}], "since": "2026"}),
    )
    with registry.writing() as session:
        report = load_registry(session, folder, now=LATER)
    assert report.added == [("document", f"{SUMMIT}-outcome")]
    assert report.changed == [("mechanism", "rcm"), ("meeting", SUMMIT)]
    assert report.kept == [Kept("meeting", SUMMIT, "city", "Guayaquil", "Cuenca")]
    with registry.reading() as session:
        summit = session.scalars(select(Meeting).where(Meeting.slug == SUMMIT)).one()
        assert (summit.city, summit.venue) == ("Guayaquil", "Pumapungo")
        assert [document.title for document in summit.documents] == ["Quito Report"]
        (revision,) = session.scalars(
            select(Revision).where(Revision.kind == "mechanism", Revision.act == "changed")
        ).all()
        assert list(revision.changes) == ["chair"]


def test_record_that_left_the_registry_stays(registry: Database, folder: Path) -> None:
    """Files that no longer name a record do not delete it."""
    edit(folder, "updates.json", lambda records: records.pop())
    gone = json.loads((BUNDLED / "updates.json").read_text(encoding="utf-8"))[-1]["id"]
    with registry.writing() as session:
        report = load_registry(session, folder, now=LATER)
    assert report.absent == [("update", gone)]
    with registry.reading() as session:
        assert session.scalar(select(func.count()).select_from(Update)) == 58


def test_alias_that_left_the_registry_still_answers(registry: Database, folder: Path) -> None:
    """A name taken from the files is listed no more; its address stays the mechanism's for ever."""
    edit(folder, "mechanisms.json", set_fields("rcm", aliases=["CRM"]))
    with registry.writing() as session:
        load_registry(session, folder, now=LATER)
    with registry.reading() as session:
        rcm = session.scalars(select(Mechanism).where(Mechanism.slug == "rcm")).one()
        assert rcm.other_names == ["CRM"]
        assert {alias.slug for alias in rcm.aliases} == {
            "crm",
            "puebla-process",
            "conferencia-regional-sobre-migracion",
        }


def test_meeting_moved_by_the_registry_remembers_its_dates(database: Database, folder: Path) -> None:
    """Newer files that move a meeting still ahead leave its old dates, as an editor's move would."""
    before = datetime(2019, 6, 1, tzinfo=UTC)
    quiet = set_fields("gfmd-20200120-summit", original_start=None, original_end=None)
    edit(folder, "meetings.json", quiet)
    with database.writing() as session:
        load_registry(session, folder, now=before)
    edit(folder, "meetings.json", set_fields(SUMMIT, start="2020-02-03", end="2020-02-07"))
    for _ in range(2):
        with database.writing() as session:
            report = load_registry(session, folder, now=before)
    assert report.kept == []
    with database.reading() as session:
        summit = session.scalars(select(Meeting).where(Meeting.slug == SUMMIT)).one()
        assert summit.previous_when == {
            "precision": "day",
            "start": "2020-01-20",
            "end": "2020-01-24",
            "zone": None,
        }
        assert summit.moved_at == before


def test_new_mechanism_cannot_take_an_aliases_address(registry: Database, folder: Path) -> None:
    """A newer registry that names a mechanism as another one's alias is refused whole."""
    edit(folder, "mechanisms.json", set_fields("rcm", aliases=["CRM"]))
    edit(
        folder,
        "mechanisms.json",
        lambda records: records.append({**records[0], "slug": "puebla-process", "aliases": []}),
    )
    before = every_row(registry)
    with pytest.raises(BadRegistry) as caught, registry.writing() as session:
        load_registry(session, folder, now=LATER)
    assert str(caught.value) == "mechanisms.json, record puebla-process: this is an address of rcm already."
    assert every_row(registry) == before
