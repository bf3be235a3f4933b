"""Adding meetings: their names, their slugs, what is refused, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from models import (
    Database,
    DuplicateMeeting,
    Facts,
    HalfAPoint,
    Meeting,
    NotYetBegun,
    Refusal,
    Revision,
    Tombstone,
    UnknownName,
    UnwelcomeText,
    When,
    delete_meeting,
)
from tests.models.meeting_desk import LUSAKA, NOW, add, change, facts_of, revisions_of


def test_added_meeting_has_its_names_and_its_revision(registry: Database) -> None:
    """It is planned and public, is called by mechanism, year and kind, and has a UID and one revision."""
    slug = add(registry)
    with registry.reading() as session:
        meeting = session.scalars(select(Meeting).where(Meeting.slug == slug)).one()
        assert (slug, meeting.created_at, meeting.stale) == ("midsa-2027-ministerial", NOW, True)
        assert len(meeting.uid) == 36
    facts = facts_of(registry, slug)
    assert facts["when"] == {"precision": "day", "start": "2027-06-08", "end": "2027-06-10", "zone": None}
    assert (facts["status"], facts["visibility"], facts["confidence"]) == ("planned", "public", "high")
    said = {name: [None, value] for name, value in facts.items() if value not in (None, [], {})}
    assert revisions_of(registry, slug) == [("Ana", "added", said)]


def test_mechanism_may_be_called_by_any_of_its_names(registry: Database) -> None:
    """Alias, acronym, short name and any capitals lead to the slug; the order given is the order kept."""
    slug = add(registry, mechanisms=["Puebla Process", "CSM", "rcm", "Bali process"])
    assert facts_of(registry, slug)["mechanisms"] == ["rcm", "sacm", "bali-process"]


def test_slug_is_never_given_twice(registry: Database) -> None:
    """A second meeting of the year gets a number, and so does one that comes after a deleted one."""
    first = add(registry)
    second = add(registry, title="Another")
    with registry.writing() as session:
        gone = delete_meeting(session, second, editor="Ana", now=NOW).uid
    third = add(registry, title="A third")
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
        add(sqlite_registry, **fields)
    assert sentence is None or str(caught.value) == sentence
    with sqlite_registry.reading() as session:
        assert session.scalar(select(Meeting).where(Meeting.title == LUSAKA["title"])) is None
        assert session.scalar(select(Revision).where(Revision.editor == "Ana")) is None


def test_double_is_refused_and_the_other_one_named(registry: Database) -> None:
    """The same mechanism, dates and title are one meeting, whatever the capitals; another day is another."""
    slug = add(registry)
    with pytest.raises(DuplicateMeeting, match=rf"on record already as {slug} \(planned\)"):
        add(registry, title="MINISTERIAL  conference of midsa", mechanisms=["midwa", "midsa"])
    other = add(registry, when=When.parse("2027-06-09", "2027-06-10"))
    with pytest.raises(DuplicateMeeting):
        change(registry, other, when=LUSAKA["when"])
    assert add(registry, mechanisms=["midwa"]) == "midwa-2027-ministerial"


def test_editors_at_once_neither_double_a_meeting_nor_share_a_slug(registry: Database) -> None:
    """Four editors enter two meetings, two of them each: one of each is on record, under its own slug."""

    def enter(title: str) -> str | None:
        try:
            return add(registry, title=title)
        except DuplicateMeeting:
            return None

    titles = ["Ministerial", "Experts"] * 2
    with ThreadPoolExecutor(len(titles)) as editors:
        slugs = [slug for slug in editors.map(enter, titles) if slug]
    assert sorted(slugs) == ["midsa-2027-ministerial", "midsa-2027-ministerial-2"]
