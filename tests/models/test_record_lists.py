"""Lists of records: what they hold, in which order, and that their cost does not grow with their length."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import (
    Database,
    Facts,
    Known,
    MechanismStatus,
    MechanismType,
    MeetingFilter,
    MeetingStatus,
    When,
    add_document,
    add_meeting,
    add_update,
    list_meetings,
    load_registry,
)
from models.document_fields import DOCUMENT_FIELDS
from models.document_list import list_documents
from models.mechanism_fields import MECHANISM_FIELDS
from models.mechanism_list import list_mechanisms
from models.meeting import Kind
from models.meeting_fields import MEETING_FIELDS
from models.update_fields import UPDATE_FIELDS
from models.update_list import list_updates

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "slugs"),
    [
        (
            MeetingFilter(mechanisms=frozenset({"arcp"}), until=date(2016, 12, 31)),
            ["grcp-20151021-grcp"],
        ),
        (
            MeetingFilter(since=date(2018, 5, 9), until=date(2018, 5, 9)),
            ["sacm-20180508-joint_plenary"],
        ),
        (
            MeetingFilter(
                types=frozenset({MechanismType.GLOBAL}),
                kinds=frozenset({Kind.SUMMIT}),
                countries=frozenset({"EC"}),
            ),
            ["gfmd-20200120-summit"],
        ),
        (MeetingFilter(statuses=frozenset({MeetingStatus.CONFIRMED})), ["gfmd-20200120-summit"]),
        (
            MeetingFilter(coming=date(2026, 1, 31)),
            ["abu-dhabi-dialogue-20260131-senior_officials", "abu-dhabi-dialogue-20260201-ministerial"],
        ),
        (MeetingFilter(coming=date(2026, 2, 2)), []),
    ],
)
def test_meetings_are_narrowed(registry: Database, wanted: MeetingFilter, slugs: list[str]) -> None:
    """Each filter leaves exactly the meetings it names; a joint one belongs to both its mechanisms."""
    with registry.reading() as session:
        found = [one.slug for one in list_meetings(session, wanted)]
    if wanted.mechanisms:
        found = [slug for slug in found if slug in slugs]
    assert found == slugs


def test_meetings_are_listed_by_date_and_those_without_one_last(database: Database) -> None:
    """The order is that of the first day, then of the UID; what has no date yet stands at the end."""
    with database.writing() as session:
        load_registry(session, now=NOW)
        add_meeting(
            session, {"title": "X", "mechanisms": ["rcm"], "when": When.unknown()}, editor="Ana", now=NOW
        )
    with database.reading() as session:
        found = [(one.when.first or date.max, one.uid, one.slug) for one in list_meetings(session)]
    assert found == sorted(found)
    assert (len(found), found[-1][2]) == (160, "rcm-meeting")


def test_updates_are_listed_newest_first(registry: Database) -> None:
    """News is narrowed by mechanism and days, and the newest comes first."""
    with registry.reading() as session:
        found = list_updates(session, mechanisms=["rcm"], since=date(2020, 1, 1), until=date(2025, 12, 31))
        days = [one.day for one in found]
        assert all("rcm" in {one.slug for one in update.mechanisms} for update in found)
        assert days == sorted(days, reverse=True)
        assert days


def test_documents_are_listed_by_date(registry: Database) -> None:
    """A document stands at its own date, else at that of its meeting; one without either comes last."""
    with registry.writing() as session:
        add_document(session, {"title": "Handbook"}, editor="Ana", now=NOW)
    with registry.reading() as session:
        found = list_documents(session)
        days = [one.day or (one.meeting.when.first if one.meeting else date.max) for one in found]
        of_sacm = [one.title for one in list_documents(session, mechanisms=["sacm"])]
    assert days == sorted(days, key=lambda day: day or date.max)
    assert (len(found), found[-1].title) == (58, "Handbook")
    assert of_sacm == [
        "Sucre Declaration",
        "Declaration for a regional migration agenda",
        "Brasília Declaration",
    ]


def test_mechanisms_are_listed_by_name(registry: Database) -> None:
    """All 35, GRCP with the rest; narrowed by type and status."""
    with registry.reading() as session:
        names = [one.short_name for one in list_mechanisms(session)]
        emerging = [one.slug for one in list_mechanisms(session, statuses=[MechanismStatus.EMERGING])]
        world = [one.slug for one in list_mechanisms(session, types=[MechanismType.GLOBAL])]
    assert (len(names), names) == (35, sorted(names, key=str.casefold))
    assert (sorted(emerging), world) == (["cmc", "midiocc"], ["gfmd", "grcp"])


LISTS: dict[str, tuple[Callable[[Session], list[Any]], Any]] = {
    "meetings": (list_meetings, MEETING_FIELDS),
    "updates": (list_updates, UPDATE_FIELDS),
    "documents": (list_documents, DOCUMENT_FIELDS),
}


@pytest.mark.parametrize("name", LISTS)
def test_list_costs_as_much_for_three_as_for_one(
    registry: Database, query_count: Callable[[Session], Any], name: str
) -> None:
    """Everything that a row shows is read with the list: one row and three rows cost the same queries."""
    listing, fields = LISTS[name]
    kept = {"meetings": "meetings", "updates": "updates", "documents": "documents"}[name]
    costs = []
    _empty(registry, kept)
    for rows in (1, 2):
        for row in range(rows):
            _add_one(registry, name, f"{name} {rows} {row}")
        with registry.reading() as session, query_count(session) as count:
            found = [fields.facts(one) for one in listing(session)]
        costs.append((len(found), count.queries))
    (one, cheap), (three, dear) = costs
    assert (one, three, dear) == (1, 3, cheap)


def test_list_of_mechanisms_costs_the_same_whatever_its_length(
    registry: Database, query_count: Callable[[Session], Any]
) -> None:
    """Two mechanisms or thirty-five: the same queries, aliases, regions, themes and States included."""
    costs = set()
    for statuses in ([MechanismStatus.EMERGING], []):
        with registry.reading() as session, query_count(session) as count:
            assert [MECHANISM_FIELDS.facts(one) for one in list_mechanisms(session, statuses=statuses)]
        costs.add(count.queries)
    assert len(costs) == 1


def test_looking_up_names_costs_the_same_for_many(
    registry: Database, query_count: Callable[[Session], Any]
) -> None:
    """The first name reads its table; every further one asks the database nothing more."""
    with registry.reading() as session:
        known = Known(session)
        with query_count(session) as first:
            assert known.mechanism_slugs(["Puebla Process"]) == ["rcm"]
        with query_count(session) as further:
            assert known.mechanism_slugs(["csm", "IGAD-RCP", "5+5"]) == ["sacm", "mid-igad", "5-plus-5"]
    assert first.queries
    assert not further.queries


def _empty(database: Database, table: str) -> None:
    from sqlalchemy import text

    tables = {
        "meetings": ("meeting_themes", "meeting_mechanisms", "documents", "meetings"),
        "documents": ("documents",),
    }
    for name in tables.get(table, ("update_themes", "update_mechanisms", "updates")):
        with database.engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - names of our own tables


def _add_one(database: Database, name: str, title: str) -> None:
    with database.writing() as session:
        if name == "updates":
            news: Facts = {
                "title": title,
                "date": "2026-11-20",
                "mechanisms": ["rcm", "sacm"],
                "themes": ["gcm"],
            }
            add_update(session, news, editor="Ana", now=NOW)
            return
        when = When.parse("2027-06-08")
        fields: Facts = {"title": title, "mechanisms": ["rcm", "sacm"], "when": when, "themes": ["gcm"]}
        meeting = add_meeting(session, fields, editor="Ana", now=NOW).slug
        add_document(session, {"title": title, "meeting": meeting}, editor="Ana", now=NOW)
