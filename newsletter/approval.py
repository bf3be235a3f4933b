"""An editor's word that exactly this may be sent: bound to the content's hash, with the editions frozen."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

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
from newsletter.preflight.check import Stationery, require_approvable
from newsletter.preflight.finding import Finding


class Approved(NamedTuple):
    """An approval, and the warnings that stood when it was given without a reason of an editor."""

    approval: Approval
    warnings: Sequence[Finding]


def approve_issue(
    session: Session, issue: Issue, *, stationery: Stationery, editor: str, now: datetime
) -> Approved:
    """Approve what an issue says now, and freeze it: what is sent are these bytes and no others.

    An approval that holds already is replaced, and a schedule is dropped with it. The warnings that stand
    are counted in the issue's history. Raises ClosedIssue when the issue is past approving, Blocked when the
    preflight blocks.
    """
    require_changeable(issue)
    warnings = require_approvable(session, issue, stationery)
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
    standing = Counter(finding.rule for finding in warnings)
    also = {"warnings": [None, ", ".join(f"{rule} {number}" for rule, number in sorted(standing.items()))]}
    change_state(session, issue, IssueState.APPROVED, editor=editor, now=now, also=also if warnings else None)
    return Approved(approval, warnings)
