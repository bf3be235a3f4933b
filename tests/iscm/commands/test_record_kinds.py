"""`iscm reference`, `mechanisms`, `updates` and `documents` on the command line."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import select

from models import BUNDLED, Database, Revision
from models.registry_file import read_registry
from tests.iscm.commands.record_commands import iscm, iscm_process


def test_registry_is_loaded_into_an_empty_database(database: Database) -> None:
    """The command says what the registry holds and how much of it was new; a second run, that nothing was."""
    numbers = {kind: len(entries) for kind, entries in asdict(read_registry(BUNDLED)).items() if entries}
    held = f"The registry holds {', '.join(f'{number} {kind}' for kind, number in numbers.items())}.\n"
    first, second = iscm_process(database, "reference", "load"), iscm_process(database, "reference", "load")
    assert (first.code, first.out, first.err) == (0, f"{held}Added {sum(numbers.values())}, changed 0.\n", "")
    assert (second.code, second.out, second.err) == (0, f"{held}Nothing to add or change.\n", "")


def test_load_tells_what_an_editor_changed(registry: Database) -> None:
    """What stays as an editor left it, and what is not brought back, is printed line by line, or as JSON."""
    iscm(registry, "meetings", "change", "grcp-20171010-grcp", "--city", "Bern")
    iscm(registry, "updates", "delete", "2014-11-28-khartoum-process-established")
    told = iscm(registry, "reference", "load")
    assert told.out.splitlines()[1:] == [
        "Nothing to add or change.",
        'Kept meeting grcp-20171010-grcp, city: changed here, the registry says "Geneva".',
        "Not brought back: update 2014-11-28-khartoum-process-established was deleted here.",
    ]
    report = iscm(registry, "reference", "load", "--json").json
    assert report["kept"] == [
        {
            "kind": "meeting",
            "code": "grcp-20171010-grcp",
            "field": "city",
            "here": "Bern",
            "registry": "Geneva",
        }
    ]


def test_bad_registry_is_refused_whole(registry: Database, tmp_path: Path) -> None:
    """The line names file, record and reason; nothing of the folder was loaded."""
    folder = tmp_path / "other"
    shutil.copytree(BUNDLED, folder)
    records = json.loads((folder / "meetings.json").read_text(encoding="utf-8"))
    records[0]["city"], records[-1]["start"] = "Praha", "2026-02-31"
    (folder / "meetings.json").write_text(json.dumps(records), encoding="utf-8")
    ran = iscm(registry, "reference", "load", str(folder))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"iscm: meetings.json, record {records[-1]['id']}: “2026-02-31” is not a date that exists "
        "(day is out of range for month).\n"
    )
    (row,) = iscm(registry, "meetings", "list", "--year", "1997", "--json").json
    assert row["city"] == "Prague"
    assert iscm(registry, "reference", "load", str(tmp_path / "nowhere")).code == 2


def test_mechanisms_are_listed_and_changed(registry: Database) -> None:
    """All 35 are listed; one is changed by an alias, its chair with a term, its States as a whole."""
    rows = iscm(registry, "mechanisms", "list", "--json").json
    assert len(rows) == 35
    assert {"slug", "name", "short_name", "type", "status", "chair", "participants", "sources"} <= set(
        rows[0]
    )
    options = ("--chair", "MX", "--chair", "GT:co-chair", "--chair-since", "2027-01", "--established", "1996")
    states = ("--member", "MX", "--member", "GT", "--states-as-of", "2027", "--tag", "gcm", "--language", "")
    row = iscm(registry, "mechanisms", "change", "Puebla Process", *options, *states, "--json").json
    assert (row["slug"], row["languages"]) == ("rcm", [])
    assert row["chair"] == {
        "states": [{"state": "MX", "role": "chair"}, {"state": "GT", "role": "co-chair"}],
        "since": "2027-01",
        "until": None,
        "where": None,
    }
    assert row["participants"] == {
        "members": ["GT", "MX"],
        "observers": [],
        "organizations": {},
        "as_of": "2027",
    }
    ended = iscm(registry, "mechanisms", "change", "rcm", "--chair-until", "2027-12", "--json").json["chair"]
    assert (ended["until"], ended["since"]) == ("2027-12", "2027-01")
    assert iscm(registry, "mechanisms", "change", "rcm", "--chair", "").out == "rcm: changed.\n"
    assert [
        one["chair"] for one in iscm(registry, "mechanisms", "list", "--json").json if one["slug"] == "rcm"
    ] == [None]


def test_updates_live_their_life(registry: Database) -> None:
    """News is added, found, changed and deleted; each step leaves its revision."""
    added = iscm(
        registry,
        "updates",
        "add",
        "--mechanism",
        "CRM",
        "--date",
        "2027-06",
        "--title",
        "RCM meets",
        "--tag",
        "gcm",
    )
    slug = "2027-06-rcm-other"
    assert (added.code, added.out) == (0, f"{slug}\n")
    assert iscm(registry, "updates", "change", slug, "--kind", "outcome", "--summary", "It met.").code == 0
    (row,) = iscm(registry, "updates", "list", "--year", "2027", "--json").json
    assert {name: row[name] for name in ("slug", "date", "kind", "summary", "mechanisms", "themes")} == {
        "slug": slug,
        "date": "2027-06",
        "kind": "outcome",
        "summary": "It met.",
        "mechanisms": ["rcm"],
        "themes": ["gcm"],
    }
    assert iscm(registry, "updates", "delete", slug).out == f"{slug}: deleted.\n"
    assert len(iscm(registry, "updates", "list", "--json").json) == 58
    with registry.reading() as session:
        acts = session.scalars(select(Revision.act).where(Revision.code == slug).order_by(Revision.id)).all()
    assert acts == ["added", "changed", "deleted"]


def test_documents_live_their_life(registry: Database) -> None:
    """A document is added to a meeting, found there, changed and deleted."""
    meeting = "grcp-20171010-grcp"
    added = iscm(
        registry, "documents", "add", "--title", "Chair's summary", "--meeting", meeting, "--language", "en"
    )
    assert (added.code, added.out) == (0, "chairs-summary\n")
    assert (
        iscm(
            registry, "documents", "change", "chairs-summary", "--act", "issued", "--date", "2017-12-01"
        ).code
        == 0
    )
    rows = {
        row["slug"]: row for row in iscm(registry, "documents", "list", "--meeting", meeting, "--json").json
    }
    assert set(rows) == {f"{meeting}-outcome", "chairs-summary"}
    assert rows["chairs-summary"] == {
        "slug": "chairs-summary",
        "title": "Chair's summary",
        "kind": "summary",
        "act": "issued",
        "language": "en",
        "url": None,
        "day": "2017-12-01",
        "meeting": meeting,
        "own_mechanisms": [],
        "themes": [],
        "summary": None,
        "is_key": False,
        "file": None,
        "source": None,
        "confidence": "high",
        "mechanisms": ["grcp"],
    }
    assert iscm(registry, "documents", "delete", "chairs-summary").code == 0
    assert len(iscm(registry, "documents", "list", "--json").json) == 57


def test_documents_are_kept_with_their_file(
    sqlite_registry: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file comes in with its document, is named in the list, changes and goes; what is unfit is refused."""
    monkeypatch.setenv("ISCM_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "data" / "documents"
    report, table = tmp_path / "Final Report.pdf", tmp_path / "table.xlsx"
    report.write_bytes(b"%PDF-1.7 report")
    table.write_bytes(b"no table")
    add = (
        "documents",
        "add",
        "--title",
        "Final report",
        "--mechanism",
        "Puebla Process",
        "--mechanism",
        "SACM",
    )
    added = iscm(sqlite_registry, *add, "--theme", "labour", "--key", "--summary", "What came of it.",
                 "--file", str(report))  # fmt: skip
    assert (added.code, added.out, added.err) == (0, "final-report\n", "")
    row = {one["slug"]: one for one in iscm(sqlite_registry, "documents", "list", "--key", "--json").json}[
        "final-report"
    ]
    assert (row["mechanisms"], row["themes"], row["is_key"]) == (["rcm", "sacm"], ["labour"], True)
    assert (row["file"]["name"], row["file"]["size"]) == ("final-report.pdf", 15)
    assert [one.name for one in folder.iterdir()] == [row["file"]["sha256"]]
    refused = iscm(sqlite_registry, "documents", "change", "final-report", "--file", str(table))
    assert (refused.code, refused.err) == (
        1,
        "iscm: “table.xlsx” does not hold what its ending says; save it as xlsx once more.\n",
    )
    assert iscm(sqlite_registry, "documents", "change", "final-report", "--no-key", "--file", "").code == 0
    assert list(folder.iterdir()) == []
    assert iscm(sqlite_registry, "documents", "change", "final-report", "--file", str(report)).code == 0
    assert iscm(sqlite_registry, "documents", "delete", "final-report").out == "final-report: deleted.\n"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (
            ("updates", "add", "--mechanism", "rcm", "--date", "2027-02-30", "--title", "X"),
            1,
            "“2027-02-30” is not a date that exists",
        ),
        (
            ("updates", "add", "--mechanism", "rcn", "--date", "2027-02-28", "--title", "X"),
            1,
            "There is no mechanism “rcn”.",
        ),
        (("updates", "add", "--mechanism", "rcm", "--title", "X"), 2, "Missing option '--date'"),
        (
            ("updates", "change", "nosuch", "--title", "X"),
            1,
            "There is no update “nosuch”. See: iscm updates list",
        ),
        (("updates", "change", "nosuch"), 2, "Say what to change"),
        (("updates", "delete", "nosuch"), 1, "There is no update “nosuch”. See: iscm updates list"),
        (("documents", "add", "--title", "X", "--meeting", "nosuch"), 1, "There is no meeting “nosuch”."),
        (
            ("documents", "add", "--title", "X", "--language", "French"),
            1,
            "“French” is not the code of a language",
        ),
        (("documents", "change", "nosuch", "--act", "sung"), 2, "'sung' is not one of adopted,"),
        (("documents", "delete", "nosuch"), 1, "There is no document “nosuch”. See: iscm documents list"),
        (
            ("mechanisms", "change", "rcm", "--alias", "PIDC"),
            1,
            "makes the address /mechanisms/pidc, but that is pidc’s.",
        ),
        (
            ("mechanisms", "change", "midwa", "--chair-since", "2027"),
            2,
            "No chair is on record; name the State too",
        ),
        (
            ("mechanisms", "change", "rcm", "--chair", "Mexico"),
            1,
            "“Mexico” is not the code of a State; write MX for Mexico.",
        ),
        (
            ("mechanisms", "change", "rcm", "--established", "long ago"),
            2,
            "'long ago' is not a whole number.",
        ),
        (("mechanisms", "change", "rcm"), 2, "Say what to change"),
    ],
)
def test_what_cannot_be_done_is_refused(
    sqlite_registry: Database, arguments: tuple[str, ...], code: int, hint: str
) -> None:
    """Exit 1 for what cannot be, 2 for wrong use; the reason on standard error, and nothing changed."""
    ran = iscm(sqlite_registry, *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert hint in ran.err
    with sqlite_registry.reading() as session:
        assert session.scalar(select(Revision).where(Revision.editor == "Ana")) is None
