"""Postponing, cancelling, holding and deleting meetings, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from models import (
    Act,
    Database,
    Document,
    IllegalTransition,
    Meeting,
    NotYetBegun,
    UnknownName,
    When,
    add_document,
    cancel_meeting,
    delete_meeting,
    mark_held,
    postpone_meeting,
)
from tests.models.meeting_desk import NOW, add, change, facts_of, revisions_of


def test_postponed_meeting_with_new_dates_is_on_again(registry: Database) -> None:
    """Postponing keeps dates and reason; new dates confirm it, drop the reason and remember the old dates."""
    slug = add(registry)
    old = facts_of(registry, slug)["when"]
    with registry.writing() as session:
        postpone_meeting(session, slug, reason="Elections", editor="Ana", now=NOW)
    facts = facts_of(registry, slug)
    assert (facts["status"], facts["reason"], facts["when"]) == ("postponed", "Elections", old)
    facts = change(registry, slug, when=When.parse("2027-10"))
    assert (facts["status"], facts["reason"], facts["previous_when"]) == ("confirmed", None, old)


def test_cancelled_meeting_can_be_edited_and_stays_cancelled(registry: Database) -> None:
    """A cancellation is final but for taking it back; its venue and even its dates may still be corrected."""
    slug = add(registry)
    with registry.writing() as session:
        cancel_meeting(session, slug, reason="No quorum", editor="Ana", now=NOW)
    facts = change(registry, slug, venue="Mulungushi", when=When.parse("2027-06-09", "2027-06-10"))
    assert (facts["status"], facts["reason"], facts["previous_when"]) == ("cancelled", "No quorum", None)
    with pytest.raises(IllegalTransition) as caught, registry.writing() as session:
        postpone_meeting(session, slug, reason=None, editor="Ana", now=NOW)
    assert (
        str(caught.value) == f"Meeting {slug} is cancelled and cannot become postponed (possible: confirmed)."
    )
    assert change(registry, slug, status="confirmed")["reason"] is None


@pytest.mark.parametrize(
    ("when", "now", "held"),
    [
        (When.parse("2027-06-08", "2027-06-10"), "2027-06-07T09:59", False),
        (When.parse("2027-06-08", "2027-06-10"), "2027-06-07T10:00", True),
        (When.parse("2027-06-08 09:30", None, "Pacific/Auckland"), "2027-06-07T21:29", False),
        (When.parse("2027-06-08 09:30", None, "Pacific/Auckland"), "2027-06-07T21:30", True),
        (When.parse("2027-06"), "2027-05-30T12:00", False),
        (When.parse("2027-06"), "2027-06-01T00:00", True),
        (When.unknown(), "2030-01-01T00:00", False),
    ],
)
def test_meeting_is_held_once_it_has_begun(
    sqlite_registry: Database,
    when: When,
    now: str,
    held: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """Its hour decides where it is known; else its first day, as soon as that has begun anywhere on earth."""
    slug = add(sqlite_registry, when=when)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    if held:
        with sqlite_registry.writing() as session:
            mark_held(session, slug, editor="Ana", now=moment)
    else:
        with pytest.raises(NotYetBegun), sqlite_registry.writing() as session:
            mark_held(session, slug, editor="Ana", now=moment)
    assert facts_of(sqlite_registry, slug)["status"] == ("held" if held else "planned")


def test_deleted_meeting_leaves_its_history_and_its_documents(registry: Database) -> None:
    """The revision of a deletion holds all it said; a document that came of it stays, without a meeting."""
    slug = add(registry)
    with registry.writing() as session:
        document = add_document(
            session, {"title": "Lusaka Declaration", "meeting": slug}, editor="Ana", now=NOW
        ).slug
    said = facts_of(registry, slug)
    with registry.writing() as session:
        delete_meeting(session, slug, editor="Ben", now=NOW)
    editor, act, changes = revisions_of(registry, slug)[-1]
    assert (editor, act) == ("Ben", Act.DELETED)
    assert changes == {name: [value, None] for name, value in said.items() if value is not None}
    assert revisions_of(registry, document)[-1] == ("Ben", "changed", {"meeting": [slug, None]})
    with registry.reading() as session:
        assert session.scalar(select(Meeting).where(Meeting.slug == slug)) is None
        assert session.scalars(select(Document).where(Document.slug == document)).one().meeting_id is None
    with pytest.raises(UnknownName, match="There is no meeting “midsa-2027-ministerial”"):
        change(registry, slug, city="Lilongwe")
