"""`iscm meetings export`: what is written can be read back, as it was or changed by hand."""

from pathlib import Path

import pytest
from sqlalchemy import text

from models import Database
from tests.iscm.commands.import_commands import bring_in, days, event, outcomes
from tests.iscm.commands.record_commands import iscm


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
    bring_in(sqlite_registry, tmp_path, event())
    file = tmp_path / "ours.ics"
    iscm(sqlite_registry, "meetings", "export", str(file), "--year", "2027")
    file.write_bytes(
        file.read_bytes().replace(b":20270611", b":20270612").replace(b"Lusaka\\,", b"Harare\\,")
    )
    ((outcome, changes, _, _),) = outcomes(
        iscm(sqlite_registry, "meetings", "import", str(file), "--dry-run", "--json")
    )
    assert outcome == "changed"
    assert changes["when"] == [days("2027-06-08", "2027-06-10"), days("2027-06-08", "2027-06-11")]
    assert changes["city"] == ["Lusaka", "Harare"]
