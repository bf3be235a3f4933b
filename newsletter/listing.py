"""The issues there are, a line each."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Approval, Issue, IssueRevision
from newsletter.contents import tree_of


def issue_lines(session: Session) -> list[dict[str, Any]]:
    """Return every issue as plain values, the oldest year first; three queries whatever their number."""
    issues = session.scalars(select(Issue).order_by(Issue.year, Issue.id)).all()
    revisions = {
        row.issue_id: row for row in session.scalars(select(IssueRevision).order_by(IssueRevision.number))
    }
    holding = select(Approval).where(Approval.withdrawn_at.is_(None)).order_by(Approval.id)
    approvals = {row.issue_id: row for row in session.scalars(holding)}
    return [_line(issue, revisions.get(issue.id), approvals.get(issue.id)) for issue in issues]


def _line(issue: Issue, revision: IssueRevision | None, approval: Approval | None) -> dict[str, Any]:
    return {
        "code": issue.code,
        "year": issue.year,
        "title": tree_of(revision).title if revision else None,
        "state": issue.state,
        "state_reason": issue.state_reason,
        "revision": revision.number if revision else None,
        "hash": revision.hash if revision else None,
        "compiled_at": revision.compiled_at if revision else None,
        "approved_by": approval.editor if approval else None,
        "approved_at": approval.at if approval else None,
        "scheduled": f"{issue.scheduled_wall} {issue.scheduled_zone}" if issue.scheduled_wall else None,
        "scheduled_at": issue.scheduled_at,
        "scheduled_wall": issue.scheduled_wall,
        "zone": issue.scheduled_zone,
        "not_after": issue.not_after,
        "windows": issue.windows or [],
        "corrects": issue.corrects,
        "started_at": issue.started_at,
        "finished_at": issue.finished_at,
    }
