"""What an issue says, as it is kept.

Its newest revision and tree, the editors' texts, the approval that holds.
"""

from collections.abc import Mapping, Sequence
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
from newsletter.tree_json import editions_from_json
from templates.languages import ENGLISH

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


def trees_of(revision: IssueRevision) -> dict[str, Highlights]:
    """Return what a revision says in each of its languages, English first."""
    return editions_from_json(revision.tree)


def tree_of(revision: IssueRevision, language: str = ENGLISH) -> Highlights:
    """Return what a revision says in one language; KeyError when it has no such edition."""
    return trees_of(revision)[language]


def row_key(key: str, language: str) -> str:
    """Return under which key an editor's text on a node is kept: in other languages, theirs stands before."""
    return key if language == ENGLISH else f"{language}:{key}"


def with_editors_texts(
    session: Session, issue: Issue, trees: Mapping[str, Highlights]
) -> dict[str, Highlights]:
    """Return the editions of an issue with what editors wrote on their nodes."""
    rows = session.scalars(select(NodeText).where(NodeText.issue_id == issue.id))
    texts = {row.key: EditorsText(text=row.text, source_hash=row.source_hash) for row in rows}
    return {
        language: tree.with_texts(texts)
        if language == ENGLISH
        else tree.with_texts(_of_language(texts, language), english=texts)
        for language, tree in trees.items()
    }


def _of_language(texts: Mapping[str, EditorsText], language: str) -> dict[str, EditorsText]:
    before = row_key("", language)
    return {key.removeprefix(before): text for key, text in texts.items() if key.startswith(before)}


def standing_approval(session: Session, issue: Issue) -> Approval | None:
    """Return the approval that holds, if any."""
    holding = select(Approval).where(Approval.issue_id == issue.id, Approval.withdrawn_at.is_(None))
    return session.scalars(holding.order_by(Approval.id.desc()).limit(1)).one_or_none()


def is_changeable(issue: Issue) -> bool:
    """Tell whether what an issue says may still change, as in one that was held back at its hour, unsent."""
    is_held_back = issue.state is IssueState.PAUSED and issue.started_at is None
    return issue.state in CHANGEABLE or is_held_back


def require_changeable(issue: Issue) -> None:
    """Raise ClosedIssue unless what the issue says may still change."""
    if not is_changeable(issue):
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


def change_state(
    session: Session,
    issue: Issue,
    to: IssueState,
    *,
    editor: str,
    now: datetime,
    also: Mapping[str, Sequence[str | None]] | None = None,
) -> None:
    """Move an issue along the table of transitions; the revision it leaves tells of `also`, too."""
    before = issue.state
    issue.state = step(ISSUE_TRANSITIONS, what=f"Issue {issue.code}", current=before, to=to)
    issue.state_reason = None
    changes = {"state": [before.value, to.value], **(also or {})}
    record_revision(
        session, kind="issue", code=issue.code, act=Act.CHANGED, changes=changes, editor=editor, now=now
    )
