"""The form to report an error."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from models import Database, ErrorReport
from models.error_report_keeping import MOST_A_DAY, close_report, forget_reports, take_report
from tests.web.visitor import BASE_URL, NOW, dump, visitor

GOOD = {
    "page": "/mechanisms/bali-process",
    "words": "The chair changed.\nSee its own site.",
    "reply_to": "ana@example.org",
}


def _kept(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as session:
        columns = (ErrorReport.page, ErrorReport.words, ErrorReport.reply_to, ErrorReport.reported_at)
        return [tuple(row) for row in session.execute(select(*columns).order_by(ErrorReport.id))]


def test_report_is_kept_as_it_was_written(database: Database) -> None:
    """Page, words with their lines, address and moment; and the reader is thanked."""
    answer = visitor(database).post("/report", data=GOOD)
    assert (answer.status_code, "Thank you" in answer.text) == (200, True)
    assert answer.headers["cache-control"] == "private, no-store"
    assert _kept(database) == [(GOOD["page"], GOOD["words"], GOOD["reply_to"], NOW)]


def test_report_needs_neither_page_nor_address(sqlite_database: Database) -> None:
    """Words alone are a report."""
    visitor(sqlite_database).post("/report", data={"words": "Nothing works on my phone"})
    assert _kept(sqlite_database) == [("", "Nothing works on my phone", None, NOW)]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("words", "  ", "Say what is wrong, in a few words."),
        ("words", "x" * 4001, "The report is too long. Shorten it to 4000 characters at most."),
        ("words", "a\x07b", "The report holds a character that cannot be printed. Leave it out."),
        ("reply_to", "ana at example", '"ana at example" is not an address; write it like name@example.org.'),
        ("page", "https://elsewhere.example/", "This is not a page of this site."),
        ("page", "//elsewhere.example", "This is not a page of this site."),
        ("page", "/c/AAAAAAAAAAAAAAAAAAAAAA", "This is not a page of this site."),
    ],
)
def test_report_that_cannot_be_taken_comes_back_whole(
    sqlite_database: Database, field: str, value: str, sentence: str
) -> None:
    """The sentence stands beside its field, everything typed is still there, and nothing is kept."""
    answer = visitor(sqlite_database).post("/report", data={**GOOD, field: value})
    beside = re.findall(r'<p class="wrong" id="([^"]+)" role="alert">([^<]*)</p>', answer.text)
    assert answer.status_code == 422
    assert [name for name, _ in beside] == [f"{field}-wrong"]
    assert unescape(beside[0][1]).startswith(sentence)
    assert f'aria-describedby="{field}-hint {field}-wrong" aria-invalid="true"' in answer.text
    for name, typed in {**GOOD, field: value.strip()}.items():
        assert typed in answer.text, name
    assert _kept(sqlite_database) == []
    for language in ("fr", "es", "ar"):
        theirs = visitor(sqlite_database).post(f"/{language}/report", data={**GOOD, field: value}).text
        said = re.findall(r'<p class="wrong" id="[^"]+" role="alert">([^<]*)</p>', theirs)
        assert [unescape(one).startswith(sentence[:12]) for one in said] == [False], language


def test_report_of_a_program_is_thanked_for_and_forgotten(sqlite_database: Database) -> None:
    """Who fills in the field that nobody sees is answered like everybody, and nothing is kept."""
    client = visitor(sqlite_database)
    trapped = client.post("/report", data={**GOOD, "homepage": "http://spam.example"})
    assert trapped.text == client.post("/report", data=GOOD).text
    assert len(_kept(sqlite_database)) == 1


@pytest.mark.parametrize(
    ("asked", "prefilled"),
    [
        ("/mechanisms/bali-process", "/mechanisms/bali-process"),
        ("/documents?kind=declaration", "/documents"),
        ("/meetings/mee%C3%9Fting", "/meetings/mee%C3%9Fting"),
        (f"{BASE_URL}/updates#top", "/updates"),
        ("/", "/"),
        ("https://elsewhere.example/updates", ""),
        ("//elsewhere.example/updates", ""),
        ("/\\elsewhere.example", ""),
        ("/nowhere/at/all", ""),
        ("/u/AAAAAAAAAAAAAAAAAAAAAA", ""),
        ('"><script>alert(1)</script>', ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_report_names_the_page_only_when_it_is_ours(
    sqlite_database: Database, asked: str, prefilled: str
) -> None:
    """`?page=` fills in the field when it leads to a page of this site that may be named, and only then."""
    text = visitor(sqlite_database).get("/report", params={"page": asked}).text
    assert re.findall(r'name="page" type="text" maxlength="500" value="([^"]*)"', text) == [prefilled]


def test_reports_are_bounded_by_day_and_nothing_typed_is_lost(database: Database) -> None:
    """Beyond the day's number the form says so and keeps what was typed; a day later it takes more."""
    with database.writing() as session:
        for number in range(MOST_A_DAY):
            take_report(session, page="/", words=f"Report {number}", reply_to=None, now=NOW)
    refused = visitor(database).post("/report", data=GOOD)
    assert refused.status_code == 422
    assert "Please try again tomorrow." in refused.text
    assert "Veuillez réessayer demain." in visitor(database).post("/fr/report", data=GOOD).text
    assert "The chair changed." in refused.text
    later = visitor(database, now=NOW + timedelta(days=1, seconds=1)).post("/report", data=GOOD)
    assert later.status_code == 200
    assert len(_kept(database)) == MOST_A_DAY + 1


def test_closed_reports_are_forgotten_after_90_days(database: Database) -> None:
    """What was closed leaves with its address 90 days later; what is open stays."""
    with database.writing() as session:
        first = take_report(session, page="/", words="One", reply_to="a@example.org", now=NOW).id
        take_report(session, page="/", words="Two", reply_to=None, now=NOW)
        close_report(session, first, editor="Ana", now=NOW)
    for days, left in ((89, 2), (91, 1)):
        with database.writing() as session:
            forget_reports(session, now=NOW + timedelta(days=days))
            assert session.scalar(select(func.count()).select_from(ErrorReport)) == left


def test_reading_the_form_keeps_nothing(sqlite_database: Database) -> None:
    """GET and HEAD change nothing, whatever they name."""
    before = dump(sqlite_database)
    client = visitor(sqlite_database)
    client.get("/report", params=GOOD)
    client.head("/report?page=/")
    assert dump(sqlite_database) == before
