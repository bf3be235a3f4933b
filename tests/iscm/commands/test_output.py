"""What lists look like to programs and to people."""

import json
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest

from iscm.commands.output import print_rows, progress


class Colour(StrEnum):
    """A word of a record."""

    GREEN = "green"


ROWS = [
    {
        "slug": "midsa",
        "on": date(2027, 6, 8),
        "colour": Colour.GREEN,
        "many": ["a", "b"],
        "more": None,
        "yes": True,
    },
    {
        "slug": "al-\u0645",
        "on": datetime(2027, 6, 8, 9, tzinfo=UTC),
        "colour": None,
        "many": [],
        "more": "x\ty\nz",
    },
]


def test_json_holds_every_key_of_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    """The columns are for people; a program gets all, with letters and dates as they are."""
    print_rows(ROWS, columns=["slug"], as_json=True)
    said = capsys.readouterr().out
    assert json.loads(said) == [
        {
            "slug": "midsa",
            "on": "2027-06-08",
            "colour": "green",
            "many": ["a", "b"],
            "more": None,
            "yes": True,
        },
        {
            "slug": "al-\u0645",
            "on": "2027-06-08T09:00:00+00:00",
            "colour": None,
            "many": [],
            "more": "x\ty\nz",
        },
    ]
    assert "\u0645" in said


def test_no_rows_are_an_empty_array(capsys: pytest.CaptureFixture[str]) -> None:
    """A program that asks for a list gets one, also when there is nothing in it."""
    print_rows([], columns=["slug"], as_json=True)
    assert json.loads(capsys.readouterr().out) == []


def test_list_away_from_a_terminal_is_one_line_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Tabs between the columns and nowhere else, so that `cut` reads the right one."""
    print_rows(
        ROWS,
        columns={"slug": "mechanism", "on": "on", "many": "many", "more": "more", "yes": "yes"},
        as_json=False,
    )
    assert capsys.readouterr().out.splitlines() == [
        "mechanism\ton\tmany\tmore\tyes",
        "midsa\t2027-06-08\ta, b\t\tyes",
        "al-\u0645\t2027-06-08T09:00:00+00:00\t\tx y z\t",
    ]


def test_list_on_a_terminal_is_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Brackets in a title are text, not markup of the table."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "dumb")
    print_rows(
        [{"title": "[bold]Plenary[/bold]", "city": "Lusaka"}], columns=["title", "city"], as_json=False
    )
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["title", "city"],
        ["[bold]Plenary[/bold]", "Lusaka"],
    ]


def test_progress_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A log of a job holds no bars."""
    with progress("Sending", total=3) as advance:
        advance(1)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
