"""Starting an issue at its hour: by one process, within its windows and its latest time, or not at all."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Issue, IssueState, Refusal
from newsletter.course import WindowClosed, begin_sending, find_issue, pause, require_open
from newsletter.hours import issues_at_a_turn, keep_hours
from newsletter.preflight.check import require_startable
from newsletter.scheduling import follow_zone_data, made_with_older_data
from newsletter.wall_clock import zone_release
from newsletter.windows import is_open, kept_windows
from scheduler import occurrences
from scheduler.work import Work

_WHO = "clock"


def start_due_issues(work: Work, now: datetime) -> str | None:
    """Start every scheduled issue whose time has come; one whose latest time has passed becomes expired.

    The preflight holds once more: the record may have changed since. One that cannot be sent as it stands is
    paused, with the reason, and the others are started all the same. One whose windows are closed waits.
    """
    with work.database.reading() as session:
        codes = [
            issue.code for issue in session.scalars(_due(now).with_only_columns(Issue)) if _may(issue, now)
        ]
    told = [sentence for code in codes if (sentence := _start(work, code, now))]
    return "; ".join(told) or None


def keep_the_hours(work: Work, now: datetime) -> str | None:
    """Pause issues whose window has closed, and go on with those whose window has opened."""
    with work.database.reading() as session:
        codes = issues_at_a_turn(session, now=now)
    told = []
    for code in codes:
        with work.database.writing() as session:
            told.append(keep_hours(session, code, now=now))
    return "; ".join(sentence for sentence in told if sentence) or None


def follow_the_zones(work: Work, now: datetime) -> str | None:
    """Move what is scheduled to where newer zone data has its hour."""
    with work.database.reading() as session:
        if session.scalar(made_with_older_data(zone_release()).limit(1)) is None:
            return None
    with work.database.writing() as session:
        told = follow_zone_data(session, release=zone_release(), now=now, editor=_WHO)
    return "; ".join(told) or None


def _may(issue: Issue, now: datetime) -> bool:
    """Tell whether a due issue is to be begun now, or to expire; else it waits for its window."""
    is_late = issue.not_after is not None and issue.not_after < now
    return is_late or is_open(kept_windows(issue.windows), now)


def _start(work: Work, code: str, now: datetime) -> str | None:
    try:
        with work.database.writing() as session:
            # Looked at again under the lock: another clock may have started it, an editor moved it.
            due_at = session.scalar(_due(now, code).with_only_columns(Issue.scheduled_at).with_for_update())
            if due_at is None:
                return None
            return _begin(work, session, code, due_at=due_at, now=now)
    except WindowClosed:
        return None
    except Refusal as refusal:
        return _hold_back(work, code, now=now, reason=str(refusal))


def _begin(work: Work, session: Session, code: str, *, due_at: datetime, now: datetime) -> str | None:
    office = work.office
    issue = find_issue(session, code, lock=True)
    is_in_time = issue.not_after is None or now <= issue.not_after
    if work.stationery is not None and issue.started_at is None and is_in_time:
        require_open(issue, now=now)
        require_startable(session, issue, work.stationery)
    issue = begin_sending(
        session, code, keys=office.keys, domain=office.letterhead.domain, now=now, editor=_WHO
    )
    held = occurrences.claim(session, job=_job(code), due_at=due_at, owner=work.owner, now=now)
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
