"""Issues that are sent in windows: paused by themselves when one closes, gone on with when the next opens."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models import Delivery, Issue, IssueState
from newsletter.course import AUTOMATIC, expire_if_late, find_issue, move, wait_for_window
from newsletter.deliveries import OPEN
from newsletter.windows import is_open, kept_windows, next_closing


def issues_at_a_turn(session: Session, *, now: datetime) -> list[str]:
    """List the issues whose window has closed or opened, or that wait for one beyond their latest time.

    One of which every letter has ended is not paused: only its doubts are left, and they wait for an editor.
    """
    has_letters = select(Delivery.id).where(Delivery.issue_id == Issue.id, Delivery.state.in_(OPEN)).exists()
    is_closing = and_(Issue.state == IssueState.SENDING, Issue.open_until <= now, has_letters)
    waits = and_(Issue.state == IssueState.PAUSED, Issue.resumes_at.is_not(None))
    is_due = and_(waits, or_(Issue.resumes_at <= now, Issue.not_after < now))
    return list(session.scalars(select(Issue.code).where(or_(is_closing, is_due)).order_by(Issue.code)))


def keep_hours(session: Session, code: str, *, now: datetime) -> str | None:
    """Pause an issue whose window has closed, or go on with one whose window has opened; tell what was done.

    Past its latest time one that waits expires.
    """
    issue = find_issue(session, code, lock=True)
    is_waiting = issue.state is IssueState.PAUSED and issue.resumes_at is not None
    if issue.state is IssueState.SENDING and issue.open_until is not None and issue.open_until <= now:
        return _close(session, issue, now=now)
    if is_waiting and expire_if_late(session, issue, now=now):
        return f"issue {code} expired: {issue.state_reason}"
    if is_waiting and issue.resumes_at is not None and issue.resumes_at <= now:
        if not is_open(kept_windows(issue.windows), now):
            wait_for_window(issue, now=now)
            return None
        move(session, issue, IssueState.SENDING, editor=AUTOMATIC, now=now)
        return f"issue {code} goes on: its window is open"
    return None


def _close(session: Session, issue: Issue, *, now: datetime) -> str | None:
    windows = kept_windows(issue.windows)
    if is_open(windows, now):
        # By newer zone data it closes later.
        issue.open_until = next_closing(windows, now)
        return None
    move(session, issue, IssueState.PAUSED, editor=AUTOMATIC, now=now)
    wait_for_window(issue, now=now)
    return f"issue {issue.code} is paused: {issue.state_reason}"
