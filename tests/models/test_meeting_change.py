"""Changing meetings, and what a move is, on both databases."""

import pytest

from models import (
    Database,
    Facts,
    NothingToChange,
    When,
)
from tests.models.meeting_desk import NOW, add, change, facts_of, revisions_of


def test_moved_meeting_remembers_where_it_stood(registry: Database) -> None:
    """New days leave the old ones and the moment, and the revision holds exactly what changed."""
    slug = add(registry)
    old = facts_of(registry, slug)["when"]
    facts = change(registry, slug, when=When.parse("2027-09-14", "2027-09-16"))
    assert (facts["previous_when"], facts["moved_at"], facts["status"]) == (old, NOW.isoformat(), "planned")
    assert revisions_of(registry, slug)[-1][2] == {
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

    slug = add(sqlite_registry, when=when(before))
    facts = change(sqlite_registry, slug, when=when(after))
    assert (facts["previous_when"] is not None, facts["moved_at"] is not None) == (moved, moved)


def test_change_that_changes_nothing_is_refused(registry: Database) -> None:
    """Saying what is on record already leaves no revision and no stale mark."""
    slug = add(registry)
    before = revisions_of(registry, slug)
    with pytest.raises(NothingToChange):
        change(registry, slug, city="Lusaka", country="zm", mechanisms=["MIDSA"])
    assert revisions_of(registry, slug) == before


def test_mechanisms_change_places(registry: Database) -> None:
    """Mechanisms can be added, taken away and put in another order."""
    slug = add(registry, mechanisms=["midsa", "midwa"])
    assert change(registry, slug, mechanisms=["midwa", "midsa"])["mechanisms"] == ["midwa", "midsa"]
    assert change(registry, slug, mechanisms=["rcm", "midsa"])["mechanisms"] == ["rcm", "midsa"]
    assert change(registry, slug, mechanisms=["midsa"])["mechanisms"] == ["midsa"]


def test_every_field_is_kept_and_can_be_emptied(registry: Database) -> None:
    """What is written into a field stands there, and what need not be there can be taken out again."""
    slug = add(registry)
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
    facts = change(registry, slug, **written)
    assert {name: facts[name] for name in written} == written
    emptied = {name: None for name in written if name not in {"confidence", "visibility"}}
    facts = change(registry, slug, **emptied)
    assert {name: facts[name] for name in emptied} == emptied | {"themes": [], "sessions": []}
