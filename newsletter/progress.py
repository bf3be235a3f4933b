"""How an issue stands at a moment: its numbers, its hours, how fast it goes and how long yet."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Issue, IssueSettlement, IssueState, IssueSummary
from models.issue_summary import EditorMail
from models.sending_pace import SendingPace, sending_paces
from newsletter.deliveries import Counts, count
from newsletter.windows import is_open, kept_windows, moment_after

WATCHED = frozenset({IssueState.SCHEDULED, IssueState.SENDING, IssueState.PAUSED})
"""States in which something is still to come by itself, or by a word."""


@dataclass(frozen=True, slots=True)
class Progress:
    """An issue's counts, with its pace: letters a second, seconds of sending left, and the hour of its end.

    A rate is told only of an issue that is being sent. What is left and the end are None where nobody can
    tell; `ends_at` reckons with the windows, and with nothing that is put off.
    """

    counts: Counts
    rate: float | None
    remaining_seconds: float | None
    ends_at: datetime | None
    last_outcome: tuple[str, datetime] | None

    @property
    def is_going_on(self) -> bool:
        """Whether there is something to watch."""
        return self.counts.state in WATCHED and not (self.counts.included and not self.counts.open)


def progress_of(session: Session, issue: Issue, *, now: datetime) -> Progress:
    """Measure an issue's sending; two statements."""
    counts = count(session, issue)
    pace = sending_paces(session, now=now).get(issue.id) if issue.started_at is not None else None
    pace = pace or SendingPace(0.0, {})
    is_sending = issue.state is IssueState.SENDING
    left = counts.open / pace.rate if is_sending and pace.rate and counts.open else None
    windows = kept_windows(issue.windows)
    return Progress(
        counts=counts,
        rate=pace.rate if is_sending else None,
        remaining_seconds=left,
        ends_at=None if left is None else moment_after(windows, now, seconds=left),
        last_outcome=pace.last_outcome,
    )


def facts_of(session: Session, issue: Issue, *, now: datetime) -> dict[str, Any]:
    """Return all that `newsletter status --json` tells, as plain values: the numbers first."""
    progress = progress_of(session, issue, now=now)
    outcome = progress.last_outcome
    windows = kept_windows(issue.windows)
    return asdict(progress.counts) | {
        "code": issue.code,
        "state_reason": issue.state_reason,
        "in_doubt_policy": issue.in_doubt,
        "corrects": issue.corrects,
        "scheduled_wall": issue.scheduled_wall,
        "zone": issue.scheduled_zone,
        "scheduled_at": issue.scheduled_at,
        "scheduled_by": issue.scheduled_by,
        "not_after": issue.not_after,
        "windows": issue.windows or [],
        "window_is_open": is_open(windows, now),
        "closes_at": issue.open_until,
        "resumes_at": issue.resumes_at,
        "started_at": issue.started_at,
        "finished_at": issue.finished_at,
        "rate": None if progress.rate is None else round(progress.rate, 2),
        "remaining_seconds": None
        if progress.remaining_seconds is None
        else round(progress.remaining_seconds),
        "ends_at": progress.ends_at,
        "last_outcome": {"state": outcome[0], "at": outcome[1]} if outcome else None,
        "summary": mail_facts(session.get(IssueSummary, issue.id)),
        "settlement": mail_facts(session.get(IssueSettlement, issue.id)),
    }


def mail_facts(mail: EditorMail | None) -> dict[str, Any] | None:
    """Return what became of a mail that tells an editor of an issue; None where none is to leave."""
    if mail is None:
        return None
    state = "waits"
    if mail.sent_at is not None:
        state = "sent"
    elif mail.on_wire_at is not None:
        state = "in_doubt"
    elif mail.next_at is None:
        state = "not_sent"
    return {"state": state, "to": mail.address, "at": mail.sent_at, "reply": mail.reply}
