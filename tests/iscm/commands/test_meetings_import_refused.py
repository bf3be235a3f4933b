"""`iscm meetings import`: what is refused or doubted, and that a refusal leaves nothing behind."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import Database, Revision, add_meeting
from tests.calendar_feed.importing.real_files import GOOGLE, wire
from tests.iscm.commands.import_commands import UID, bring_in, coming_meetings, event, outcomes
from tests.iscm.commands.record_commands import iscm


def test_refused_meeting_keeps_the_others_out_unless_it_is_skipped(
    registry: Database, tmp_path: Path
) -> None:
    """All or nothing: the reasons stand on standard error with their lines, and nothing is written."""
    nameless = event(title="A conference").replace(UID, "other")
    refused = bring_in(registry, tmp_path, event(), nameless)
    assert (refused.code, coming_meetings(registry)) == (1, [])
    assert refused.err.splitlines() == [
        (
            "line 12: A conference: It cannot be told which mechanism's meeting this is: neither its "
            "categories nor its title name one. Name it with --mechanism, or in a column “mechanism”."
        ),
        "Nothing was written: 1 refused. --skip-refused takes the others.",
    ]
    assert refused.out.splitlines()[-1] == "new: 1, changed: 0, unchanged: 0, refused: 1"
    skipped = bring_in(registry, tmp_path, event(), nameless, options=("--skip-refused",))
    assert (skipped.code, [row["uid"] for row in coming_meetings(registry)]) == (0, [UID])
    named = bring_in(registry, tmp_path, event(), nameless, options=("--mechanism", "MIDSA"))
    assert (named.code, sorted(row["uid"] for row in coming_meetings(registry))) == (0, [UID, "other"])


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
    second = event(title="MIDSA Workshop").replace(UID, "second")
    failed = bring_in(registry, tmp_path, event(), second)
    assert (failed.code, failed.err, taken) == (1, "iscm: The disk is full.\n", [UID, "second"])
    with registry.reading() as session:
        assert coming_meetings(registry) == []
        assert session.scalars(select(Revision).where(Revision.code == "midsa-2027-meeting")).all() == []


def test_same_dates_and_place_under_another_title_only_warn(
    sqlite_registry: Database, tmp_path: Path
) -> None:
    """It may be the same meeting or one beside it: the editor is told, the meeting is taken."""
    bring_in(sqlite_registry, tmp_path, event())
    other = event(title="MIDSA Ministers' Dinner").replace(UID, "other")
    ((outcome, _, reason, warnings),) = outcomes(
        bring_in(sqlite_registry, tmp_path, other, options=("--json",))
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
    ran = bring_in(
        sqlite_registry, tmp_path, event(), event(), event().replace(UID, "x"), options=("--json",)
    )
    assert [(one["line"], one["reason"]) for one in ran.json["meetings"]] == [
        (4, None),
        (12, "This is the meeting of line 4 again; the file must hold it once."),
        (20, "This is the meeting of line 4 again: the same mechanism, dates and title."),
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
    assert coming_meetings(sqlite_registry) == []
    assert list(tmp_path.glob(".*")) == []
