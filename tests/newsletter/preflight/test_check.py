"""The preflight over the record: what changed since the issue was compiled, approved or sent."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Edition, Issue, IssueState, Meeting, SubscriberState, When
from models.database import Database
from models.subscriber import Subscriber
from newsletter.approval import approve_issue
from newsletter.course import find_issue
from newsletter.drafting import compile_issue
from newsletter.preflight.check import Stationery, check_issue, require_clear
from newsletter.preflight.finding import Blocked, Finding
from newsletter.rendering import Imprint
from tests.newsletter.issue_facts import NOW, OPTIONS, SITE, STATIONERY, add_readers


def _issue(session: Session, *, readers: int = 20) -> Issue:
    add_readers(session, readers)
    compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
    return find_issue(session, "2017")


def _blocking(session: Session, issue: Issue, stationery: Stationery = STATIONERY) -> list[Finding]:
    return [finding for finding in check_issue(session, issue, stationery) if finding.blocks]


def test_2017_passes_with_a_warning_for_each_doubtful_fact(registry: Database) -> None:
    """Nothing blocks; the four facts the registry is not sure of are named."""
    with registry.writing() as session:
        findings = check_issue(session, _issue(session), STATIONERY)
    assert [finding.blocks for finding in findings] == [False] * len(findings)
    assert sum(finding.rule == "confidence" for finding in findings) == 4


def test_meeting_that_moves_after_the_compilation_blocks_until_compiled_again(
    registry: Database,
) -> None:
    """The letter never says a day that the record no longer has."""
    with registry.writing() as session:
        issue = _issue(session)
        meeting = session.scalars(select(Meeting).where(Meeting.slug == "midsa-20170902-plenary")).one()
        meeting.when = When.parse("2017-09-03", "2017-09-05")
        session.flush()
        (finding,) = _blocking(session, issue)
        assert str(finding) == (
            "The letter tells of 2–4 September 2017, while the record says 3–5 September 2017. Compile the issue again. "  # noqa: E501 - a sentence stands whole
            "(The 2017 MIDSA Conference, 2–4 September 2017 in Eswatini, on addressing mixed and irregular migration "  # noqa: E501 - a sentence stands whole
            "in Southern Africa.)"
        )
        compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
        assert _blocking(session, issue) == []


def test_record_that_changed_otherwise_warns(sqlite_registry: Database) -> None:
    """A new outcome or a title is no contradiction, but the editor may want to compile again."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        meeting = session.scalars(select(Meeting).where(Meeting.slug == "midsa-20170902-plenary")).one()
        meeting.theme = "Labour migration"
        session.flush()
        (finding,) = [one for one in check_issue(session, issue, STATIONERY) if one.rule == "outdated"]
        assert str(finding) == (
            "The record has changed since the issue was compiled: 1 text(s) differ. "
            "(first: The 2017 MIDSA Conference, 2–4 September 2017 in Eswatini, on labour migration.)"
        )
        assert _blocking(session, issue) == []


def test_meeting_that_is_deleted_blocks(sqlite_registry: Database) -> None:
    """So does one that is hidden from the public."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        session.delete(session.scalars(select(Meeting).where(Meeting.slug == "midsa-20170902-plenary")).one())
        session.flush()
        assert [finding.rule for finding in _blocking(session, issue)] == ["date"]


def test_audience_is_counted_as_it_would_be_frozen(sqlite_registry: Database) -> None:
    """Who left does not count; nobody left over blocks, and so does a jump after the approval."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        add_readers(session, 2)
        assert _blocking(session, issue) == []
        add_readers(session, 1)
        assert [str(finding) for finding in _blocking(session, issue)] == [
            "The audience was 20 at the approval and is 23 now. Approve it again."
        ]
        for reader in session.scalars(select(Subscriber)):
            reader.state = SubscriberState.LEFT
        session.flush()
        assert [finding.rule for finding in _blocking(session, issue)] == ["audience"]


@pytest.mark.parametrize("part", ["html", "text", "web", "message"])
def test_edition_that_is_not_what_was_frozen_blocks(sqlite_registry: Database, part: str) -> None:
    """One byte of any part is enough."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        edition = session.scalars(select(Edition)).one()
        setattr(edition, part, getattr(edition, part) + (b"!" if part == "message" else "!"))
        session.flush()
        assert [finding.rule for finding in _blocking(session, issue)] == ["hash"]


def test_sent_issue_blocks(sqlite_registry: Database) -> None:
    """The same issue is not sent twice."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        issue.state = IssueState.SENT
        session.flush()
        assert [str(finding) for finding in _blocking(session, issue)] == ["Issue 2017 was sent already."]


def test_unset_sender_and_postal_address_block(sqlite_registry: Database) -> None:
    """Each is named by its setting."""
    stationery = replace(
        STATIONERY,
        imprint=Imprint(base_url=SITE, postal_address=""),
        letterhead=replace(STATIONERY.letterhead, sender=""),
    )
    with sqlite_registry.writing() as session:
        found = [finding.sentence for finding in _blocking(session, _issue(session), stationery)]
    assert found == [
        "There is no sender. Set ISCM_MAIL_FROM.",
        "The sender's postal address is not set. Set ISCM_POSTAL_ADDRESS.",
    ]


def test_sender_that_cannot_be_written_blocks_with_the_reason(sqlite_registry: Database) -> None:
    """A sender that no mail can come from is found before the hour of sending."""
    stationery = replace(
        STATIONERY, letterhead=replace(STATIONERY.letterhead, sender="ISCM <désk@iscm.example>")
    )
    with sqlite_registry.writing() as session:
        assert [finding.rule for finding in _blocking(session, _issue(session), stationery)] == ["header"]


def test_what_blocks_is_refused_in_one_sentence(sqlite_registry: Database) -> None:
    """With the reason."""
    with sqlite_registry.writing() as session:
        issue = _issue(session, readers=0)
        with pytest.raises(Blocked, match=r"^The preflight stops issue 2017: Nobody would receive it"):
            require_clear(session, issue, STATIONERY)
