"""Starting an issue at its hour: by one process, within its latest time, or not at all."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Issue, IssueState, Refusal
from newsletter.course import begin_sending, pause
from scheduler import occurrences
from scheduler.work import Work

_WHO = "clock"


def start_due_issues(work: Work, now: datetime) -> str | None:
    """Start every scheduled issue whose time has come; one whose latest time has passed becomes expired.

    One that cannot be sent as it stands is paused, with the reason, and the others are started all the same.
    """
    with work.database.reading() as session:
        codes = session.scalars(_due(now)).all()
    told = [sentence for code in codes if (sentence := _start(work, code, now))]
    return "; ".join(told) or None


def _start(work: Work, code: str, now: datetime) -> str | None:
    try:
        with work.database.writing() as session:
            # Looked at again under the lock: another clock may have started it, an editor moved it.
            due_at = session.scalar(_due(now, code).with_only_columns(Issue.scheduled_at).with_for_update())
            if due_at is None:
                return None
            return _begin(work, session, code, due_at=due_at, now=now)
    except Refusal as refusal:
        return _hold_back(work, code, now=now, reason=str(refusal))


def _begin(work: Work, session: Session, code: str, *, due_at: datetime, now: datetime) -> str | None:
    held = occurrences.claim(session, job=_job(code), due_at=due_at, owner=work.owner, now=now)
    office = work.office
    issue = begin_sending(
        session, code, keys=office.keys, domain=office.letterhead.domain, now=now, editor=_WHO
    )
    how = f"expired: {issue.state_reason}" if issue.state is IssueState.EXPIRED else "begins to be sent"
    if held is not None:
        occurrences.finish(session, held, now=now, detail=how)
    return f"issue {code} {how}"


def _hold_back(work: Work, code: str, *, now: datetime, reason: str) -> str | None:
    with work.database.writing() as session:
        due_at = session.scalar(_due(now, code).with_only_columns(Issue.scheduled_at).with_for_update())
        if due_at is None:
            return None
        held = occurrences.claim(session, job=_job(code), due_at=due_at, owner=work.owner, now=now)
        if held is not None:
            occurrences.fail(session, held, now=now, reason=reason)
        pause(session, code, editor=_WHO, now=now).state_reason = reason
    return f"issue {code} is paused: {reason}"


def _due(now: datetime, code: str | None = None) -> Select[str]:
    query = select(Issue.code).where(Issue.state == IssueState.SCHEDULED, Issue.scheduled_at <= now)
    return query.order_by(Issue.code) if code is None else query.where(Issue.code == code)


def _job(code: str) -> str:
    return f"start issue {code}"
