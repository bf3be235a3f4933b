"""The archive of Highlights."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Approval, Database, Edition, Issue, IssueRevision, IssueState
from tests.web.atom import read_atom
from tests.web.visitor import BASE_URL, NOW, visitor
from web.pages.highlights import IssueLine, read_issues

WEB = '<!doctype html><html lang="{}"><style>p {{ color: red }}</style><p>Letter {}</p></html>'


def an_issue(
    database: Database,
    code: str,
    *,
    state: IssueState = IssueState.SENT,
    started_at: datetime | None = NOW,
    withdrawn_at: datetime | None = None,
    languages: tuple[str, ...] = ("en",),
    papers: tuple[str, ...] = (),
    corrects: str | None = None,
) -> None:
    """Keep an approved issue with its editions."""
    with database.writing() as session:
        issue = Issue(code=code, year=int(code[:4]), state=state, created_at=NOW, started_at=started_at)
        issue.corrects = corrects
        session.add(issue)
        session.flush()
        revision = IssueRevision(issue_id=issue.id, number=1, tree={}, options={}, hash="h", compiled_at=NOW)
        session.add(revision)
        session.flush()
        approval = Approval(
            issue_id=issue.id,
            revision_id=revision.id,
            editor="ed",
            hash="h",
            at=NOW,
            audience=1,
            withdrawn_at=withdrawn_at,
        )
        session.add(approval)
        session.flush()
        for language in languages:
            session.add(
                Edition(
                    approval_id=approval.id,
                    language=language,
                    subject=f"Highlights {code}",
                    html="",
                    text="",
                    web=WEB.format(language, code),
                    message=b"",
                    pdf=f"%PDF {code} {language}".encode() if language in papers else None,
                    hash=f"hash-of-{code}-{language}",
                )
            )


def test_archive_lists_editions_in_the_order_of_the_service(database: Database) -> None:
    """English first, the others as the service is set to offer them, what it no longer offers last."""
    for code in ("2016", "2017"):
        an_issue(database, code, languages=("ar", "de", "en", "es", "fr"), papers=("fr", "ar"))
    with database.reading() as session:
        issues = read_issues(session, languages=("ar", "fr", "en"))
    assert [(line.code, [code for code, _ in line.editions], line.papers) for line in issues] == [
        (code, ["en", "ar", "fr", "de", "es"], ("ar", "fr")) for code in ("2017", "2016")
    ]
    shown = visitor(database).get("/fr/highlights").text
    line = shown.partition('class="issue-ways"')[2].partition("</p>")[0]
    assert re.findall(r'hreflang="(..)"', line) == ["en", "fr", "es", "ar", "de", "fr"]


def test_archive_is_empty_until_an_issue_is_sent(database: Database) -> None:
    """Before the first sending the page says so, whatever is being made."""
    an_issue(database, "2026", state=IssueState.SCHEDULED, started_at=None)
    client = visitor(database)
    assert "No issue has been sent yet." in client.get("/highlights").text
    assert client.get("/highlights/2026").status_code == 404


def test_archive_lists_issues_with_their_editions(database: Database) -> None:
    """The newest year first, a second issue of a year with its own code, each edition by its own name."""
    an_issue(database, "2016")
    an_issue(database, "2017", languages=("en", "fr"))
    an_issue(database, "2017-2", state=IssueState.SENDING)
    with database.reading() as session:
        issues = read_issues(session)
    english, both = (("en", "English"),), (("en", "English"), ("fr", "français"))
    assert issues == (
        IssueLine(2017, "2017-2", "23 November 2026", english),
        IssueLine(2017, "2017", "23 November 2026", both),
        IssueLine(2016, "2016", "23 November 2026", english),
    )
    assert 'href="/highlights/2017-2"' in visitor(database).get("/").text


@pytest.mark.parametrize(("asked", "given"), [("", "en"), ("?language=fr", "fr"), ("?language=es", "en")])
def test_edition_is_shown_as_it_was_approved(database: Database, asked: str, given: str) -> None:
    """The very page that was approved, in the language asked for where there is one, else in English."""
    an_issue(database, "2017", languages=("en", "fr"))
    answer = visitor(database).get(f"/highlights/2017{asked}")
    assert (answer.text, answer.headers["content-language"]) == (WEB.format(given, "2017"), given)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline' 'self';")
    assert "script-src" not in policy
    again = visitor(database).get(
        f"/highlights/2017{asked}", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_withdrawn_approval_is_not_shown(database: Database) -> None:
    """What was approved and taken back is nobody's."""
    an_issue(database, "2017", withdrawn_at=NOW)
    assert visitor(database).get("/highlights/2017").status_code == 404


@pytest.mark.parametrize(("prefix", "given"), [("", "en"), ("/fr", "fr"), ("/es", "en")])
def test_pdf_is_given_as_it_was_approved(sqlite_database: Database, prefix: str, given: str) -> None:
    """The PDF of the edition in the language of the address, in English where that has none."""
    an_issue(sqlite_database, "2017", languages=("en", "fr", "es"), papers=("en", "fr"))
    answer = visitor(sqlite_database).get(f"{prefix}/highlights/2017.pdf")
    assert (answer.status_code, answer.content) == (200, f"%PDF 2017 {given}".encode())
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-language"] == given
    assert answer.headers["content-disposition"] == f'inline; filename="iscm-highlights-2017-{given}.pdf"'
    page = visitor(sqlite_database).get(f"{prefix}/highlights")
    address = "/highlights/2017.pdf" if given == "en" else f"/{given}/highlights/2017.pdf"
    assert f'href="{address}"' in page.text


def test_issue_without_pdf_has_no_link_to_one(sqlite_database: Database) -> None:
    """Where nothing was set, nothing is promised; what is not sent or was taken back has none."""
    an_issue(sqlite_database, "2015", papers=("en",), started_at=None)
    an_issue(sqlite_database, "2016", papers=("en",), withdrawn_at=NOW)
    an_issue(sqlite_database, "2017")
    client = visitor(sqlite_database)
    assert ".pdf" not in client.get("/highlights").text
    assert [client.get(f"/highlights/{code}.pdf").status_code for code in ("2015", "2016", "2017")] == [
        404
    ] * 3


def test_corrected_issue_leads_to_its_correction(database: Database) -> None:
    """The page that was sent stays, with a word over it; the archive names the correction as one."""
    an_issue(database, "2017")
    an_issue(database, "2017-2", corrects="2017")
    an_issue(database, "2017-3", corrects="2017", started_at=None)
    with database.writing() as session:
        for edition in session.scalars(select(Edition)):
            edition.web = "<main>\n<article>As sent</article>\n</main>"
    client = visitor(database)
    shown = client.get("/highlights/2017").text
    assert "This issue was corrected on 23 November 2026." in shown
    assert 'href="/highlights/2017-2"' in shown
    assert "2017-3" not in shown
    assert shown.endswith("<article>As sent</article>\n</main>")
    correction = client.get("/highlights/2017-2").text
    assert "was corrected" not in correction
    assert '<a href="/highlights/2017">A correction of Highlights 2017</a>' in correction
    assert "A correction of Highlights 2017" in client.get("/highlights").text


def test_feed_of_issues_has_each_in_the_readers_language(database: Database) -> None:
    """What began to be sent, the newest first; an issue without an edition in the language says so."""
    an_issue(database, "2015", started_at=None)
    an_issue(database, "2016", started_at=NOW - timedelta(days=300))
    an_issue(database, "2017", languages=("en", "fr"))
    client = visitor(database)
    answer = client.get("/fr/highlights.atom")
    feed = read_atom(answer.content)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert (feed.language, feed.links["self"]) == ("fr", f"{BASE_URL}/fr/highlights.atom")
    assert [(entry.title, entry.language, entry.links["alternate"]) for entry in feed.entries] == [
        ("Highlights 2017", "fr", f"{BASE_URL}/fr/highlights/2017"),
        ("Highlights 2016", "en", f"{BASE_URL}/highlights/2016"),
    ]
    assert feed.updated == NOW
    an_issue(database, "2018")
    assert len(read_atom(client.get("/fr/highlights.atom").content).entries) == 3
    assert read_atom(client.get("/highlights.atom").content).entries[1].identity == feed.entries[0].identity
