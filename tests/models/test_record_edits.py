"""Changing mechanisms, and keeping updates and documents, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from models import (
    Database,
    Document,
    DuplicateDocument,
    DuplicateUpdate,
    Facts,
    ImpossibleDate,
    Mechanism,
    MechanismAlias,
    NotDormant,
    NothingToChange,
    Publication,
    Refusal,
    Revision,
    TakenAddress,
    UnknownName,
    UnknownWord,
    UnwelcomeText,
    Update,
    add_document,
    add_update,
    change_document,
    change_mechanism,
    change_update,
    delete_document,
    delete_update,
)
from models.document_fields import DOCUMENT_FIELDS
from models.mechanism_fields import MECHANISM_FIELDS
from models.update_fields import UPDATE_FIELDS

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
NEWS: Facts = {"date": "2026-11-20", "title": "MIDSA meets", "mechanisms": ["MIDSA"], "kind": "announcement"}


def _mechanism(database: Database, name: str, **fields: object) -> Facts:
    with database.writing() as session:
        slug = change_mechanism(session, name, fields, editor="Ana", now=NOW).slug
    with database.reading() as session:
        return MECHANISM_FIELDS.facts(session.scalars(select(Mechanism).where(Mechanism.slug == slug)).one())


def _last(database: Database) -> tuple[str, str, str, Facts]:
    with database.reading() as session:
        one = session.scalars(select(Revision).order_by(Revision.id.desc())).first()
        assert one is not None
        return one.editor, f"{one.kind} {one.code}", one.act.value, one.changes


def test_mechanism_is_changed_field_by_field(registry: Database) -> None:
    """A new chair, another secretariat, other regions: all are kept, and one revision names them."""
    chair = {"states": [{"state": "MX", "role": "chair"}], "since": "2027", "until": None, "where": None}
    facts = _mechanism(
        registry, "Puebla Process", chair=chair, secretariat="San José", regions=["americas", "global"]
    )
    assert (facts["chair"], facts["secretariat"], facts["regions"]) == (
        chair,
        "San José",
        ["americas", "global"],
    )
    editor, record, act, changes = _last(registry)
    assert (editor, record, act) == ("Ana", "mechanism rcm", "changed")
    assert set(changes) == {"chair", "secretariat", "regions"}


def test_state_that_becomes_a_member_is_one_participant(registry: Database) -> None:
    """Observer to member, and back, is a change of the same participation; States can come and go."""
    members = ["AF", "AZ", "KG", "KZ", "TJ", "TR"]
    before: Facts = {
        "members": members,
        "observers": ["IR", "IT", "PK", "TM"],
        "organizations": {},
        "as_of": None,
    }
    after = {
        "members": [*members, "PK"],
        "observers": ["IR", "KG", "NC"],
        "organizations": {"IOM": "observer"},
        "as_of": "2026",
    }
    after["members"] = sorted({*members, "PK"} - {"KG"})
    assert _mechanism(registry, "almaty-process", participants=after)["participants"] == after
    assert _mechanism(registry, "almaty-process", participants=before)["participants"] == before


def test_name_that_is_taken_out_keeps_its_address(registry: Database) -> None:
    """An alias left out is listed no more, its address stays; put in again it is the same alias."""
    facts = _mechanism(registry, "rcm", aliases=["CRM", "Conferencia Regional"])
    assert facts["aliases"] == ["CRM", "Conferencia Regional"]
    with registry.reading() as session:
        addresses = (
            select(MechanismAlias.slug, MechanismAlias.former).join(Mechanism).where(Mechanism.slug == "rcm")
        )
        assert {row.slug: row.former for row in session.execute(addresses)} == {
            "crm": False,
            "puebla-process": True,
            "conferencia-regional-sobre-migracion": True,
            "conferencia-regional": False,
        }
    assert _mechanism(registry, "puebla-process", aliases=["Puebla Process"])["aliases"] == ["Puebla Process"]


@pytest.mark.parametrize(
    ("name", "fields", "refusal", "sentence"),
    [
        (
            "midwa",
            {"aliases": ["IGAD RCP"]},
            TakenAddress,
            "The other name “IGAD RCP” makes the address /mechanisms/igad-rcp, but that is mid-igad’s.",
        ),
        (
            "midwa",
            {"dormancy": "completed"},
            NotDormant,
            "MIDWA is active; only a dormant one has come to rest in some way.",
        ),
        (
            "midwa",
            {"type": "forum"},
            UnknownWord,
            "“forum” is not a type this service knows; take one of: rcp, irf, global.",
        ),
        ("midwa", {"short_name": ""}, UnwelcomeText, "The short name is empty; write one."),
        (
            "midwa",
            {"regions": ["afrika"]},
            UnknownName,
            "There is no region “afrika”. Did you mean: africa, asia, americas?",
        ),
        (
            "midwa",
            {"association": "Economic Community of West African States (ECOWAS)"},
            NothingToChange,
            "Mechanism midwa says this already; nothing was changed.",
        ),
        (
            "nirgendwo",
            {"acronym": "x"},
            UnknownName,
            "There is no mechanism “nirgendwo”. See: iscm mechanisms list",
        ),
    ],
)
def test_mechanism_is_not_changed_into_what_cannot_be(
    sqlite_registry: Database, name: str, fields: Facts, refusal: type[Refusal], sentence: str
) -> None:
    """Each refusal says what is wrong, and the record has not moved."""
    with pytest.raises(refusal) as caught:
        _mechanism(sqlite_registry, name, **fields)
    assert str(caught.value) == sentence
    assert _last(sqlite_registry)[0] == "registry"


def test_mechanism_that_wakes_up_is_no_longer_at_rest(sqlite_registry: Database) -> None:
    """How a dormant mechanism came to rest is forgotten when it is active again."""
    assert _mechanism(sqlite_registry, "apc", dormancy="inactive")["dormancy"] == "inactive"
    facts = _mechanism(sqlite_registry, "apc", status="active")
    assert (facts["status"], facts["dormancy"]) == ("active", None)


def test_update_lives_its_life(registry: Database) -> None:
    """News is added under its date, changed, and deleted; its slug is never given to other news."""
    with registry.writing() as session:
        slug = add_update(session, NEWS, editor="Ana", now=NOW).slug
    assert slug == "2026-11-20-midsa-announcement"
    with registry.writing() as session:
        update = change_update(session, slug, {"date": "2026-11", "themes": ["gcm"]}, editor="Ana", now=NOW)
        assert UPDATE_FIELDS.facts(update) == {
            "date": "2026-11",
            "day_means": "event",
            "mechanisms": ["midsa"],
            "kind": "announcement",
            "title": "MIDSA meets",
            "title_in": {},
            "summary": None,
            "summary_in": {},
            "url": None,
            "source_language": None,
            "themes": ["gcm"],
            "source": None,
            "confidence": "high",
        }
    assert _last(registry)[1:] == (
        f"update {slug}",
        "changed",
        {"date": ["2026-11-20", "2026-11"], "themes": [[], ["gcm"]]},
    )
    with registry.writing() as session:
        delete_update(session, slug, editor="Ana", now=NOW)
    with registry.writing() as session:
        assert add_update(session, NEWS, editor="Ana", now=NOW).slug == f"{slug}-2"
    with registry.reading() as session:
        assert session.scalar(select(Update).where(Update.slug == slug)) is None


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"date": "2026-02-30"}, ImpossibleDate),
        ({"date": "2026"}, ImpossibleDate),
        ({"date": ""}, UnwelcomeText),
        ({"title": ""}, UnwelcomeText),
        ({"mechanisms": ["nobody"]}, UnknownName),
        ({"kind": "gossip"}, UnknownWord),
    ],
)
def test_update_that_cannot_be_is_refused(
    sqlite_registry: Database, fields: Facts, refusal: type[Refusal]
) -> None:
    """A mistake in news is refused, and nothing is on record."""
    with pytest.raises(refusal), sqlite_registry.writing() as session:
        add_update(session, {**NEWS, **fields}, editor="Ana", now=NOW)
    assert _last(sqlite_registry)[0] == "registry"


def test_same_news_twice_is_refused(registry: Database) -> None:
    """The same title on the same day is the same news; to change other news into it is refused as well."""
    with registry.writing() as session:
        first = add_update(session, NEWS, editor="Ana", now=NOW).slug
        second = add_update(session, {**NEWS, "date": "2026-11-21"}, editor="Ana", now=NOW).slug
    with pytest.raises(DuplicateUpdate, match=first), registry.writing() as session:
        add_update(session, NEWS, editor="Ana", now=NOW)
    with pytest.raises(DuplicateUpdate, match=first), registry.writing() as session:
        change_update(session, second, {"date": "2026-11-20"}, editor="Ana", now=NOW)


def test_document_lives_its_life(registry: Database) -> None:
    """A document is named by its title, is of the kind it says, and can be given its meeting later."""
    with registry.writing() as session:
        document = add_document(
            session, {"title": "Déclaration de Lusaka", "language": "FR"}, editor="Ana", now=NOW
        )
        slug = document.slug
        assert (slug, document.kind, document.language) == ("declaration-de-lusaka", "other", "fr")
    fields = {"meeting": "gfmd-20200120-summit", "kind": "declaration", "day": "2020-01-24", "act": "adopted"}
    with registry.writing() as session:
        change_document(session, slug, fields, editor="Ana", now=NOW)
    with registry.reading() as session:
        facts = DOCUMENT_FIELDS.facts(session.scalars(select(Document).where(Document.slug == slug)).one())
    assert {name: facts[name] for name in fields} == fields
    with pytest.raises(NothingToChange), registry.writing() as session:
        change_document(session, slug, fields, editor="Ana", now=NOW)
    with registry.writing() as session:
        delete_document(session, slug, editor="Ana", now=NOW)
    with pytest.raises(UnknownName), registry.writing() as session:
        delete_document(session, slug, editor="Ana", now=NOW)
    with registry.writing() as session:
        again = add_document(session, {"title": "اعلان لوساكا"}, editor="Ana", now=NOW)
        assert again.slug == "document"


def test_same_document_twice_is_refused(registry: Database) -> None:
    """One title of one meeting in one language is one document; another language is another document."""
    fields = {"title": "Summary", "meeting": "gfmd-20200120-summit", "language": "en"}
    with registry.writing() as session:
        add_document(session, fields, editor="Ana", now=NOW)
        add_document(session, {**fields, "language": "fr"}, editor="Ana", now=NOW)
    with pytest.raises(DuplicateDocument), registry.writing() as session:
        add_document(session, fields, editor="Ana", now=NOW)
    with pytest.raises(UnknownName), registry.writing() as session:
        add_document(session, {**fields, "meeting": "nowhere"}, editor="Ana", now=NOW)


def test_every_act_is_seen_by_those_who_poll(registry: Database) -> None:
    """Each change of mechanism, update or document grows the revision that other processes poll."""

    def revision() -> int:
        with registry.reading() as session:
            return session.scalars(select(Publication.record_revision)).one()

    seen = [revision()]
    _mechanism(registry, "rcm", aliases=["CRM"])
    seen.append(revision())
    with registry.writing() as session:
        slug = add_update(session, NEWS, editor="Ana", now=NOW).slug
    seen.append(revision())
    with registry.writing() as session:
        change_update(session, slug, {"themes": ["gcm"]}, editor="Ana", now=NOW)
    seen.append(revision())
    with registry.writing() as session:
        add_document(session, {"title": "Summary"}, editor="Ana", now=NOW)
    seen.append(revision())
    assert seen == sorted(set(seen))
