"""Adding, changing, postponing, cancelling, holding and deleting meetings, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from models import (
    Act,
    Database,
    Document,
    DuplicateMeeting,
    Facts,
    HalfAPoint,
    IllegalTransition,
    Meeting,
    NothingToChange,
    NotYetBegun,
    Refusal,
    Revision,
    Tombstone,
    UnknownName,
    UnwelcomeText,
    When,
    add_document,
    add_meeting,
    cancel_meeting,
    change_meeting,
    delete_meeting,
    mark_held,
    postpone_meeting,
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


def _add(database: Database, **fields: Any) -> str:  # noqa: ANN401 - any field
    with database.writing() as session:
        return add_meeting(session, {**LUSAKA, **fields}, editor="Ana", now=NOW).slug


def _change(database: Database, slug: str, **fields: Any) -> Facts:  # noqa: ANN401 - any field
    with database.writing() as session:
        change_meeting(session, slug, fields, editor="Ana", now=NOW)
    return _facts(database, slug)


def _facts(database: Database, slug: str) -> Facts:
    with database.reading() as session:
        return MEETING_FIELDS.facts(session.scalars(select(Meeting).where(Meeting.slug == slug)).one())


def _revisions(database: Database, code: str) -> list[tuple[str, str, Facts]]:
    with database.reading() as session:
        found = session.scalars(select(Revision).where(Revision.code == code).order_by(Revision.id))
        return [(one.editor, one.act.value, one.changes) for one in found]


def test_added_meeting_has_its_names_and_its_revision(registry: Database) -> None:
    """It is planned and public, is called by mechanism, year and kind, and has a UID and one revision."""
    slug = _add(registry)
    with registry.reading() as session:
        meeting = session.scalars(select(Meeting).where(Meeting.slug == slug)).one()
        assert (slug, meeting.created_at, meeting.stale) == ("midsa-2027-ministerial", NOW, True)
        assert len(meeting.uid) == 36
    facts = _facts(registry, slug)
    assert facts["when"] == {"precision": "day", "start": "2027-06-08", "end": "2027-06-10", "zone": None}
    assert (facts["status"], facts["visibility"], facts["confidence"]) == ("planned", "public", "high")
    said = {name: [None, value] for name, value in facts.items() if value not in (None, [], {})}
    assert _revisions(registry, slug) == [("Ana", "added", said)]


def test_mechanism_may_be_called_by_any_of_its_names(registry: Database) -> None:
    """Alias, acronym, short name and any capitals lead to the slug; the order given is the order kept."""
    slug = _add(registry, mechanisms=["Puebla Process", "CSM", "rcm", "Bali process"])
    assert _facts(registry, slug)["mechanisms"] == ["rcm", "sacm", "bali-process"]


def test_slug_is_never_given_twice(registry: Database) -> None:
    """A second meeting of the year gets a number, and so does one that comes after a deleted one."""
    first = _add(registry)
    second = _add(registry, title="Another")
    with registry.writing() as session:
        gone = delete_meeting(session, second, editor="Ana", now=NOW).uid
    third = _add(registry, title="A third")
    assert [first, second, third] == [
        "midsa-2027-ministerial",
        "midsa-2027-ministerial-2",
        "midsa-2027-ministerial-3",
    ]
    with registry.reading() as session:
        (tomb,) = session.scalars(select(Tombstone)).all()
        assert (tomb.uid, tomb.slug, tomb.title, tomb.deleted_at) == (gone, second, "Another", NOW)


@pytest.mark.parametrize(
    ("fields", "refusal", "sentence"),
    [
        (
            {"mechanisms": ["midssa"]},
            UnknownName,
            "There is no mechanism “midssa”. Did you mean: midsa, midwa, midcas, mid-igad, midcom?",
        ),
        ({"mechanisms": ["Horn of Africa finance"]}, UnknownName, None),
        ({"mechanisms": []}, UnwelcomeText, "The mechanism is missing; name at least one."),
        ({"title": " \t"}, UnwelcomeText, "The title is empty; write one."),
        ({"themes": ["gmc"]}, UnknownName, "There is no theme “gmc”. Did you mean: gcm?"),
        (
            {"latitude": 91.0, "longitude": 0.0},
            UnwelcomeText,
            "The latitude must be degrees from -90 to 90, not 91.0.",
        ),
        (
            {"latitude": 9.0},
            HalfAPoint,
            "A point needs both its latitude and its longitude; give both or none.",
        ),
        (
            {"status": "held"},
            NotYetBegun,
            (
                "The meeting begins on 2027-06-08, so it cannot have been held yet. Change its dates first "
                "if they are wrong."
            ),
        ),
        ({"colour": "red"}, UnwelcomeText, None),
    ],
)
def test_meeting_that_cannot_be_is_not_added(
    sqlite_registry: Database, fields: Facts, refusal: type[Refusal], sentence: str | None
) -> None:
    """Each mistake is refused with its sentence, and nothing is on record afterwards."""
    with pytest.raises(refusal) as caught:
        _add(sqlite_registry, **fields)
    assert sentence is None or str(caught.value) == sentence
    with sqlite_registry.reading() as session:
        assert session.scalar(select(Meeting).where(Meeting.title == LUSAKA["title"])) is None
        assert session.scalar(select(Revision).where(Revision.editor == "Ana")) is None


def test_double_is_refused_and_the_other_one_named(registry: Database) -> None:
    """The same mechanism, dates and title are one meeting, whatever the capitals; another day is another."""
    slug = _add(registry)
    with pytest.raises(DuplicateMeeting, match=rf"on record already as {slug} \(planned\)"):
        _add(registry, title="MINISTERIAL  conference of midsa", mechanisms=["midwa", "midsa"])
    other = _add(registry, when=When.parse("2027-06-09", "2027-06-10"))
    with pytest.raises(DuplicateMeeting):
        _change(registry, other, when=LUSAKA["when"])
    assert _add(registry, mechanisms=["midwa"]) == "midwa-2027-ministerial"


def test_editors_at_once_neither_double_a_meeting_nor_share_a_slug(registry: Database) -> None:
    """Four editors enter two meetings, two of them each: one of each is on record, under its own slug."""

    def enter(title: str) -> str | None:
        try:
            return _add(registry, title=title)
        except DuplicateMeeting:
            return None

    titles = ["Ministerial", "Experts"] * 2
    with ThreadPoolExecutor(len(titles)) as editors:
        slugs = [slug for slug in editors.map(enter, titles) if slug]
    assert sorted(slugs) == ["midsa-2027-ministerial", "midsa-2027-ministerial-2"]


def test_moved_meeting_remembers_where_it_stood(registry: Database) -> None:
    """New days leave the old ones and the moment, and the revision holds exactly what changed."""
    slug = _add(registry)
    old = _facts(registry, slug)["when"]
    facts = _change(registry, slug, when=When.parse("2027-09-14", "2027-09-16"))
    assert (facts["previous_when"], facts["moved_at"], facts["status"]) == (old, NOW.isoformat(), "planned")
    assert _revisions(registry, slug)[-1][2] == {
        "when": [old, facts["when"]],
        "previous_when": [None, old],
        "moved_at": [None, NOW.isoformat()],
    }


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("2027-06-08/2027-06-10", "2027-06-09/2027-06-10", True),
        ("2027-06-08/2027-06-10", "2027-06-08/2027-06-11", True),
        ("2027-06-08/", "2027-06-08/2027-06-10", False),
        ("2027-06-08/2027-06-08", "2027-06-08 09:30/2027-06-08 17:00", False),
        ("2027-06-08 09:30/2027-06-08 17:00", "2027-06-08 10:00/2027-06-08 17:00", False),
        ("2027-06-08/2027-06-10", "2027-06/", True),
        ("2027-06/", "2027-06-08/2027-06-10", False),
        ("2027-06/", "2027-07-08/2027-07-10", True),
        ("2027-Q2/", "2027-06/", False),
        ("2027/", "2028-01-10/2028-01-11", True),
        ("unknown/", "2027-06-08/2027-06-10", False),
        ("2014-06-08/2014-06-10", "2014-06-09/2014-06-10", False),
        ("2014-06-08/2014-06-10", "2027-06-08/2027-06-10", True),
    ],
)
def test_move_is_told_from_a_date_that_is_fixed(
    sqlite_registry: Database,
    before: str,
    after: str,
    moved: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """A date that becomes known, or is corrected in the past, is no move; one that others had noted is."""

    def when(written: str) -> When:
        start, _, end = written.partition("/")
        return When.parse(start, end or None, "Africa/Lusaka")

    slug = _add(sqlite_registry, when=when(before))
    facts = _change(sqlite_registry, slug, when=when(after))
    assert (facts["previous_when"] is not None, facts["moved_at"] is not None) == (moved, moved)


def test_postponed_meeting_with_new_dates_is_on_again(registry: Database) -> None:
    """Postponing keeps dates and reason; new dates confirm it, drop the reason and remember the old dates."""
    slug = _add(registry)
    old = _facts(registry, slug)["when"]
    with registry.writing() as session:
        postpone_meeting(session, slug, reason="Elections", editor="Ana", now=NOW)
    facts = _facts(registry, slug)
    assert (facts["status"], facts["reason"], facts["when"]) == ("postponed", "Elections", old)
    facts = _change(registry, slug, when=When.parse("2027-10"))
    assert (facts["status"], facts["reason"], facts["previous_when"]) == ("confirmed", None, old)


def test_cancelled_meeting_can_be_edited_and_stays_cancelled(registry: Database) -> None:
    """A cancellation is final but for taking it back; its venue and even its dates may still be corrected."""
    slug = _add(registry)
    with registry.writing() as session:
        cancel_meeting(session, slug, reason="No quorum", editor="Ana", now=NOW)
    facts = _change(registry, slug, venue="Mulungushi", when=When.parse("2027-06-09", "2027-06-10"))
    assert (facts["status"], facts["reason"], facts["previous_when"]) == ("cancelled", "No quorum", None)
    with pytest.raises(IllegalTransition) as caught, registry.writing() as session:
        postpone_meeting(session, slug, reason=None, editor="Ana", now=NOW)
    assert (
        str(caught.value) == f"Meeting {slug} is cancelled and cannot become postponed (possible: confirmed)."
    )
    assert _change(registry, slug, status="confirmed")["reason"] is None


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
    slug = _add(sqlite_registry, when=when)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    if held:
        with sqlite_registry.writing() as session:
            mark_held(session, slug, editor="Ana", now=moment)
    else:
        with pytest.raises(NotYetBegun), sqlite_registry.writing() as session:
            mark_held(session, slug, editor="Ana", now=moment)
    assert _facts(sqlite_registry, slug)["status"] == ("held" if held else "planned")


def test_change_that_changes_nothing_is_refused(registry: Database) -> None:
    """Saying what is on record already leaves no revision and no stale mark."""
    slug = _add(registry)
    before = _revisions(registry, slug)
    with pytest.raises(NothingToChange):
        _change(registry, slug, city="Lusaka", country="zm", mechanisms=["MIDSA"])
    assert _revisions(registry, slug) == before


def test_mechanisms_change_places(registry: Database) -> None:
    """Mechanisms can be added, taken away and put in another order."""
    slug = _add(registry, mechanisms=["midsa", "midwa"])
    assert _change(registry, slug, mechanisms=["midwa", "midsa"])["mechanisms"] == ["midwa", "midsa"]
    assert _change(registry, slug, mechanisms=["rcm", "midsa"])["mechanisms"] == ["rcm", "midsa"]
    assert _change(registry, slug, mechanisms=["midsa"])["mechanisms"] == ["midsa"]


def test_every_field_is_kept_and_can_be_emptied(registry: Database) -> None:
    """What is written into a field stands there, and what need not be there can be taken out again."""
    slug = _add(registry)
    written: Facts = {
        "mode": "hybrid",
        "venue": "Mulungushi International Conference Centre",
        "latitude": -15.4,
        "longitude": 28.3,
        "join_link": "https://meet.example.org/midsa",
        "host": "ZM",
        "theme": "Labour migration",
        "themes": ["gcm", "labour"],
        "sessions": ["Opening 09:00", "Closing 16:00"],
        "local_times": "from 09:00",
        "interpretation": "English, French, Portuguese",
        "url": "https://example.org/midsa",
        "source": "Letter of the secretariat",
        "confidence": "medium",
        "visibility": "hidden",
        "notes": "Ask again.\nSoon.",
        "reason": "First announced by SADC",
    }
    facts = _change(registry, slug, **written)
    assert {name: facts[name] for name in written} == written
    emptied = {name: None for name in written if name not in {"confidence", "visibility"}}
    facts = _change(registry, slug, **emptied)
    assert {name: facts[name] for name in emptied} == emptied | {"themes": [], "sessions": []}


def test_deleted_meeting_leaves_its_history_and_its_documents(registry: Database) -> None:
    """The revision of a deletion holds all it said; a document that came of it stays, without a meeting."""
    slug = _add(registry)
    with registry.writing() as session:
        document = add_document(
            session, {"title": "Lusaka Declaration", "meeting": slug}, editor="Ana", now=NOW
        ).slug
    said = _facts(registry, slug)
    with registry.writing() as session:
        delete_meeting(session, slug, editor="Ben", now=NOW)
    editor, act, changes = _revisions(registry, slug)[-1]
    assert (editor, act) == ("Ben", Act.DELETED)
    assert changes == {name: [value, None] for name, value in said.items() if value is not None}
    assert _revisions(registry, document)[-1] == ("Ben", "changed", {"meeting": [slug, None]})
    with registry.reading() as session:
        assert session.scalar(select(Meeting).where(Meeting.slug == slug)) is None
        assert session.scalars(select(Document).where(Document.slug == document)).one().meeting_id is None
    with pytest.raises(UnknownName, match="There is no meeting “midsa-2027-ministerial”"):
        _change(registry, slug, city="Lilongwe")
