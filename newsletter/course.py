"""An issue's course through its sending: begun, held, gone on with, ended. Each act is one transition."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    ISSUE_TRANSITIONS,
    Act,
    Approval,
    Edition,
    Issue,
    IssueState,
    Refusal,
    record_revision,
    step,
)
from models.departures import note_beginning
from newsletter.audience import freeze_audience
from newsletter.deliveries import ISSUE_CANCELLED, count, skip_waiting
from newsletter.dkim.signing import Signer
from newsletter.editions import edition_hash
from newsletter.keys import Keys
from newsletter.message import EncodedEdition
from newsletter.standing import SAID

AUTOMATIC: Final = "sender"
"""Who is named in the history for what the program does by itself."""


class NoSuchIssue(Refusal):
    """There is no issue of that code."""


class NotSendable(Refusal):
    """The issue stands where nothing can be sent."""


class Miscounted(Exception):  # noqa: N818 - it reads as what happened
    """The numbers of an issue do not add up: a defect of ours, never to be passed over."""


def find_issue(session: Session, code: str, *, lock: bool = False) -> Issue:
    """Return the issue of that code, or raise NoSuchIssue. With `lock`, nobody else changes it meanwhile."""
    query = select(Issue).where(Issue.code == code)
    issue = session.scalars(query.with_for_update() if lock else query).first()
    if issue is None:
        raise NoSuchIssue(f"There is no issue {code}. List them with: iscm newsletter list")
    return issue


def begin_sending(
    session: Session, code: str, *, keys: Keys, domain: str, now: datetime, editor: str = AUTOMATIC
) -> Issue:
    """Bring an issue to `sending`, its audience frozen; leave one that is sending or sent already as it is.

    The letters' Date is the scheduled instant, or now when the sending starts before it. Raises NotSendable.
    Past its not_after an issue becomes `expired` instead, and is returned so.
    """
    issue = find_issue(session, code, lock=True)
    if issue.state in {IssueState.SENDING, IssueState.SENT}:
        return issue
    if issue.state in _WHY_NOT:
        raise NotSendable(_WHY_NOT[issue.state].format(code=code))
    if expire_if_late(session, issue, now=now):
        return issue
    editions = {edition.language for edition in approved_editions(session, issue)}
    if issue.candidates is None:
        freeze_audience(session, issue, editions=editions, keys=keys, domain=domain, now=now)
    if issue.letter_date is None:
        issue.letter_date = min(issue.scheduled_at or now, now)
    if issue.started_at is None:
        note_beginning(session, code, now=now)
        issue.started_at = now
    _move(session, issue, IssueState.SENDING, editor=editor, now=now)
    return issue


def pause(session: Session, code: str, *, editor: str, now: datetime) -> Issue:
    """Hold an issue: nothing more is sent until it is resumed. Raises NotSendable."""
    issue = find_issue(session, code, lock=True)
    if issue.state is IssueState.PAUSED:
        raise NotSendable(f"Issue {code} is already paused. Go on with: iscm newsletter resume {code}")
    if issue.state not in {IssueState.SCHEDULED, IssueState.SENDING}:
        raise NotSendable(f"Issue {code} {SAID[issue.state]}; there is nothing to pause.")
    _move(session, issue, IssueState.PAUSED, editor=editor, now=now)
    return issue


def resume(session: Session, code: str, *, editor: str, now: datetime) -> Issue:
    """Go on with an issue that was held: with its sending, or with waiting for its hour."""
    issue = find_issue(session, code, lock=True)
    if issue.state is not IssueState.PAUSED:
        raise NotSendable(f"Issue {code} {SAID[issue.state]}. It is not paused: nothing can be resumed.")
    to = IssueState.SCHEDULED if issue.started_at is None else IssueState.SENDING
    if not expire_if_late(session, issue, now=now):
        _move(session, issue, to, editor=editor, now=now)
    return issue


def cancel(session: Session, code: str, *, editor: str, now: datetime) -> Issue:
    """End an issue for good: whoever has not been sent a letter yet is skipped. Raises NotSendable."""
    issue = find_issue(session, code, lock=True)
    if issue.state is IssueState.CANCELLED:
        raise NotSendable(f"Issue {code} is already cancelled.")
    if issue.state is IssueState.SENT:
        raise NotSendable(f"Issue {code} {SAID[issue.state]}; it can no longer be cancelled.")
    _move(session, issue, IssueState.CANCELLED, editor=editor, now=now)
    skip_waiting(session, reason=ISSUE_CANCELLED, at=now, issue_id=issue.id)
    issue.finished_at = now
    return issue


def expire_if_late(session: Session, issue: Issue, *, now: datetime) -> bool:
    """Expire an issue whose not_after has passed; tell whether that is so."""
    if issue.not_after is None or now <= issue.not_after:
        return False
    if issue.state is not IssueState.EXPIRED:
        issue.state_reason = f"not sent by {issue.not_after:%Y-%m-%d %H:%M} UTC, its latest time"
        _move(session, issue, IssueState.EXPIRED, editor=AUTOMATIC, now=now)
    return True


def finish_if_done(session: Session, code: str, *, now: datetime) -> bool:
    """Make a sending issue `sent` once nothing is open or in doubt; tell whether it is sent.

    Raises Miscounted when the numbers do not add up.
    """
    issue = find_issue(session, code, lock=True)
    counts = count(session, issue)
    if issue.candidates is not None and not counts.adds_up:
        raise Miscounted(f"Issue {code} does not add up: {counts}")
    if issue.state is IssueState.SENDING and counts.is_finished:
        issue.finished_at = now
        _move(session, issue, IssueState.SENT, editor=AUTOMATIC, now=now)
    if issue.state is IssueState.CANCELLED:
        # A sender may have given back what it held when the issue was cancelled.
        skip_waiting(session, reason=ISSUE_CANCELLED, at=now, issue_id=issue.id)
    return issue.state is IssueState.SENT


def approved_editions(session: Session, issue: Issue) -> list[Edition]:
    """Return the editions of the approval in force, as approved to the byte, or raise NotSendable."""
    approval = session.scalars(
        select(Approval)
        .where(Approval.issue_id == issue.id, Approval.withdrawn_at.is_(None))
        .order_by(Approval.id.desc())
        .limit(1)
    ).first()
    editions = (
        []
        if approval is None
        else list(session.scalars(select(Edition).where(Edition.approval_id == approval.id)))
    )
    if not editions:
        raise NotSendable(_WHY_NOT[IssueState.DRAFT].format(code=issue.code))
    if any(edition.hash != edition_hash(edition) for edition in editions):
        raise NotSendable(
            f"Issue {issue.code} is no longer what was approved: an edition was changed. Approve it anew."
        )
    return editions


def encoded_editions(
    session: Session, issue: Issue, *, signer: Signer | None = None
) -> Mapping[str, EncodedEdition]:
    """Return the approved editions by language, ready for their readers, with the issue's Date."""
    if issue.letter_date is None:
        raise NotSendable(f"Issue {issue.code} has not begun to be sent.")
    return {
        edition.language: EncodedEdition(edition.message, date=issue.letter_date, signer=signer)
        for edition in approved_editions(session, issue)
    }


def _move(session: Session, issue: Issue, to: IssueState, *, editor: str, now: datetime) -> None:
    before = issue.state
    issue.state = step(ISSUE_TRANSITIONS, what=f"Issue {issue.code}", current=before, to=to)
    if to is not IssueState.EXPIRED:
        issue.state_reason = None
    changes = {"state": [before.value, to.value]}
    record_revision(
        session, kind="issue", code=issue.code, act=Act.CHANGED, changes=changes, editor=editor, now=now
    )


_WHY_NOT: Final = {
    IssueState.DRAFT: "Issue {code} is not approved yet. Run: iscm newsletter approve {code}",
    IssueState.PAUSED: "Issue {code} is paused. Run: iscm newsletter resume {code}",
    IssueState.CANCELLED: "Issue {code} was cancelled and can never be sent.",
    IssueState.EXPIRED: "Issue {code} expired: its latest time passed. Schedule it anew to send it.",
}
