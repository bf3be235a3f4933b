"""The file of departures: what is in it stays, however many write and whatever happens to them."""

import multiprocessing
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from models.database import Database
from models.departures import (
    BEGUN,
    DepartureNotKept,
    Departures,
    Line,
    note_beginning,
    note_departure,
    note_return,
)

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def _line(number: int) -> Line:
    return Line(NOW + timedelta(seconds=number), "left", f"{number:064x}")


def _append_many(path: Path, first: int) -> None:
    for number in range(first, first + 200):
        Departures(path).append([_line(number)])


def test_lines_of_several_processes_are_all_there_and_whole(tmp_path: Path) -> None:
    """Four processes that append at once lose nothing and tear nothing."""
    path = tmp_path / "departures"
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_append_many, args=(path, first)) for first in range(0, 800, 200)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    assert sorted(Departures(path).read()) == [_line(number) for number in range(800)]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_torn_line_costs_no_other(tmp_path: Path) -> None:
    """Half a line, as a full disk leaves it, is passed over, and the next one is readable."""
    path = tmp_path / "departures"
    path.write_bytes(_line(1).written() + b'["2026-11-')
    Departures(path).append([_line(2)])
    assert Departures(path).read() == [_line(1), _line(2)]


@pytest.mark.parametrize(
    "junk", [b"{}\n", b'["yesterday","left","x"]\n', b'["2026-01-01","left","x"]\n', b"\n"]
)
def test_what_is_no_line_is_passed_over(tmp_path: Path, junk: bytes) -> None:
    """A file that was tampered with still tells what can be read of it."""
    path = tmp_path / "departures"
    path.write_bytes(junk + _line(1).written())
    assert Departures(path).read() == [_line(1)]


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    """Whoever asked reads what is wrong and that nothing was changed."""
    (tmp_path / "departures").mkdir()
    with pytest.raises(DepartureNotKept, match=r"cannot be written .* so nothing was changed"):
        Departures(tmp_path / "departures").append([_line(1)])


def test_a_departure_stands_in_the_file_before_its_transaction_commits(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Killed between the two, the file knows more than the database, never less."""
    file = Departures(tmp_path / "departures")
    database = Database(str(sqlite_database.url), departures=file)
    with database.writing() as session:
        note_departure(session, "a" * 64, reason="left", now=NOW)
        note_beginning(session, "2026", now=NOW)
        assert file.read() == [Line(NOW, "left", "a" * 64), Line(NOW, BEGUN, "2026")]
    database.close()


def test_a_return_stands_in_the_file_only_after_its_transaction_committed(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """One that was undone leaves no line, so that nobody is written to who is still gone."""
    file = Departures(tmp_path / "departures")
    database = Database(str(sqlite_database.url), departures=file)
    with suppress(KeyError), database.writing() as session:
        note_return(session, ["a" * 64], now=NOW)
        raise KeyError
    assert file.read() == []
    with database.writing() as session:
        note_return(session, ["a" * 64], now=NOW)
        assert file.read() == []
    assert file.read() == [Line(NOW, "returned", "a" * 64)]
    database.close()


def test_a_return_that_cannot_be_written_down_undoes_nothing(
    sqlite_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """They are back; the log says that the file does not know it."""
    os.mkdir(tmp_path / "departures")  # noqa: PTH102 - a folder where the file belongs
    database = Database(str(sqlite_database.url), departures=Departures(tmp_path / "departures"))
    with database.writing() as session:
        session.execute(text("UPDATE publication SET record_revision = 7"))
        note_return(session, ["a" * 64], now=NOW)
    with database.reading() as session:
        assert session.scalar(text("SELECT record_revision FROM publication")) == 7
    assert "a return could not be written down" in caplog.text
    database.close()
