"""Loading the registry never takes an editor's work back."""

from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from models import (
    Database,
    Kept,
    Meeting,
    Publication,
    RegistryFacts,
    add_meeting,
    change_mechanism,
    change_meeting,
    change_update,
    delete_document,
    delete_meeting,
    delete_update,
    load_registry,
    mark_held,
)
from tests.models.registry_folder import LATER, SUMMIT, edit, set_fields


def test_editors_change_is_kept_and_reported(registry: Database) -> None:
    """What an editor changed stays, however often the same registry is loaded, and each load says so."""
    with registry.writing() as session:
        change_meeting(session, SUMMIT, {"city": "Guayaquil"}, editor="Ana", now=LATER)
        change_mechanism(
            session, "rcm", {"secretariat": "Technical Secretariat, San José"}, editor="Ana", now=LATER
        )
    for _ in range(2):
        with registry.writing() as session:
            report = load_registry(session, now=LATER)
        assert report.changed == []
        assert [(one.kind, one.code, one.field, one.here) for one in report.kept] == [
            ("mechanism", "rcm", "secretariat", "Technical Secretariat, San José"),
            ("meeting", SUMMIT, "city", "Guayaquil"),
        ]
        assert report.kept[1] == Kept("meeting", SUMMIT, "city", "Guayaquil", "Quito")


def test_registry_that_has_caught_up_with_the_editor_is_followed_again(
    registry: Database, folder: Path
) -> None:
    """Once the files say what the editor said, the field is the registry's again."""
    with registry.writing() as session:
        change_meeting(session, SUMMIT, {"city": "Guayaquil"}, editor="Ana", now=LATER)
    for city in ("Guayaquil", "Cuenca"):
        edit(folder, "meetings.json", set_fields(SUMMIT, city=city))
        with registry.writing() as session:
            report = load_registry(session, folder, now=LATER)
        assert report.kept == []
    with registry.reading() as session:
        assert session.scalar(select(Meeting.city).where(Meeting.slug == SUMMIT)) == "Cuenca"


def test_deleted_records_are_not_brought_back(registry: Database, folder: Path) -> None:
    """What an editor deleted stays away, also when the files change it."""
    meeting, update, document = (
        "grcp-20171010-grcp",
        "2017-10-11-grcp-outcome",
        "sacm-20251118-plenary-outcome",
    )
    with registry.writing() as session:
        delete_meeting(session, meeting, editor="Ana", now=LATER)
        delete_update(session, update, editor="Ana", now=LATER)
        delete_document(session, document, editor="Ana", now=LATER)
    edit(folder, "meetings.json", set_fields(meeting, title="Changed", id=meeting))
    with registry.writing() as session:
        report = load_registry(session, folder, now=LATER)
    assert report.gone == [("meeting", meeting), ("document", document), ("update", update)]
    assert (report.added, report.changed) == ([], [])
    # The outcome of the deleted meeting was parted from it by the editor, and stays so.
    assert [(one.code, one.field, one.here) for one in report.kept] == [
        (f"{meeting}-outcome", "meeting", None)
    ]


def test_outcome_of_a_deleted_meeting_is_not_loaded(registry: Database, folder: Path) -> None:
    """What newer files say came of a meeting deleted here has nothing to hang on, and is reported."""
    with registry.writing() as session:
        delete_meeting(session, SUMMIT, editor="Ana", now=LATER)
    edit(folder, "meetings.json", set_fields(SUMMIT, outcome={"title": "Quito Report", "act": "issued"}))
    with registry.writing() as session:
        report = load_registry(session, folder, now=LATER)
    assert report.taken == [("document", f"{SUMMIT}-outcome", f"its meeting {SUMMIT} was not loaded")]


def test_meeting_that_was_made_here_first_is_not_doubled(database: Database, folder: Path) -> None:
    """An editor who was quicker than the registry keeps the one meeting; the load says where it stands."""

    def only_others(records: list[dict[str, Any]]) -> None:
        records[:] = [one for one in records if one["id"] != SUMMIT]

    edit(folder, "meetings.json", only_others)
    with database.writing() as session:
        load_registry(session, folder, now=LATER)
        fields = {"title": "12th  gfmd summit meeting", "mechanisms": ["gfmd"]}
        when = {"start": "2020-01-20", "end": "2020-01-24"}
        ours = add_meeting(session, {**fields, "when": when}, editor="Ana", now=LATER).slug
    with database.writing() as session:
        report = load_registry(session, now=LATER)
    assert report.taken == [("meeting", SUMMIT, f"it is on record already as {ours}")]
    assert report.added == []


def test_mark_of_an_editor_survives_a_newer_registry(registry: Database) -> None:
    """A meeting that an editor marked as held is not turned back to planned by a load."""
    with registry.writing() as session:
        planned = session.scalars(
            select(Meeting.slug).where(Meeting.status == "planned").order_by(Meeting.slug)
        ).first()
        mark_held(session, str(planned), editor="Ana", now=LATER)
    with registry.writing() as session:
        report = load_registry(session, now=LATER)
    assert report.kept == [Kept("meeting", str(planned), "status", "held", "planned")]


def test_update_changed_by_an_editor_is_kept(registry: Database) -> None:
    """The news of an editor's hand stays too."""
    with registry.writing() as session:
        change_update(
            session, "2014-11-28-khartoum-process-established", {"title": "Launch"}, editor="A", now=LATER
        )
        facts = session.scalar(select(func.count()).select_from(RegistryFacts))
        revision = session.scalars(select(Publication.record_revision)).one()
    with registry.writing() as session:
        report = load_registry(session, now=LATER)
        assert session.scalar(select(func.count()).select_from(RegistryFacts)) == facts
        assert session.scalars(select(Publication.record_revision)).one() == revision
    assert [one.field for one in report.kept] == ["title"]
