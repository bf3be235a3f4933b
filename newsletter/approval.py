"""An editor's word that exactly this may be sent: bound to the content's hash, with the editions frozen."""

from datetime import datetime

from sqlalchemy.orm import Session

from models import Approval, Issue, IssueState
from newsletter.audience import count_audience
from newsletter.contents import (
    back_to_draft,
    change_state,
    newest_revision,
    require_changeable,
)
from newsletter.editions import frozen_edition
from newsletter.letters import letters_of
from newsletter.pdf.papers import papers_of
from newsletter.preflight.check import Stationery, require_clear


def approve_issue(
    session: Session, issue: Issue, *, stationery: Stationery, editor: str, now: datetime
) -> Approval:
    """Approve what an issue says now, and freeze it: what is sent are these bytes and no others.

    An approval that holds already is replaced, and a schedule is dropped with it. Raises ClosedIssue when
    the issue is past approving, Blocked when the preflight blocks.
    """
    require_changeable(issue)
    require_clear(session, issue, stationery, is_new_approval=True)
    back_to_draft(session, issue, editor=editor, now=now)
    revision = newest_revision(session, issue)
    approval = Approval(
        issue_id=issue.id,
        revision_id=revision.id,
        editor=editor,
        hash=revision.hash,
        at=now,
        audience=count_audience(session, stationery.keys, issue=issue),
    )
    session.add(approval)
    session.flush()
    papers = papers_of(revision, stationery.imprint)
    for letter in letters_of(revision, stationery.imprint):
        pdf = papers.get(letter.language)
        session.add(frozen_edition(approval.id, issue.code, letter, stationery.letterhead, pdf=pdf))
    change_state(session, issue, IssueState.APPROVED, editor=editor, now=now)
    return approval
