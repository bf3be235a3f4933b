"""What an issue says, as it is kept.

Its newest revision and tree, the editors' texts, the approval that holds.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Approval, Issue, IssueRevision, IssueState, Refusal
from models.issue import ISSUE_TRANSITIONS, NodeText
from models.revision import Act, record_revision
from models.transitions import step
from newsletter.highlights import EditorsText, Highlights
from newsletter.standing import SAID
from newsletter.tree_json import from_json

CHANGEABLE: Final = frozenset({IssueState.DRAFT, IssueState.APPROVED, IssueState.SCHEDULED})
"""States in which what an issue says can still be changed."""


class ClosedIssue(Refusal):
    """What the issue says can no longer be changed."""


def newest_revision(session: Session, issue: Issue) -> IssueRevision:
    """Return the newest revision of an issue; every issue has one from its making on."""
    newest = (
        select(IssueRevision).where(IssueRevision.issue_id == issue.id).order_by(IssueRevision.number.desc())
    )
    return session.scalars(newest.limit(1)).one()


def tree_of(revision: IssueRevision) -> Highlights:
    """Return what a revision says."""
    return from_json(revision.tree)


def editors_texts(session: Session, issue: Issue) -> dict[str, EditorsText]:
    """Return the editors' texts of an issue by the keys of their nodes."""
    rows = session.scalars(select(NodeText).where(NodeText.issue_id == issue.id))
    return {row.key: EditorsText(text=row.text, source_hash=row.source_hash) for row in rows}


def standing_approval(session: Session, issue: Issue) -> Approval | None:
    """Return the approval that holds, if any."""
    holding = select(Approval).where(Approval.issue_id == issue.id, Approval.withdrawn_at.is_(None))
    return session.scalars(holding.order_by(Approval.id.desc()).limit(1)).one_or_none()


def require_changeable(issue: Issue) -> None:
    """Raise ClosedIssue unless what the issue says may still change."""
    if issue.state not in CHANGEABLE:
        is_over = issue.state in {IssueState.SENT, IssueState.CANCELLED}
        first = "" if is_over else f"cancel it (iscm newsletter cancel {issue.code}), then "
        raise ClosedIssue(
            f"Issue {issue.code} {SAID[issue.state]}, so what it says can no longer be changed or approved. "
            f"For a new issue of the year {first}run: iscm newsletter compile {issue.year}"
        )


def back_to_draft(session: Session, issue: Issue, *, editor: str, now: datetime) -> None:
    """Make an approved or scheduled issue a draft again: its approval is withdrawn, its schedule dropped."""
    if issue.state is IssueState.DRAFT:
        return
    approval = standing_approval(session, issue)
    if approval is not None:
        approval.withdrawn_at = now
    change_state(session, issue, IssueState.DRAFT, editor=editor, now=now)
    issue.scheduled_wall = issue.scheduled_zone = issue.scheduled_at = issue.scheduled_by = None
    issue.not_after = issue.not_after_wall = issue.windows = None


def change_state(session: Session, issue: Issue, to: IssueState, *, editor: str, now: datetime) -> None:
    """Move an issue along the table of transitions, and leave a revision of the change."""
    before = issue.state
    issue.state = step(ISSUE_TRANSITIONS, what=f"Issue {issue.code}", current=before, to=to)
    issue.state_reason = None
    changes = {"state": [before.value, to.value]}
    record_revision(
        session, kind="issue", code=issue.code, act=Act.CHANGED, changes=changes, editor=editor, now=now
    )
