"""The archive of Highlights."""

from datetime import datetime

import pytest

from models import Approval, Database, Edition, Issue, IssueRevision, IssueState
from tests.web.visitor import NOW, visitor
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
) -> None:
    """Keep an approved issue with its editions."""
    with database.writing() as session:
        issue = Issue(code=code, year=int(code[:4]), state=state, created_at=NOW, started_at=started_at)
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
                    hash=f"hash-of-{code}-{language}",
                )
            )


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
