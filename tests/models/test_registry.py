"""Loading the registry brings in every fact that its files state."""

import json

from sqlalchemy import func, select

from models import (
    BUNDLED,
    Database,
    Document,
    Mechanism,
    Meeting,
    Participation,
    Update,
)
from models.mechanism_fields import MECHANISM_FIELDS
from models.meeting_fields import MEETING_FIELDS
from tests.models.registry_folder import SUMMIT


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
