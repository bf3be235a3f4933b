"""An issue's course through its sending: begun, held, gone on with, ended. Each act is one transition."""

from collections.abc import Mapping
from datetime import UTC, datetime
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
    IssueSummary,
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
from newsletter.windows import is_open, kept_windows, next_closing, next_opening
from templates.dates import written_moment

AUTOMATIC: Final = "sender"
"""Who is named in the history for what the program does by itself."""


class NoSuchIssue(Refusal):
    """There is no issue of that code."""


class NotSendable(Refusal):
    """The issue stands where nothing can be sent."""


class WindowClosed(NotSendable):
    """The issue may be sent at other hours only."""


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

    The letters' Date is the scheduled instant, or now when the sending starts before it. Raises NotSendable,
    and WindowClosed outside of its windows. Past its not_after an issue becomes `expired` instead, and is
    returned so.
    """
    issue = find_issue(session, code, lock=True)
    if issue.state in {IssueState.SENDING, IssueState.SENT}:
        return issue
    if issue.state in _WHY_NOT and issue.resumes_at is None:
        raise NotSendable(_WHY_NOT[issue.state].format(code=code))
    if expire_if_late(session, issue, now=now):
        return issue
    require_open(issue, now=now)
    editions = {edition.language for edition in approved_editions(session, issue)}
    if issue.candidates is None:
        freeze_audience(session, issue, editions=editions, keys=keys, domain=domain, now=now)
    if issue.letter_date is None:
        issue.letter_date = min(issue.scheduled_at or now, now)
    if issue.started_at is None:
        note_beginning(session, code, now=now)
        issue.started_at = now
    if session.get(IssueSummary, issue.id) is None:
        session.add(IssueSummary(issue_id=issue.id, begun_by=editor, next_at=now, attempts=0))
    move(session, issue, IssueState.SENDING, editor=editor, now=now)
    return issue


def require_open(issue: Issue, *, now: datetime) -> None:
    """Raise WindowClosed, with the hour at which it opens, unless the issue may be sent at this moment."""
    windows = kept_windows(issue.windows)
    if not is_open(windows, now):
        opens = written_opening(issue, next_opening(windows, now))
        hours = "; ".join(map(str, windows))
        raise WindowClosed(
            f"Issue {issue.code} may be sent only within its windows ({hours}). The next opens "
            f"on {opens}; `iscm serve` begins or goes on then. To send it at any hour: "
            f"iscm newsletter send {issue.code} --any-hour"
        )


def written_opening(issue: Issue, moment: datetime) -> str:
    """Return when a window opens, on its clock and in UTC."""
    windows = kept_windows(issue.windows)
    zone = next((window.zone for window in windows if window.is_open(moment)), issue.scheduled_zone or "UTC")
    return f"{written_moment(moment, zone=zone)} ({moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"


def forget_windows(session: Session, code: str, *, editor: str, now: datetime) -> None:
    """Let an issue be sent at any hour from now on. One that waits for its window goes on."""
    issue = find_issue(session, code, lock=True)
    if issue.windows is None:
        return
    changes: dict[str, list[object]] = {"windows": [issue.windows, None]}
    record_revision(
        session, kind="issue", code=code, act=Act.CHANGED, changes=changes, editor=editor, now=now
    )
    issue.windows = issue.open_until = None
    if issue.resumes_at is not None:
        resume(session, code, editor=editor, now=now)


def pause(session: Session, code: str, *, editor: str, now: datetime) -> Issue:
    """Hold an issue: nothing more is sent until it is resumed. Raises NotSendable.

    One that waits for its window does not go on by itself any more.
    """
    issue = find_issue(session, code, lock=True)
    if issue.state is IssueState.PAUSED and issue.resumes_at is not None:
        issue.resumes_at = issue.state_reason = None
        note_pause(session, issue, reason="by an editor, no longer by its window", editor=editor, now=now)
        return issue
    if issue.state is IssueState.PAUSED:
        raise NotSendable(f"Issue {code} is already paused. Go on with: iscm newsletter resume {code}")
    if issue.state not in {IssueState.SCHEDULED, IssueState.SENDING}:
        raise NotSendable(f"Issue {code} {SAID[issue.state]}; there is nothing to pause.")
    move(session, issue, IssueState.PAUSED, editor=editor, now=now)
    return issue


def resume(session: Session, code: str, *, editor: str, now: datetime) -> Issue:
    """Go on with an issue that was held: with its sending, or with waiting for its hour or its window.

    Raises NotSendable for one that is not paused, WindowClosed for one that waits for its window already.
    """
    issue = find_issue(session, code, lock=True)
    if issue.state is not IssueState.PAUSED:
        raise NotSendable(f"Issue {code} {SAID[issue.state]}. It is not paused: nothing can be resumed.")
    windows = kept_windows(issue.windows)
    if expire_if_late(session, issue, now=now):
        return issue
    if issue.started_at is None:
        move(session, issue, IssueState.SCHEDULED, editor=editor, now=now)
    elif is_open(windows, now):
        move(session, issue, IssueState.SENDING, editor=editor, now=now)
    elif issue.resumes_at is not None:
        require_open(issue, now=now)
    else:
        wait_for_window(issue, now=now)
        note_pause(session, issue, reason=issue.state_reason or "", editor=editor, now=now)
    return issue


def wait_for_window(issue: Issue, *, now: datetime) -> None:
    """Note when a paused issue goes on by itself: when the next of its windows opens."""
    issue.resumes_at = next_opening(kept_windows(issue.windows), now)
    issue.state_reason = f"its window is closed; it goes on on {written_opening(issue, issue.resumes_at)}"


def note_pause(session: Session, issue: Issue, *, reason: str, editor: str, now: datetime) -> None:
    """Leave in the history why a pause goes on."""
    changes = {"state": [issue.state.value, issue.state.value], "state_reason": [None, reason]}
    record_revision(
        session, kind="issue", code=issue.code, act=Act.CHANGED, changes=changes, editor=editor, now=now
    )


def cancel(session: Session, code: str, *, editor: str, now: datetime) -> Issue:
    """End an issue for good: whoever has not been sent a letter yet is skipped. Raises NotSendable."""
    issue = find_issue(session, code, lock=True)
    if issue.state is IssueState.CANCELLED:
        raise NotSendable(f"Issue {code} is already cancelled.")
    if issue.state is IssueState.SENT:
        raise NotSendable(f"Issue {code} {SAID[issue.state]}; it can no longer be cancelled.")
    move(session, issue, IssueState.CANCELLED, editor=editor, now=now)
    skip_waiting(session, reason=ISSUE_CANCELLED, at=now, issue_id=issue.id)
    issue.finished_at = now
    return issue


def expire_if_late(session: Session, issue: Issue, *, now: datetime) -> bool:
    """Expire an issue whose not_after has passed; tell whether that is so."""
    if issue.not_after is None or now <= issue.not_after:
        return False
    if issue.state is not IssueState.EXPIRED:
        issue.state_reason = f"not sent by {issue.not_after:%Y-%m-%d %H:%M} UTC, its latest time"
        move(session, issue, IssueState.EXPIRED, editor=AUTOMATIC, now=now)
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
        move(session, issue, IssueState.SENT, editor=AUTOMATIC, now=now)
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


def move(session: Session, issue: Issue, to: IssueState, *, editor: str, now: datetime) -> None:
    """Move an issue along the table of transitions. From now on it is sent until its window closes."""
    before = issue.state
    issue.state = step(ISSUE_TRANSITIONS, what=f"Issue {issue.code}", current=before, to=to)
    if to is not IssueState.EXPIRED:
        issue.state_reason = None
    issue.resumes_at = None
    windows = kept_windows(issue.windows) if to is IssueState.SENDING else ()
    issue.open_until = next_closing(windows, now) if windows else None
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
