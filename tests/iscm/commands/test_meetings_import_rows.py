"""`iscm meetings import` of a spreadsheet's rows, as people write them."""

from pathlib import Path

from models import Database
from tests.iscm.commands.import_commands import PLAIN, UID, bring_in, coming_meetings, event, outcomes
from tests.iscm.commands.record_commands import iscm


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
    assert [[row[name] for name in said] for row in coming_meetings(registry)] == [
        [["rcm"], "Vice-Ministerial Meeting", "2027-06-08", "2027-06-10", None, None, None, "CR", None],
        [["midsa"], "Webinar", "2027-08-31T09:30", None, "Africa/Lusaka", None, None, None, "online"],
        [["gfmd"], "Summit", "2027-09", "2027-09", None, None, None, "CO", None],
        [["igc"], "Working Group", "2027-09-03", "2027-09-03", None, "CICG", "Geneva", "CH", None],
    ]


def test_row_that_gives_a_beginning_alone_moves_the_whole_meeting(
    sqlite_registry: Database, tmp_path: Path
) -> None:
    """An empty cell says nothing: the meeting lasts as long as it did, and keeps its place."""
    bring_in(sqlite_registry, tmp_path, event())
    for start, end in (("2027-06-08", "2027-06-10"), ("2027-06-15", "2027-06-17")):
        (tmp_path / "plan.csv").write_text(f"uid,title,start,end,city\n{UID},{PLAIN['title']},{start},,\n")
        assert iscm(sqlite_registry, "meetings", "import", str(tmp_path / "plan.csv")).code == 0
        (row,) = coming_meetings(sqlite_registry)
        assert (row["start"], row["end"], row["city"]) == (start, end, "Lusaka")


def test_row_that_may_mean_two_dates_is_refused(sqlite_registry: Database, tmp_path: Path) -> None:
    """Without a day above twelve in the file nobody can tell June from August."""
    (tmp_path / "plan.csv").write_text("title,start\nMIDSA Workshop,06/08/2027\n")
    ran = iscm(sqlite_registry, "meetings", "import", str(tmp_path / "plan.csv"), "--json")
    assert outcomes(ran) == [("refused", {}, "“06/08/2027” may be two dates; write it like 2027-06-08.", [])]
