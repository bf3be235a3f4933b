"""A registry with one mistake is refused whole, with the file, the record and the reason."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from models import BUNDLED, BadRegistry, Database, Meeting, Refusal, load_registry
from models.registry_file import read_registry
from models.registry_record import mechanism_entry, meeting_entry, outcome_entry, update_entry

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FIRST = "budapest-process-19971014-ministerial"
NEWS = "2014-11-28-khartoum-process-established"


@pytest.mark.parametrize(
    ("file", "record", "change", "sentence"),
    [
        (
            "meetings.json",
            0,
            {"start": "1997-02-30"},
            f"record {FIRST}: “1997-02-30” is not a date that exists (day is out of range for month).",
        ),
        (
            "meetings.json",
            0,
            {"end": "1997-10-13"},
            f"record {FIRST}: The end (1997-10-13) lies before the start (1997-10-14); give them in order.",
        ),
        (
            "meetings.json",
            0,
            {"date_precision": "month"},
            f"record {FIRST}: The date “1997-10-14” is a day, but date_precision says “month”.",
        ),
        ("meetings.json", 0, {"start": 1997}, f"record {FIRST}: The start must be a text, not 1997."),
        (
            "meetings.json",
            0,
            {"mechanism": "buda"},
            f"record {FIRST}: there is no mechanism “buda” in the registry.",
        ),
        ("meetings.json", 0, {"mechanism": None}, f"record {FIRST}: The mechanism is empty; write one."),
        (
            "meetings.json",
            0,
            {"also_mechanisms": "arcp"},
            f"record {FIRST}: The field also_mechanisms must be a list.",
        ),
        (
            "meetings.json",
            0,
            {"theme_slugs": ["space"]},
            f"record {FIRST}: there is no theme “space” in the registry.",
        ),
        (
            "meetings.json",
            0,
            {"status": "happened"},
            (
                f"record {FIRST}: The status “happened” is none of: held, planned_at_source, "
                "postponed_to_these_dates."
            ),
        ),
        ("meetings.json", 0, {"country": "QQQ"}, None),
        ("meetings.json", 0, {"kind": "party"}, None),
        ("meetings.json", 0, {"title": " "}, f"record {FIRST}: The title is empty; write one."),
        (
            "meetings.json",
            0,
            {"url": "iom.int"},
            (
                f"record {FIRST}: “iom.int” is not a web address; write the web address whole, like "
                "https://www.example.org/."
            ),
        ),
        (
            "meetings.json",
            0,
            {"color": "red"},
            f"record {FIRST}: The field color is not one this program knows.",
        ),
        (
            "meetings.json",
            0,
            {"uid": "a b"},
            f"record {FIRST}: The uid “a b” holds something else than printable ASCII.",
        ),
        (
            "meetings.json",
            0,
            {"id": "Budapest 1"},
            (
                "record Budapest 1: The id “Budapest 1” is no word for an address: small letters, digits and "
                "hyphens."
            ),
        ),
        (
            "meetings.json",
            0,
            {"id": "sacm-200005-plenary"},
            "the name sacm-200005-plenary is given to 2 records; each has its own.",
        ),
        (
            "meetings.json",
            0,
            {"uid": "6c08ff29-4586-4f8b-abf0-b2feb3b0b45a"},
            "the uid 6c08ff29-4586-4f8b-abf0-b2feb3b0b45a is given to 2 records; each has its own.",
        ),
        (
            "meetings.json",
            0,
            {"outcome": {"title": "X", "by": "Y"}},
            f"record {FIRST}: The field by is not one this program knows.",
        ),
        (
            "meetings.json",
            0,
            {"outcome": "Declaration"},
            f"record {FIRST}: The outcome must be given with title, url and act.",
        ),
        (
            "meetings.json",
            0,
            {"original_start": "1997-10"},
            f"record {FIRST}: The date “1997-10” is a month, but date_precision says “day”.",
        ),
        ("mechanisms.json", 0, {"participating_states": ["DJ", "ZZ"]}, None),
        (
            "mechanisms.json",
            0,
            {"participating_states": ["DJ", "DJ"]},
            "record au-hoai: The State DJ takes part twice; name it once, as member or as observer.",
        ),
        (
            "mechanisms.json",
            0,
            {"organizations": ["IOM"]},
            "record au-hoai: The field organizations must be a list of records.",
        ),
        (
            "mechanisms.json",
            0,
            {"regions": ["mars"]},
            "record au-hoai: there is no region “mars” in the registry.",
        ),
        (
            "mechanisms.json",
            0,
            {"aliases": ["PIDC"]},
            "record au-hoai: the alias “PIDC” makes the address of pidc.",
        ),
        (
            "mechanisms.json",
            0,
            {"chair": {"since": "2024"}},
            (
                "record au-hoai: The chair must be given as states, each with its role, and since, until and "
                "where."
            ),
        ),
        (
            "mechanisms.json",
            0,
            {"established_year": 20140},
            "record au-hoai: The established year must be a whole number from 1900 to 2199, not 20140.",
        ),
        (
            "mechanisms.json",
            0,
            {"sources": [{"fields": ["name"]}]},
            "record au-hoai: The source is empty; write one.",
        ),
        (
            "mechanisms.json",
            0,
            {"is_iscm": "yes"},
            "record au-hoai: The is iscm must be true or false, not 'yes'.",
        ),
        (
            "updates.json",
            0,
            {"date": "2014-11-31"},
            f"record {NEWS}: “2014-11-31” is not a date that exists (day is out of range for month).",
        ),
        (
            "updates.json",
            0,
            {"date": "2014-Q1", "date_precision": "quarter"},
            (
                f"record {NEWS}: The date of an update is a day or a month, like 2027-06-08 or 2027-06, not "
                "“2014-Q1”."
            ),
        ),
        (
            "updates.json",
            0,
            {"mechanisms": []},
            f"record {NEWS}: The mechanism is missing; name at least one.",
        ),
        (
            "updates.json",
            0,
            {"mechanisms": ["khartoum"]},
            f"record {NEWS}: there is no mechanism “khartoum” in the registry.",
        ),
        (
            "updates.json",
            0,
            {"language_of_source": "English"},
            f"record {NEWS}: “English” is not the code of a source language; write it like en, fr or ar.",
        ),
    ],
)
def test_mistake_in_a_record_is_refused(
    folder: Path, file: str, record: int, change: dict[str, Any], sentence: str | None
) -> None:
    """The sentence names the file, the record and the reason; the same file without the mistake is read."""
    records = json.loads((folder / file).read_text(encoding="utf-8"))
    read_registry(folder)
    records[record].update(change)
    (folder / file).write_text(json.dumps(records), encoding="utf-8")
    with pytest.raises(BadRegistry) as caught:
        read_registry(folder)
    assert str(caught.value).startswith(f"{file}")
    if sentence:
        joint = ", " if sentence.startswith("record") else ": "
        assert str(caught.value) == f"{file}{joint}{sentence}"


@pytest.mark.parametrize(
    "missing", ["id", "uid", "mechanism", "title", "start", "date_precision", "kind", "source"]
)
def test_missing_field_is_named(folder: Path, missing: str) -> None:
    """A meeting without what it needs is refused with the name of the field."""
    records = json.loads((folder / "meetings.json").read_text(encoding="utf-8"))
    del records[0][missing]
    (folder / "meetings.json").write_text(json.dumps(records), encoding="utf-8")
    with pytest.raises(BadRegistry, match=rf": The field {missing} is missing\.$"):
        read_registry(folder)


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        (
            "meetings.json",
            b'[\n{"id": "x",]\n',
            "meetings.json, line 2: this is not JSON (Expecting property name enclosed in double quotes).",
        ),
        ("meetings.json", b"", "meetings.json, line 1: this is not JSON (Expecting value)."),
        ("meetings.json", b"{}", "meetings.json must hold a list of records."),
        ("meetings.json", b"[1]", "meetings.json, record number 1: a record must be an object"),
        ("updates.json", b"null", "updates.json must hold a list of records."),
        ("vocabulary.json", b"[]", "vocabulary.json must hold an object with regions and themes."),
        ("vocabulary.json", b'{"themes": []}', "vocabulary.json must hold a list of records."),
        ("updates.json", b'["\xff"]', "updates.json is not UTF-8 text (byte 2)."),
        ("updates.json", b"[" * 100_000, "updates.json is nested too deeply to be a registry."),
    ],
)
def test_broken_file_is_refused(folder: Path, file: str, content: bytes, sentence: str) -> None:
    """A file that is no registry says so, with the line where it breaks off."""
    (folder / file).write_bytes(content)
    with pytest.raises(BadRegistry) as caught:
        read_registry(folder)
    assert str(caught.value) == sentence


def test_missing_file_is_named(folder: Path) -> None:
    """A folder without one of the four files is not taken for a smaller registry."""
    (folder / "updates.json").unlink()
    with pytest.raises(BadRegistry) as caught:
        read_registry(folder)
    assert str(caught.value) == (
        f"{folder / 'updates.json'} is missing; a registry is mechanisms, meetings, updates and "
        "vocabulary.json."
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
READERS = {"mechanisms.json": mechanism_entry, "meetings.json": meeting_entry, "updates.json": update_entry}
RECORDS = {file: json.loads((BUNDLED / file).read_text(encoding="utf-8")) for file in READERS}


@given(st.sampled_from(sorted(READERS)), st.data())
@settings(max_examples=400)
def test_whatever_a_field_holds_is_read_or_refused(file: str, data: st.DataObject) -> None:
    """No value of any type in any field of any record ends in anything but an entry or a Refusal."""
    record = data.draw(st.sampled_from(RECORDS[file]))
    spoilt = {**record, data.draw(st.sampled_from(sorted(record))): data.draw(json_values)}
    try:
        READERS[file](spoilt)
        if file == "meetings.json":
            outcome_entry(spoilt)
    except Refusal:
        event("refused")


@pytest.mark.parametrize(
    ("file", "name", "value"),
    [
        ("mechanisms.json", "organizations", [{"organization": ["IOM"], "as": "member"}]),
        ("mechanisms.json", "organizations", [{"organization": "IOM", "as": {}}]),
        ("mechanisms.json", "chair", {"states": [{"state": 7, "role": "chair"}]}),
        ("mechanisms.json", "chair", {"states": [7]}),
        ("meetings.json", "status", ["held"]),
        ("meetings.json", "outcome", {"title": None}),
        ("meetings.json", "theme_slugs", [["gcm"]]),
        ("updates.json", "mechanisms", "gfmd"),
    ],
)
def test_value_of_another_type_is_refused(file: str, name: str, value: object) -> None:
    """Lists and objects where a word belongs are refused like any other mistake."""
    read = outcome_entry if name == "outcome" else READERS[file]
    with pytest.raises(Refusal):
        read({**RECORDS[file][0], name: value})


def test_mistake_in_the_last_record_leaves_nothing_loaded(database: Database, folder: Path) -> None:
    """The whole registry is refused for its last update: not one meeting is on record afterwards."""
    records = json.loads((folder / "updates.json").read_text(encoding="utf-8"))
    records[-1]["date"] = "2025-02-29"
    (folder / "updates.json").write_text(json.dumps(records), encoding="utf-8")
    with pytest.raises(BadRegistry), database.writing() as session:
        load_registry(session, folder, now=NOW)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Meeting)) == 0


def test_every_fact_of_the_bundled_files_is_known() -> None:
    """The bundled registry is the one this program was written for: nothing in it is refused or left over."""
    registry = read_registry(BUNDLED)
    counted = (
        len(registry.mechanisms),
        len(registry.meetings),
        len(registry.documents),
        len(registry.updates),
    )
    assert counted == (35, 159, 57, 58)
