"""The repository: its list with filters, the page of one document, and the file kept with it."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from models import Database, Document, DocumentAct, DocumentKind, Theme, ThemeFamily
from models.document_edit import DOCUMENTS
from models.document_filing import filing
from models.mechanism import MechanismType
from models.meeting import Visibility
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import NOW, dump, site, statements, visitor

TITLE = re.compile(r'<h3 class="document-title"><a href="(/documents/[^"]+)">([^<]+)</a>')


def _document(session: Session, slug: str, **facts: object) -> Document:
    facts = {"title": slug.replace("-", " ").capitalize(), "kind": DocumentKind.REPORT, **facts}
    document = Document(slug=slug, **facts)
    session.add(document)
    session.flush()
    return document


def _fill(session: Session) -> None:
    """Four documents of two mechanisms; one of a meeting, one key, one without a date, one hidden."""
    lima = a_mechanism(session, "lima-process")
    rome = a_mechanism(session, "rome-dialogue", type=MechanismType.IRF)
    climate = Theme(slug="climate", name="Climate", family=ThemeFamily.CLIMATE, position=1)
    session.add(climate)
    meeting = a_meeting(session, lima, rome, slug="lima-2027")
    hidden = a_meeting(session, lima, slug="closed", visibility=Visibility.HIDDEN)
    _document(
        session,
        "declaration-of-lima",
        kind=DocumentKind.DECLARATION,
        act=DocumentAct.ADOPTED,
        meeting=meeting,
    )
    _document(session, "old-report", own_mechanisms=[lima], day=date(2019, 5, 2), language="fr")
    _document(session, "key-report", day=date(2001, 1, 1), is_key=True, theme_tags=[climate], language="en")
    _document(session, "undated")
    _document(session, "secret", meeting=hidden, is_key=True)


def _shown(client: TestClient, address: str) -> list[str]:
    return [path.rpartition("/")[2] for path, _ in TITLE.findall(client.get(address).text)]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["key-report", "declaration-of-lima", "old-report", "undated"]),
        ("?mechanism=lima-process", ["declaration-of-lima", "old-report"]),
        ("?mechanism=rome-dialogue", ["declaration-of-lima"]),
        ("?kind=report", ["key-report", "old-report", "undated"]),
        ("?theme=climate", ["key-report"]),
        ("?language=fr", ["old-report"]),
        ("?year=2027", ["declaration-of-lima"]),
        ("?mechanism=lima-process&kind=report&language=fr&year=2019", ["old-report"]),
        ("?mechanism=rome-dialogue&kind=report", []),
    ],
)
def test_documents_are_narrowed_by_every_filter(database: Database, query: str, shown: list[str]) -> None:
    """Key ones first, then by date; what a hidden meeting issued is never shown, whatever is asked."""
    with database.writing() as session:
        _fill(session)
    assert _shown(visitor(database), f"/documents{query}") == shown


def test_choices_say_how_many_each_would_leave(database: Database) -> None:
    """Beside each choice stands the number it leaves while the other filters stay; none leaves nothing."""
    with database.writing() as session:
        _fill(session)
    text = visitor(database).get("/documents?kind=report").text
    choices = re.findall(r'<option value="([^"]+)"( selected)?>([^<]+)</option>', text)
    assert choices == [
        ("lima-process", "", "Lima Process (1)"),
        ("declaration", "", "Declaration (1)"),
        ("report", " selected", "Report (3)"),
        ("climate", "", "Climate (1)"),
        ("en", "", "English (1)"),
        ("fr", "", "French (1)"),
        ("2019", "", "2019 (1)"),
        ("2001", "", "2001 (1)"),
    ]


def test_chosen_filters_can_be_taken_back(sqlite_database: Database) -> None:
    """Each choice leads to the same list without it."""
    with sqlite_database.writing() as session:
        _fill(session)
    text = visitor(sqlite_database).get("/documents?mechanism=lima-process&kind=report").text
    chosen = re.search(r'<ul class="chosen".*?</ul>', text, re.DOTALL)
    assert chosen is not None
    assert re.findall(r'href="([^"]+)"', chosen[0]) == [
        "/documents?kind=report",
        "/documents?mechanism=lima-process",
        "/documents",
    ]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("?mechanism=&kind=report&theme=&language=&year=", "/documents?kind=report"),
        ("?kind=report&mechanism=lima-process", "/documents?mechanism=lima-process&kind=report"),
        ("?mechanism=&kind=&theme=&language=&year=", "/documents"),
        ("?page=1", "/documents"),
        ("?kind=agenda&kind=report", "/documents?kind=report"),
        ("?kind=report&from=elsewhere", "/documents?kind=report"),
    ],
)
def test_documents_have_one_address(sqlite_database: Database, asked: str, canonical: str) -> None:
    """What the form sends, and what links bring along, leads to the one address of the list."""
    with sqlite_database.writing() as session:
        _fill(session)
    answer = visitor(sqlite_database).get(f"/documents{asked}")
    assert (answer.status_code, answer.headers["location"]) == (308, canonical)


def test_unknown_choice_is_told_and_the_list_is_still_there(database: Database) -> None:
    """No defect and no empty page: a sentence, the whole list, and the status for indexes."""
    with database.writing() as session:
        _fill(session)
    answer = visitor(database).get("/documents", params={"theme": "<b>no</b>", "year": "x"})
    assert answer.status_code == 404
    assert "There is nothing called “&lt;b&gt;no&lt;/b&gt;” under “Theme”." in answer.text
    assert "There is nothing called “x” under “Year”." in answer.text
    assert len(TITLE.findall(answer.text)) == 4


def test_documents_take_as_many_statements_for_a_thousand_as_for_one(database: Database) -> None:
    """The number of statements does not grow with the record, and a page shows thirty."""
    with database.writing() as session:
        lima = a_mechanism(session)
        meeting = a_meeting(session, lima)
        _document(session, "first", meeting=meeting, own_mechanisms=[lima])
    numbers = []
    for rows in (1, 1000):
        with database.writing() as session:
            lima = session.merge(lima)
            meeting = session.merge(meeting)
            session.add_all(
                Document(
                    slug=f"more-{n}",
                    title=f"More {n}",
                    kind=DocumentKind.OTHER,
                    meeting=meeting,
                    own_mechanisms=[lima],
                )
                for n in range(1, rows)
            )
        with statements(database) as sent:
            text = visitor(database).get("/documents").text
        numbers.append((len(TITLE.findall(text)), len(sent)))
    (one, cheap), (thousand, dear) = numbers
    assert (one, thousand, dear) == (1, 30, cheap)


def test_pages_of_the_list_follow_each_other(sqlite_database: Database) -> None:
    """Every document stands on one page, in order; there is no page beyond the last."""
    with sqlite_database.writing() as session:
        for n in range(65):
            _document(session, f"one-{n:02}", day=date(2020, 1, 1))
    client = visitor(sqlite_database)
    found = [slug for n in ("", "?page=2", "?page=3") for slug in _shown(client, f"/documents{n}")]
    assert found == [f"one-{n:02}" for n in range(65)]
    assert client.get("/documents?page=4").status_code == 404
    assert (
        '<link rel="canonical" href="http://127.0.0.1:8000/documents?page=2">'
        in client.get("/documents?page=2").text
    )


def test_document_has_a_page_that_says_all(registry: Database) -> None:
    """Title, kind, act, date, language, mechanisms, themes, and where to read it."""
    text = visitor(registry).get("/documents/joint-valletta-action-plan").text
    for said in (
        '<h1 class="reading-title">Joint Valletta Action Plan</h1>',
        "<b>Action plan</b>",
        "Adopted",
        '<time datetime="2015-11-12">12 November 2015</time>',
        '<a href="/mechanisms/khartoum-process">Khartoum Process</a>',
        '<a href="/mechanisms/rabat-process">Rabat Process</a>',
        '<a href="/themes/return">Return and reintegration</a>',
        "Read it on consilium.europa.eu",
    ):
        assert said in text


def test_document_that_is_not_there_or_hidden_has_no_page(database: Database) -> None:
    """Nobody learns what a hidden meeting issued."""
    with database.writing() as session:
        _fill(session)
    client = visitor(database)
    assert [client.get(f"/documents/{slug}").status_code for slug in ("nothing", "secret")] == [404, 404]


def _file(database: Database, folder: Path, name: str, content: bytes) -> str:
    source = folder / name
    source.write_bytes(content)
    with filing(database, folder / "documents", source=source) as (session, filed):
        written = {"title": f"With {name}", "kind": "report", **filed}
        return DOCUMENTS.add(session, written, editor="Ana", now=NOW).slug


def test_file_is_served_as_it_was_filed(database: Database, tmp_path: Path) -> None:
    """The bytes, the type, a tag, for ever; shown in the browser, with nothing it could load or run."""
    content = b"%PDF-1.7\n" + bytes(range(256)) * 40
    slug = _file(database, tmp_path, "Final Report (2026).PDF", content)
    client = visitor(database, of=site(documents=tmp_path / "documents"))
    assert f'href="/documents/{slug}/final-report-2026.pdf"' in client.get(f"/documents/{slug}").text
    before = dump(database)
    answer = client.get(f"/documents/{slug}/final-report-2026.pdf")
    assert (answer.status_code, answer.content) == (200, content)
    headers = answer.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == 'inline; filename="final-report-2026.pdf"'
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    again = client.get(f"/documents/{slug}/final-report-2026.pdf", headers={"If-None-Match": headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(f"/documents/{slug}/final-report-2026.pdf")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(content)))
    assert dump(database) == before


def test_text_is_shown_as_text_and_other_files_are_downloaded(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """What a browser could take for a page is never one."""
    slug = _file(sqlite_database, tmp_path, "notes.txt", "<script>alert(1)</script> é".encode())
    client = visitor(sqlite_database, of=site(documents=tmp_path / "documents"))
    answer = client.get(f"/documents/{slug}/notes.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["other.pdf", "..%2f..%2fiscm.db", "notes.txt%00", "NOTES.TXT"])
def test_file_has_one_name(sqlite_database: Database, tmp_path: Path, name: str) -> None:
    """Only the name on record leads to the file, and no name to any other file."""
    slug = _file(sqlite_database, tmp_path, "notes.txt", b"notes")
    client = visitor(sqlite_database, of=site(documents=tmp_path / "documents"))
    assert client.get(f"/documents/{slug}/{name}").status_code == 404


def test_file_that_is_lost_is_no_defect(sqlite_database: Database, tmp_path: Path) -> None:
    """The record outlives a lost disk: the page stands, the file is answered 404."""
    slug = _file(sqlite_database, tmp_path, "notes.txt", b"notes")
    for file in (tmp_path / "documents").iterdir():
        file.unlink()
    client = visitor(sqlite_database, of=site(documents=tmp_path / "documents"))
    assert client.get(f"/documents/{slug}").status_code == 200
    assert client.get(f"/documents/{slug}/notes.txt").status_code == 404
