"""`iscm meetings import` and `export`: a secretariat's file, from the first dry run to the next year's."""

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from models import Database, Revision, add_meeting
from tests.calendar_feed.importing.real_files import GOOGLE, calendar, wire
from tests.iscm.commands.record_commands import Ran, environment, iscm

UID = "lusaka-2027@midsa.example.org"
EVENT = (
    f"UID:{UID}\nSUMMARY:{{title}}\nDTSTART;VALUE=DATE:{{start}}\nDTEND;VALUE=DATE:{{end}}\n"
    "LOCATION:{place}\nSTATUS:{status}"
)
PLAIN = {
    "title": "Ministerial Conference of MIDSA",
    "start": "20270608",
    "end": "20270611",
    "place": "Lusaka\\, Zambia",
    "status": "CONFIRMED",
}


def _event(**other: str) -> str:
    return EVENT.format(**(PLAIN | other))


def _import(
    database: Database, folder: Path, *events: str, options: tuple[str, ...] = (), name: str = "m.ics"
) -> Ran:
    """Bring in a file with these events."""
    (folder / name).write_bytes(calendar(*events))
    return iscm(database, "meetings", "import", str(folder / name), *options)


def _meetings(database: Database, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = iscm(database, "meetings", "list", "--coming", "--json", *options).json
    return found


def _outcomes(ran: Ran) -> list[tuple[str, dict[str, Any], str | None, list[str]]]:
    return [(one["outcome"], one["changes"], one["reason"], one["warnings"]) for one in ran.json["meetings"]]


def _when(start: str, end: str) -> dict[str, str | None]:
    return {"precision": "day", "start": start, "end": end, "zone": None}


def test_file_is_brought_in_changed_and_brought_in_again(registry: Database, tmp_path: Path) -> None:
    """New, then unchanged, then moved and renamed field by field; each change has a revision and a source."""
    dry = _import(registry, tmp_path, _event(), options=("--dry-run", "--json"))
    assert (dry.code, dry.json["written"], dry.json["new"], _meetings(registry)) == (0, False, 1, [])

    assert _import(registry, tmp_path, _event()).out == "new: 1, changed: 0, unchanged: 0, refused: 0\n"
    (row,) = _meetings(registry)
    said = (
        "uid",
        "slug",
        "title",
        "mechanisms",
        "start",
        "end",
        "status",
        "kind",
        "city",
        "country",
        "source",
    )
    assert [row[name] for name in said] == [
        UID, "midsa-2027-meeting", "Ministerial Conference of MIDSA", ["midsa"], "2027-06-08", "2027-06-10",
        "confirmed", "other", "Lusaka", "ZM", "m.ics",
    ]  # fmt: skip
    assert _import(registry, tmp_path, _event()).out == "new: 0, changed: 0, unchanged: 1, refused: 0\n"

    moved = _event(start="20270615", end="20270618", place="Harare\\, Zimbabwe", title="MIDSA Ministerial")
    plan = _import(registry, tmp_path, moved, options=("--dry-run", "--json"), name="later.ics")
    done = _import(registry, tmp_path, moved, options=("--json",), name="later.ics")
    ((outcome, changes, reason, warnings),) = _outcomes(done)
    assert _outcomes(plan)[0][1].keys() == changes.keys()
    at = changes.pop("moved_at")
    assert (outcome, reason, warnings, at[0]) == ("changed", None, [], None)
    assert changes == {
        "title": ["Ministerial Conference of MIDSA", "MIDSA Ministerial"],
        "when": [_when("2027-06-08", "2027-06-10"), _when("2027-06-15", "2027-06-17")],
        "previous_when": [None, _when("2027-06-08", "2027-06-10")],
        "city": ["Lusaka", "Harare"],
        "country": ["ZM", "ZW"],
        "source": ["m.ics", "later.ics"],
    }
    with registry.reading() as session:
        found = session.scalars(select(Revision).where(Revision.code == row["slug"]).order_by(Revision.id))
        kept = [(one.editor, one.act.value, one.changes["source"]) for one in found]
    assert kept == [("Ana", "added", [None, "m.ics"]), ("Ana", "changed", ["m.ics", "later.ics"])]


def test_meeting_on_record_is_found_by_its_title_and_its_uid_is_remembered(
    registry: Database, tmp_path: Path
) -> None:
    """The same mechanism, days and title is the same meeting; when the file moves it later, it moves here."""
    iscm(
        registry, "meetings", "add", "--mechanism", "midsa", "--title", "Ministerial conference (MIDSA)",
        "--from", "2027-06-08", "--to", "2027-06-10", "--city", "Lusaka", "--country", "ZM",
    )  # fmt: skip
    (before,) = _meetings(registry)
    assert _import(registry, tmp_path, _event()).out == "new: 0, changed: 0, unchanged: 1, refused: 0\n"
    assert _meetings(registry) == [before]
    moved = _event(start="20270615", end="20270618")
    assert _import(registry, tmp_path, moved).out == "new: 0, changed: 1, unchanged: 0, refused: 0\n"
    (after,) = _meetings(registry)
    assert (after["uid"], after["title"], after["start"]) == (before["uid"], before["title"], "2027-06-15")

    iscm(registry, "meetings", "delete", before["slug"], "--yes")
    again = _import(registry, tmp_path, moved)
    assert again.code == 1
    assert "was deleted here on" in again.err


def test_states_follow_the_table_and_what_an_editor_said_is_not_taken_back(
    registry: Database, tmp_path: Path
) -> None:
    """Tentative, confirmed, cancelled; a file that knows of no cancellation leaves it, and that is told."""
    for status in ("tentative", "confirmed", "cancelled"):
        assert _import(registry, tmp_path, _event(status=status.upper())).code == 0
        (row,) = iscm(registry, "meetings", "list", "--year", "2027", "--json").json
        assert row["status"] == status
    (stays,) = _outcomes(_import(registry, tmp_path, _event(), options=("--json",)))
    said = "It is cancelled here, and the file does not say so; it stays cancelled."
    assert stays == ("unchanged", {}, None, [said])
    (refused,) = _outcomes(_import(registry, tmp_path, _event(status="TENTATIVE"), options=("--json",)))
    assert refused == (
        "refused",
        {},
        "Meeting midsa-2027-meeting is cancelled and cannot become tentative (possible: confirmed).",
        [],
    )


def test_refused_meeting_keeps_the_others_out_unless_it_is_skipped(
    registry: Database, tmp_path: Path
) -> None:
    """All or nothing: the reasons stand on standard error with their lines, and nothing is written."""
    nameless = _event(title="A conference").replace(UID, "other")
    refused = _import(registry, tmp_path, _event(), nameless)
    assert (refused.code, _meetings(registry)) == (1, [])
    assert refused.err.splitlines() == [
        (
            "line 12: A conference: It cannot be told which mechanism's meeting this is: neither its "
            "categories nor its title name one. Name it with --mechanism, or in a column “mechanism”."
        ),
        "Nothing was written: 1 refused. --skip-refused takes the others.",
    ]
    assert refused.out.splitlines()[-1] == "new: 1, changed: 0, unchanged: 0, refused: 1"
    skipped = _import(registry, tmp_path, _event(), nameless, options=("--skip-refused",))
    assert (skipped.code, [row["uid"] for row in _meetings(registry)]) == (0, [UID])
    named = _import(registry, tmp_path, _event(), nameless, options=("--mechanism", "MIDSA"))
    assert (named.code, sorted(row["uid"] for row in _meetings(registry))) == (0, [UID, "other"])


def test_failure_while_writing_leaves_nothing(
    registry: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the record fails at the second meeting, the first is not kept either."""
    from calendar_feed.importing import writing
    from models.refusal import Refusal

    taken: list[str] = []

    def fail_at_second(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - those of add_meeting
        taken.append(str(named["uid"]))
        if len(taken) == 2:
            raise Refusal("The disk is full.")
        return add_meeting(*arguments, **named)

    monkeypatch.setattr(writing, "add_meeting", fail_at_second)
    second = _event(title="MIDSA Workshop").replace(UID, "second")
    failed = _import(registry, tmp_path, _event(), second)
    assert (failed.code, failed.err, taken) == (1, "iscm: The disk is full.\n", [UID, "second"])
    with registry.reading() as session:
        assert _meetings(registry) == []
        assert session.scalars(select(Revision).where(Revision.code == "midsa-2027-meeting")).all() == []


def test_same_dates_and_place_under_another_title_only_warn(
    sqlite_registry: Database, tmp_path: Path
) -> None:
    """It may be the same meeting or one beside it: the editor is told, the meeting is taken."""
    _import(sqlite_registry, tmp_path, _event())
    other = _event(title="MIDSA Ministers' Dinner").replace(UID, "other")
    ((outcome, _, reason, warnings),) = _outcomes(
        _import(sqlite_registry, tmp_path, other, options=("--json",))
    )
    assert (outcome, reason, warnings) == (
        "new",
        None,
        [
            (
                "On the same dates in the same place stands “Ministerial Conference of MIDSA” "
                "(midsa-2027-meeting); if it is the same meeting, give both one title."
            )
        ],
    )


def test_meeting_that_stands_twice_in_a_file_is_refused(sqlite_registry: Database, tmp_path: Path) -> None:
    """By its UID, and by its mechanism, dates and title."""
    ran = _import(
        sqlite_registry, tmp_path, _event(), _event(), _event().replace(UID, "x"), options=("--json",)
    )
    assert [(one["line"], one["reason"]) for one in ran.json["meetings"]] == [
        (4, None),
        (12, "This is the meeting of line 4 again; the file must hold it once."),
        (20, "This is the meeting of line 4 again: the same mechanism, dates and title."),
    ]


def test_table_of_a_dry_run_shows_each_field_from_and_to(sqlite_registry: Database, tmp_path: Path) -> None:
    """New, changed, unchanged and refused stand below each other, with what becomes of each."""
    _import(sqlite_registry, tmp_path, _event(), _event(title="MIDSA Workshop").replace(UID, "same"))
    ran = _import(
        sqlite_registry,
        tmp_path,
        _event(place="Harare\\, Zimbabwe"),
        _event(title="MIDSA Workshop").replace(UID, "same"),
        _event(title="MIDSA Training", start="20270701", end="20270702").replace(UID, "new"),
        "UID:bad\nSUMMARY:MIDSA\nDTSTART:soon",
        options=("--dry-run",),
        name="next.ics",
    )
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "line\toutcome\tmeeting\twhat",
        "4\tchanged\tMinisterial Conference of MIDSA (midsa-2027-meeting)\tcity: Lusaka -> Harare",
        "\t\t\tcountry: ZM -> ZW",
        "\t\t\tsource: m.ics -> next.ics",
        "12\tunchanged\tMIDSA Workshop (midsa-2027-workshop)\t",
        "20\tnew\tMIDSA Training\tmechanisms: midsa",
        "\t\t\twhen: 2027-07-01 to 2027-07-01",
        "\t\t\tkind: training",
        "\t\t\tstatus: confirmed",
        "\t\t\tcity: Lusaka",
        "\t\t\tcountry: ZM",
        "28\trefused\tMIDSA\tDTSTART “soon” in line 31 is not a date.",
        "new: 1, changed: 1, unchanged: 1, refused: 1",
    ]
    assert "Nothing would be written: 1 refused" in ran.err


def test_rows_of_a_spreadsheet_are_read_as_people_write_them(registry: Database, tmp_path: Path) -> None:
    """Semicolons, a byte order mark, other names of columns, months in words, names of countries."""
    rows = (
        "\ufeffMechanism;Event name;Start date;End date;Start time;End time;Time zone;Place;Pays;Budget\r\n"
        "Puebla Process;Vice-Ministerial Meeting;8 June 2027;10 June 2027;;;;;Costa Rica;1\r\n"
        "MIDSA;Webinar;31/08/2027;;09:30;11:00;Africa/Lusaka;Online;;2\r\n"
        "IGC;Working Group;03/09/2027;03/09/2027;;;;CICG, Genève, Suisse;;3\r\n"
        "GFMD;Summit;septembre 2027;;;;;;Colombie;4\r\n"
    )
    (tmp_path / "plan.csv").write_bytes(rows.encode())
    ran = iscm(registry, "meetings", "import", str(tmp_path / "plan.csv"))
    assert (ran.code, ran.out) == (0, "new: 4, changed: 0, unchanged: 0, refused: 0\n")
    assert ran.err == "Columns that are not known here were passed over: Budget.\n"
    said = ("mechanisms", "title", "start", "end", "zone", "venue", "city", "country", "mode")
    assert [[row[name] for name in said] for row in _meetings(registry)] == [
        [["rcm"], "Vice-Ministerial Meeting", "2027-06-08", "2027-06-10", None, None, None, "CR", None],
        [["midsa"], "Webinar", "2027-08-31T09:30", None, "Africa/Lusaka", None, None, None, "online"],
        [["gfmd"], "Summit", "2027-09", "2027-09", None, None, None, "CO", None],
        [["igc"], "Working Group", "2027-09-03", "2027-09-03", None, "CICG", "Geneva", "CH", None],
    ]


def test_row_that_gives_a_beginning_alone_moves_the_whole_meeting(
    sqlite_registry: Database, tmp_path: Path
) -> None:
    """An empty cell says nothing: the meeting lasts as long as it did, and keeps its place."""
    _import(sqlite_registry, tmp_path, _event())
    for start, end in (("2027-06-08", "2027-06-10"), ("2027-06-15", "2027-06-17")):
        (tmp_path / "plan.csv").write_text(f"uid,title,start,end,city\n{UID},{PLAIN['title']},{start},,\n")
        assert iscm(sqlite_registry, "meetings", "import", str(tmp_path / "plan.csv")).code == 0
        (row,) = _meetings(sqlite_registry)
        assert (row["start"], row["end"], row["city"]) == (start, end, "Lusaka")


def test_place_that_says_less_changes_nothing_and_another_city_takes_the_building_away(
    sqlite_registry: Database, tmp_path: Path
) -> None:
    """Where the meeting moves elsewhere, its old building would be wrong; a shorter address is none."""
    _import(sqlite_registry, tmp_path, _event(place="Mulungushi Centre\\, Lusaka\\, Zambia"))
    for place, expected in (
        ("Lusaka\\, Zambia", ["Mulungushi Centre", "Lusaka", "ZM"]),
        ("Lusaka", ["Mulungushi Centre", "Lusaka", "ZM"]),
        ("Harare\\, Zimbabwe", [None, "Harare", "ZW"]),
    ):
        assert _import(sqlite_registry, tmp_path, _event(place=place)).code == 0
        (row,) = _meetings(sqlite_registry)
        assert [row[name] for name in ("venue", "city", "country")] == expected


def test_row_that_may_mean_two_dates_is_refused(sqlite_registry: Database, tmp_path: Path) -> None:
    """Without a day above twelve in the file nobody can tell June from August."""
    (tmp_path / "plan.csv").write_text("title,start\nMIDSA Workshop,06/08/2027\n")
    ran = iscm(sqlite_registry, "meetings", "import", str(tmp_path / "plan.csv"), "--json")
    assert _outcomes(ran) == [("refused", {}, "“06/08/2027” may be two dates; write it like 2027-06-08.", [])]


@pytest.mark.parametrize("ending", ["ics", "csv"])
def test_export_read_back_changes_nothing_and_rebuilds_what_is_lost(
    registry: Database, tmp_path: Path, ending: str
) -> None:
    """The whole record says nothing new; into an empty one it brings every field and public name back."""
    add = ("meetings", "add", "--mechanism", "midsa", "--source", "A letter")
    sharp = ("--title", "=SUM(A1)", "--notes", "- one\n- two", "--session", "'a")
    iscm(registry, *add, *sharp, "--from", "2027-09")
    slug = iscm(registry, *add, "--title", "Postponed", "--from", "2027-04-02", "--city", "Apia").out.strip()
    iscm(registry, "meetings", "postpone", slug, "--reason", "A storm, and more")
    iscm(registry, *add, "--mechanism", "midwa", "--title", "Nobody knows when", "--from", "unknown")
    whole, some = str(tmp_path / f"whole.{ending}"), str(tmp_path / f"some.{ending}")
    assert iscm(registry, "meetings", "export", whole).out == f"162 meetings written to {whole}.\n"
    assert iscm(registry, "meetings", "import", whole).out == (
        "new: 0, changed: 0, unchanged: 162, refused: 0\n"
    )
    iscm(registry, "meetings", "export", some, "--mechanism", "midsa")
    before = iscm(registry, "meetings", "list", "--json", "--mechanism", "midsa").json
    with registry.writing() as session:
        for table in ("meeting_mechanisms", "meeting_themes", "revisions", "meetings"):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own words
    back = iscm(registry, "meetings", "import", some)
    assert (back.code, back.out) == (0, f"new: {len(before)}, changed: 0, unchanged: 0, refused: 0\n")
    after = iscm(registry, "meetings", "list", "--json", "--mechanism", "midsa").json
    for row in (*before, *after):
        del row["created_at"], row["documents"]
    assert after == before


def test_event_changed_by_hand_in_our_export_counts_as_changed(
    sqlite_registry: Database, tmp_path: Path
) -> None:
    """What our export keeps beside an event is believed only where the event still says the same."""
    _import(sqlite_registry, tmp_path, _event())
    file = tmp_path / "ours.ics"
    iscm(sqlite_registry, "meetings", "export", str(file), "--year", "2027")
    file.write_bytes(
        file.read_bytes().replace(b":20270611", b":20270612").replace(b"Lusaka\\,", b"Harare\\,")
    )
    ((outcome, changes, _, _),) = _outcomes(
        iscm(sqlite_registry, "meetings", "import", str(file), "--dry-run", "--json")
    )
    assert outcome == "changed"
    assert changes["when"] == [_when("2027-06-08", "2027-06-10"), _when("2027-06-08", "2027-06-11")]
    assert changes["city"] == ["Lusaka", "Harare"]


def test_series_of_meetings_keeps_what_was_taken_out_of_it(sqlite_registry: Database, tmp_path: Path) -> None:
    """A date that leaves its series stays on record until an editor cancels or deletes it, and is told."""
    series = "UID:s\nSUMMARY:MIDSA Technical Meeting\nDTSTART;VALUE=DATE:20270111\nRRULE:FREQ=MONTHLY;COUNT=3"
    assert _import(sqlite_registry, tmp_path, series).out.startswith("new: 3,")
    ran = _import(sqlite_registry, tmp_path, f"{series}\nEXDATE;VALUE=DATE:20270211", options=("--json",))
    assert [(one["uid"], one["outcome"], one["warnings"]) for one in ran.json["meetings"]] == [
        ("s_20270111", "unchanged", []),
        (
            "s_20270211",
            "unchanged",
            [
                (
                    "The file takes this date out of its series; it stays on record. "
                    "Cancel it (iscm meetings cancel midsa-2027-technical-2) or delete it."
                )
            ],
        ),
        ("s_20270311", "unchanged", []),
    ]


def test_wrong_use_is_told(sqlite_registry: Database, tmp_path: Path) -> None:
    """A file that is not there, an unknown mechanism or zone, an ending that no export has."""
    (tmp_path / "g.ics").write_bytes(wire(GOOGLE))
    file = str(tmp_path / "g.ics")
    for arguments, code, said in (
        (("import", str(tmp_path / "none.ics")), 1, "is not a file that can be read"),
        (("import", str(tmp_path)), 1, "is not a file that can be read"),
        (("import", file, "--mechanism", "nobody"), 1, "There is no mechanism “nobody”."),
        (("import", file, "--zone", "Lusaka"), 1, "“Lusaka” is not a zone of the IANA database."),
        (("export", str(tmp_path / "x.pdf")), 2, "x.pdf must end in .ics or .csv."),
        (("export", str(tmp_path / "no" / "x.csv")), 1, "No such file or directory"),
    ):
        ran = iscm(sqlite_registry, "meetings", *arguments)
        assert (ran.code, said in ran.err) == (code, True), ran.err
    assert _meetings(sqlite_registry) == []
    assert list(tmp_path.glob(".*")) == []


def test_progress_is_shown_on_a_terminal(sqlite_registry: Database, tmp_path: Path) -> None:
    """Whoever waits at a terminal sees a bar; a script sees none."""
    (tmp_path / "m.ics").write_bytes(calendar(_event()))
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "iscm", "meetings", "import", str(tmp_path / "m.ics"), "--dry-run"]
    with subprocess.Popen(
        command, env=environment(sqlite_registry), stdout=subprocess.DEVNULL, stderr=follower
    ) as running:
        os.close(follower)
        shown = b""
        try:
            while piece := os.read(leader, 4096):
                shown += piece
        except OSError:  # how a terminal says that its last writer has gone
            pass
        os.close(leader)
    assert (running.returncode, b"Comparing" in shown) == (0, True)
