"""Approving: bound to the content's hash, with the very bytes frozen."""

import email
import email.policy
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Approval, Edition, Issue, IssueState, Meeting, Revision
from models.database import Database
from newsletter.approval import approve_issue
from newsletter.contents import ClosedIssue, newest_revision, standing_approval
from newsletter.course import find_issue
from newsletter.drafting import compile_issue
from newsletter.message import EncodedEdition, Recipient
from newsletter.preflight.check import check_issue
from newsletter.preflight.finding import Blocked
from newsletter.preflight.overrides import override
from newsletter.scheduling import Wish, schedule_issue
from tests.newsletter.issue_facts import NOW, OPTIONS, STATIONERY, add_readers


def _issue(session: Session, *, readers: int = 5) -> Issue:
    add_readers(session, readers)
    compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
    return find_issue(session, "2017")


def _approve(session: Session, issue: Issue, *, minutes: int = 0) -> Approval:
    now = NOW + timedelta(minutes=minutes)
    return approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=now).approval


def test_approval_binds_to_the_content_and_its_readers(registry: Database) -> None:
    """Who approved what, when, for how many; the state says so, and history does."""
    with registry.writing() as session:
        issue = _issue(session)
        approval = _approve(session, issue)
        revision = newest_revision(session, issue)
        assert (approval.editor, approval.at, approval.audience, approval.withdrawn_at) == (
            "cleo",
            NOW,
            5,
            None,
        )
        assert (approval.hash, approval.revision_id) == (revision.hash, revision.id)
        assert issue.state is IssueState.APPROVED
        last = session.scalars(select(Revision).order_by(Revision.id.desc()).limit(1)).one()
        assert (last.editor, last.changes["state"]) == ("cleo", ["draft", "approved"])


def test_warnings_that_stand_are_told_and_counted_in_history(sqlite_registry: Database) -> None:
    """A warning for which a reason is kept is not among them."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        meeting = session.scalars(select(Meeting).where(Meeting.slug.contains("2017")).limit(1)).one()
        meeting.city = "Elsewhere"
        session.flush()

        def approved() -> tuple[list[str], dict[str, list[str]]]:
            made = approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
            last = session.scalars(select(Revision).order_by(Revision.id.desc()).limit(1)).one()
            return [finding.rule for finding in made.warnings], last.changes

        rules, changes = approved()
        number = rules.count("outdated")
        assert number >= 1
        assert f"outdated {number}" in changes["warnings"][1]
        findings = check_issue(session, issue, STATIONERY)
        override(session, issue, findings, rule="outdated", reason="Known.", editor="cleo", now=NOW)
        rest, changes = approved()
        assert rest == [rule for rule in rules if rule != "outdated"]
        assert ("warnings" in changes) == bool(rest)


def test_approval_freezes_the_very_mail(registry: Database) -> None:
    """The edition's message, joined for a reader, holds the approved HTML and text and nothing to fill in."""
    with registry.writing() as session:
        _approve(session, _issue(session))
        edition = session.scalars(select(Edition)).one()
        reader = Recipient("a@example.org", "m.1@iscm.example", "u" * 22, "p" * 22)
        sent = EncodedEdition(edition.message, date=datetime(2026, 12, 14, 8, tzinfo=UTC)).join(reader)
        mail = email.message_from_bytes(sent, policy=email.policy.default)
        parts = {
            part.get_content_subtype(): part.get_content()
            for part in mail.walk()
            if part.get_content_maintype() == "text"
        }
        html, text = (
            part.replace("UNSUBSCRIBE~TOKEN~SLOT", reader.unsubscribe).replace(
                "PREFERENCES~TOKEN~SLOT", reader.preferences
            )
            for part in (edition.html, edition.text)
        )
        assert (edition.language, edition.subject, mail["Subject"]) == (
            "en",
            "ISCM Highlights 2017",
            "ISCM Highlights 2017",
        )
        assert {kind: part.replace("\r\n", "\n").rstrip("\n") for kind, part in parts.items()} == {
            "plain": text.rstrip("\n"),
            "html": html.rstrip("\n"),
        }
        assert b"SLOT" not in sent


def test_same_content_freezes_the_same_bytes(sqlite_registry: Database) -> None:
    """Approved twice, an issue is the same to the byte; only one approval holds."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        first, second = _approve(session, issue), _approve(session, issue, minutes=5)
        digests = [
            hashlib.sha256(edition.message).hexdigest() for edition in session.scalars(select(Edition))
        ]
        assert len(digests) == 2
        assert len(set(digests)) == 1
        assert (standing_approval(session, issue), first.withdrawn_at) == (second, NOW + timedelta(minutes=5))


def test_approving_again_drops_a_schedule(sqlite_registry: Database) -> None:
    """A new word needs a new hour."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        _approve(session, issue)
        schedule_issue(
            session,
            issue,
            Wish(at="2026-12-14 09:00", zone="Europe/Zurich"),
            stationery=STATIONERY,
            editor="cleo",
            now=NOW,
        )
        _approve(session, issue)
        assert (issue.state, issue.scheduled_at, issue.not_after) == (IssueState.APPROVED, None, None)


def test_issue_that_is_blocked_is_not_approved(sqlite_registry: Database) -> None:
    """And stays a draft."""
    with sqlite_registry.writing() as session:
        issue = _issue(session, readers=0)
        with pytest.raises(Blocked, match="Nobody would receive it"):
            _approve(session, issue)
        assert (issue.state, session.scalars(select(Approval)).all()) == (IssueState.DRAFT, [])


@pytest.mark.parametrize(
    "state", [IssueState.SENDING, IssueState.SENT, IssueState.CANCELLED, IssueState.EXPIRED]
)
def test_issue_past_its_draft_is_not_approved_again(sqlite_registry: Database, state: IssueState) -> None:
    """What was sent was approved before."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        issue.state = state
        session.flush()
        with pytest.raises(ClosedIssue):
            _approve(session, issue)
