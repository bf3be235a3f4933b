"""`iscm meetings import`: a secretariat's file, from the first dry run to the next year's."""

from pathlib import Path

from sqlalchemy import select

from models import Database, Revision
from tests.iscm.commands.import_commands import UID, bring_in, coming_meetings, days, event, outcomes
from tests.iscm.commands.record_commands import iscm


def test_file_is_brought_in_changed_and_brought_in_again(registry: Database, tmp_path: Path) -> None:
    """New, then unchanged, then moved and renamed field by field; each change has a revision and a source."""
    dry = bring_in(registry, tmp_path, event(), options=("--dry-run", "--json"))
    assert (dry.code, dry.json["written"], dry.json["new"], coming_meetings(registry)) == (0, False, 1, [])

    assert bring_in(registry, tmp_path, event()).out == "new: 1, changed: 0, unchanged: 0, refused: 0\n"
    (row,) = coming_meetings(registry)
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
    assert bring_in(registry, tmp_path, event()).out == "new: 0, changed: 0, unchanged: 1, refused: 0\n"

    moved = event(start="20270615", end="20270618", place="Harare\\, Zimbabwe", title="MIDSA Ministerial")
    plan = bring_in(registry, tmp_path, moved, options=("--dry-run", "--json"), name="later.ics")
    done = bring_in(registry, tmp_path, moved, options=("--json",), name="later.ics")
    ((outcome, changes, reason, warnings),) = outcomes(done)
    assert outcomes(plan)[0][1].keys() == changes.keys()
    at = changes.pop("moved_at")
    assert (outcome, reason, warnings, at[0]) == ("changed", None, [], None)
    assert changes == {
        "title": ["Ministerial Conference of MIDSA", "MIDSA Ministerial"],
        "when": [days("2027-06-08", "2027-06-10"), days("2027-06-15", "2027-06-17")],
        "previous_when": [None, days("2027-06-08", "2027-06-10")],
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
    (before,) = coming_meetings(registry)
    assert bring_in(registry, tmp_path, event()).out == "new: 0, changed: 0, unchanged: 1, refused: 0\n"
    assert coming_meetings(registry) == [before]
    moved = event(start="20270615", end="20270618")
    assert bring_in(registry, tmp_path, moved).out == "new: 0, changed: 1, unchanged: 0, refused: 0\n"
    (after,) = coming_meetings(registry)
    assert (after["uid"], after["title"], after["start"]) == (before["uid"], before["title"], "2027-06-15")

    iscm(registry, "meetings", "delete", before["slug"], "--yes")
    again = bring_in(registry, tmp_path, moved)
    assert again.code == 1
    assert "was deleted here on" in again.err


def test_states_follow_the_table_and_what_an_editor_said_is_not_taken_back(
    registry: Database, tmp_path: Path
) -> None:
    """Tentative, confirmed, cancelled; a file that knows of no cancellation leaves it, and that is told."""
    for status in ("tentative", "confirmed", "cancelled"):
        assert bring_in(registry, tmp_path, event(status=status.upper())).code == 0
        (row,) = iscm(registry, "meetings", "list", "--year", "2027", "--json").json
        assert row["status"] == status
    (stays,) = outcomes(bring_in(registry, tmp_path, event(), options=("--json",)))
    said = "It is cancelled here, and the file does not say so; it stays cancelled."
    assert stays == ("unchanged", {}, None, [said])
    (refused,) = outcomes(bring_in(registry, tmp_path, event(status="TENTATIVE"), options=("--json",)))
    assert refused == (
        "refused",
        {},
        "Meeting midsa-2027-meeting is cancelled and cannot become tentative (possible: confirmed).",
        [],
    )


def test_table_of_a_dry_run_shows_each_field_from_and_to(sqlite_registry: Database, tmp_path: Path) -> None:
    """New, changed, unchanged and refused stand below each other, with what becomes of each."""
    bring_in(sqlite_registry, tmp_path, event(), event(title="MIDSA Workshop").replace(UID, "same"))
    ran = bring_in(
        sqlite_registry,
        tmp_path,
        event(place="Harare\\, Zimbabwe"),
        event(title="MIDSA Workshop").replace(UID, "same"),
        event(title="MIDSA Training", start="20270701", end="20270702").replace(UID, "new"),
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


def test_place_that_says_less_changes_nothing_and_another_city_takes_the_building_away(
    sqlite_registry: Database, tmp_path: Path
) -> None:
    """Where the meeting moves elsewhere, its old building would be wrong; a shorter address is none."""
    bring_in(sqlite_registry, tmp_path, event(place="Mulungushi Centre\\, Lusaka\\, Zambia"))
    for place, expected in (
        ("Lusaka\\, Zambia", ["Mulungushi Centre", "Lusaka", "ZM"]),
        ("Lusaka", ["Mulungushi Centre", "Lusaka", "ZM"]),
        ("Harare\\, Zimbabwe", [None, "Harare", "ZW"]),
    ):
        assert bring_in(sqlite_registry, tmp_path, event(place=place)).code == 0
        (row,) = coming_meetings(sqlite_registry)
        assert [row[name] for name in ("venue", "city", "country")] == expected


def test_series_of_meetings_keeps_what_was_taken_out_of_it(sqlite_registry: Database, tmp_path: Path) -> None:
    """A date that leaves its series stays on record until an editor cancels or deletes it, and is told."""
    series = "UID:s\nSUMMARY:MIDSA Technical Meeting\nDTSTART;VALUE=DATE:20270111\nRRULE:FREQ=MONTHLY;COUNT=3"
    assert bring_in(sqlite_registry, tmp_path, series).out.startswith("new: 3,")
    ran = bring_in(sqlite_registry, tmp_path, f"{series}\nEXDATE;VALUE=DATE:20270211", options=("--json",))
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
