"""Loading the registry brings in every fact, can be repeated, and never takes an editor's work back."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from models import (
    BUNDLED,
    BadRegistry,
    Database,
    Document,
    Kept,
    Mechanism,
    Meeting,
    Participation,
    Publication,
    RegistryFacts,
    Revision,
    Update,
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
from models.mechanism_fields import MECHANISM_FIELDS
from models.meeting_fields import MEETING_FIELDS
from models.registry_file import read_registry

LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)
SUMMIT = "gfmd-20200120-summit"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A registry of the test's own, the same as the bundled one."""
    shutil.copytree(BUNDLED, tmp_path / "registry", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "registry"


def _edit(folder: Path, file: str, change: Callable[[list[dict[str, Any]]], object]) -> None:
    path = folder / file
    records = json.loads(path.read_text(encoding="utf-8"))
    change(records)
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")


def _set(code: str, **fields: Any) -> Callable[[list[dict[str, Any]]], None]:  # noqa: ANN401 - any JSON
    def change(records: list[dict[str, Any]]) -> None:
        (record,) = [one for one in records if code in {one.get("id"), one.get("slug")}]
        record.update(fields)

    return change


def _dump(database: Database) -> dict[str, list[str]]:
    """Every row of every table, to be compared whole."""
    with database.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        tables = {name: connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}  # noqa: S608 - our own names
        return {name: sorted(map(repr, rows)) for name, rows in tables.items()}


def test_load_brings_in_everything(registry: Database) -> None:
    """35 mechanisms, 159 meetings, 58 updates, 40 documents that came of them and 17 others are on record."""
    with registry.reading() as session:
        counted = {
            table: session.scalar(select(func.count()).select_from(table))
            for table in (Mechanism, Meeting, Update, Document, Participation)
        }
    states = sum(
        len(one["participating_states"] or [])
        + len(one.get("observer_states", []))
        + len(one["organizations"])
        for one in json.loads((BUNDLED / "mechanisms.json").read_text(encoding="utf-8"))
    )
    assert counted == {Mechanism: 35, Meeting: 159, Update: 58, Document: 57, Participation: states}


def test_meeting_says_all_that_the_file_says(registry: Database) -> None:
    """Each meeting has the file's UID, mechanisms in order, dates, place, source, confidence and notes."""
    raw = json.loads((BUNDLED / "meetings.json").read_text(encoding="utf-8"))
    with registry.reading() as session:
        found = {one.slug: (one.uid, MEETING_FIELDS.facts(one)) for one in session.scalars(select(Meeting))}
    status = {"held": "held", "planned_at_source": "planned", "postponed_to_these_dates": "confirmed"}
    same = ("title", "kind", "city", "country", "mode", "theme", "url", "source", "confidence", "notes")
    optional = ("venue", "local_times", "interpretation")
    for one in raw:
        uid, facts = found[one["id"]]
        assert uid == one["uid"]
        assert {name: facts[name] for name in same} == {name: one[name] for name in same}
        assert {name: facts[name] for name in optional} == {name: one.get(name) for name in optional}
        assert facts["sessions"] == one.get("sessions", [])
        assert facts["mechanisms"] == [one["mechanism"], *one["also_mechanisms"]]
        assert facts["themes"] == sorted(one["theme_slugs"])
        assert facts["status"] == status[one["status"]]
        assert facts["when"] == {
            "precision": one["date_precision"],
            "start": one["start"],
            "end": one["end"],
            "zone": None,
        }


def test_mechanism_says_all_that_the_file_says(registry: Database) -> None:
    """Each mechanism has its names, States, chair, secretariat, roles and sources; null stays not known."""
    raw = json.loads((BUNDLED / "mechanisms.json").read_text(encoding="utf-8"))
    with registry.reading() as session:
        found = {one.slug: MECHANISM_FIELDS.facts(one) for one in session.scalars(select(Mechanism))}
    same = (
        "name", "short_name", "acronym", "type_basis", "status", "dormancy", "region", "association",
        "established_year", "secretariat", "website", "languages", "themes", "chair", "notes", "sources",
    )  # fmt: skip
    for one in raw:
        facts = found[one["slug"]]
        assert {name: facts[name] for name in same} == {name: one[name] for name in same}
        assert facts["type"] == one["type"].lower()
        assert facts["is_iscm"] == one.get("is_iscm", True)
        assert facts["status_basis"] == one.get("status_basis")
        assert facts["iom_roles"] == one["iom_role"]
        assert facts["aliases"] == sorted(one["aliases"])
        assert (facts["regions"], facts["theme_tags"]) == (sorted(one["regions"]), sorted(one["theme_slugs"]))
        states = one["participating_states"]
        assert facts["participants"] == {
            "members": None if states is None else sorted(states),
            "observers": sorted(one.get("observer_states", [])),
            "organizations": {row["organization"]: row["as"] for row in one["organizations"]},
            "as_of": one.get("states_as_of"),
        }


def test_moved_summit_keeps_its_first_dates(registry: Database) -> None:
    """GFMD 2020 stands at its new dates and remembers those of 2019; when it was moved is not known."""
    with registry.reading() as session:
        summit = session.scalars(select(Meeting).where(Meeting.slug == SUMMIT)).one()
        assert (summit.when.start_text, summit.when.end_text) == ("2020-01-20", "2020-01-24")
        assert summit.previous_when == {
            "precision": "day",
            "start": "2019-11-19",
            "end": "2019-11-22",
            "zone": None,
        }
        assert (summit.status, summit.moved_at) == ("confirmed", None)


def test_alias_makes_an_address_unless_it_is_the_mechanisms_own(registry: Database) -> None:
    """Other names answer under their own address; “PAFoM” of pafom and “GRCP” of grcp need none."""
    with registry.reading() as session:
        addresses = {
            alias.name: (one.slug, alias.slug)
            for one in session.scalars(select(Mechanism))
            for alias in one.aliases
        }
    assert {name: addresses[name] for name in ("Puebla Process", "IGAD-RCP", "DiMOI", "PAFoM", "GRCP")} == {
        "Puebla Process": ("rcm", "puebla-process"),
        "IGAD-RCP": ("mid-igad", "igad-rcp"),
        "DiMOI": ("midiocc", "dimoi"),
        "PAFoM": ("pafom", None),
        "GRCP": ("grcp", None),
    }


def test_second_load_changes_not_one_byte(registry: Database) -> None:
    """Loading the same files again leaves every row of every table as it was: no stamp, no mark."""
    before = _dump(registry)
    with registry.writing() as session:
        report = load_registry(session, now=LATER)
    assert _dump(registry) == before
    assert (report.added, report.changed, report.kept, report.gone, report.absent, report.taken) == ([],) * 6


def test_load_into_an_empty_database_leaves_a_revision_for_each_record(database: Database) -> None:
    """Every record that is added has one revision by the registry, with all that was said of it."""
    with database.writing() as session:
        report = load_registry(session, now=LATER)
    with database.reading() as session:
        revisions = session.scalars(select(Revision)).all()
        meeting = session.scalars(select(Meeting).where(Meeting.slug == SUMMIT)).one()
        said = {name: value for name, value in MEETING_FIELDS.facts(meeting).items() if value is not None}
    assert sorted((one.kind, one.code) for one in revisions) == sorted(report.added)
    assert {(one.editor, one.act.value, one.at) for one in revisions} == {("registry", "added", LATER)}
    (of_summit,) = [one for one in revisions if one.code == SUMMIT]
    # What the files do not speak of has its first value without having been changed to it.
    assert of_summit.changes == {name: [None, value] for name, value in said.items() if name != "visibility"}


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


def test_newer_registry_changes_what_no_editor_touched(registry: Database, folder: Path) -> None:
    """News in the files comes in field by field; the editor's field of the same record stays."""
    with registry.writing() as session:
        change_meeting(session, SUMMIT, {"city": "Guayaquil"}, editor="Ana", now=LATER)
    _edit(
        folder,
        "meetings.json",
        _set(SUMMIT, city="Cuenca", venue="Pumapungo", outcome={"title": "Quito Report"}),
    )
    _edit(
        folder,
        "mechanisms.json",
        _set("rcm", chair={"states": [{"state": "MX", "role": "chair"}], "since": "2026"}),
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


def test_registry_that_has_caught_up_with_the_editor_is_followed_again(
    registry: Database, folder: Path
) -> None:
    """Once the files say what the editor said, the field is the registry's again."""
    with registry.writing() as session:
        change_meeting(session, SUMMIT, {"city": "Guayaquil"}, editor="Ana", now=LATER)
    for city in ("Guayaquil", "Cuenca"):
        _edit(folder, "meetings.json", _set(SUMMIT, city=city))
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
    _edit(folder, "meetings.json", _set(meeting, title="Changed", id=meeting))
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
    _edit(folder, "meetings.json", _set(SUMMIT, outcome={"title": "Quito Report", "act": "issued"}))
    with registry.writing() as session:
        report = load_registry(session, folder, now=LATER)
    assert report.taken == [("document", f"{SUMMIT}-outcome", f"its meeting {SUMMIT} was not loaded")]


def test_record_that_left_the_registry_stays(registry: Database, folder: Path) -> None:
    """Files that no longer name a record do not delete it."""
    _edit(folder, "updates.json", lambda records: records.pop())
    gone = json.loads((BUNDLED / "updates.json").read_text(encoding="utf-8"))[-1]["id"]
    with registry.writing() as session:
        report = load_registry(session, folder, now=LATER)
    assert report.absent == [("update", gone)]
    with registry.reading() as session:
        assert session.scalar(select(func.count()).select_from(Update)) == 58


def test_alias_that_left_the_registry_still_answers(registry: Database, folder: Path) -> None:
    """A name taken from the files is listed no more; its address stays the mechanism's for ever."""
    _edit(folder, "mechanisms.json", _set("rcm", aliases=["CRM"]))
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
    quiet = _set("gfmd-20200120-summit", original_start=None, original_end=None)
    _edit(folder, "meetings.json", quiet)
    with database.writing() as session:
        load_registry(session, folder, now=before)
    _edit(folder, "meetings.json", _set(SUMMIT, start="2020-02-03", end="2020-02-07"))
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


def test_meeting_that_was_made_here_first_is_not_doubled(database: Database, folder: Path) -> None:
    """An editor who was quicker than the registry keeps the one meeting; the load says where it stands."""

    def only_others(records: list[dict[str, Any]]) -> None:
        records[:] = [one for one in records if one["id"] != SUMMIT]

    _edit(folder, "meetings.json", only_others)
    with database.writing() as session:
        load_registry(session, folder, now=LATER)
        fields = {"title": "12th  gfmd summit meeting", "mechanisms": ["gfmd"]}
        when = {"start": "2020-01-20", "end": "2020-01-24"}
        ours = add_meeting(session, {**fields, "when": when}, editor="Ana", now=LATER).slug
    with database.writing() as session:
        report = load_registry(session, now=LATER)
    assert report.taken == [("meeting", SUMMIT, f"it is on record already as {ours}")]
    assert report.added == []


def test_loads_at_once_do_not_double_anything(database: Database) -> None:
    """Two loads of the same registry into an empty database, started together, load it once."""

    def load() -> int:
        with database.writing() as session:
            return len(load_registry(session, now=LATER).added)

    with ThreadPoolExecutor(2) as both:
        added = [done.result() for done in [both.submit(load), both.submit(load)]]
    whole = sum(len(entries) for entries in asdict(read_registry(BUNDLED)).values())
    assert sorted(added) == [0, whole]


def test_second_load_costs_a_fixed_number_of_queries(
    registry: Database, query_count: Callable[[Session], Any]
) -> None:
    """Comparing hundreds of records takes a handful of queries, not some for each."""
    with registry.writing() as session, query_count(session) as count:
        load_registry(session, now=LATER)
    assert count.queries <= 30


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


def test_load_that_fails_half_way_leaves_nothing(sqlite_database: Database) -> None:
    """On a disk that fills up while it loads, the whole load is undone and a sentence says why."""
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError

    from models.database import explain

    @event.listens_for(sqlite_database.engine, "connect")
    def _small_disk(connection: Any, record: object) -> None:  # noqa: ANN401 - sqlite3's own
        del record
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    before = _dump(sqlite_database)
    sqlite_database.close()
    with pytest.raises(OperationalError) as caught, sqlite_database.writing() as session:
        load_registry(session, now=LATER)
    assert str(explain(caught.value)).startswith("The disk is full, so nothing was written.")
    assert _dump(sqlite_database) == before


def test_new_mechanism_cannot_take_an_aliases_address(registry: Database, folder: Path) -> None:
    """A newer registry that names a mechanism as another one's alias is refused whole."""
    _edit(folder, "mechanisms.json", _set("rcm", aliases=["CRM"]))
    _edit(
        folder,
        "mechanisms.json",
        lambda records: records.append({**records[0], "slug": "puebla-process", "aliases": []}),
    )
    before = _dump(registry)
    with pytest.raises(BadRegistry) as caught, registry.writing() as session:
        load_registry(session, folder, now=LATER)
    assert str(caught.value) == "mechanisms.json, record puebla-process: this is an address of rcm already."
    assert _dump(registry) == before


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
