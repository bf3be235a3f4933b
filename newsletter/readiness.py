"""Whether an issue may be sent by hand now, and to how many it goes."""

from sqlalchemy.orm import Session

from models import IssueState
from newsletter.audience import count_audience
from newsletter.course import find_issue
from newsletter.deliveries import count
from newsletter.preflight.check import Stationery, require_clear


def require_ready(session: Session, code: str, stationery: Stationery) -> int:
    """Return to how many an issue is still to be sent; 0 when it was sent already.

    Before a sending begins the preflight's rules hold once more. Raises Blocked and NoSuchIssue.
    """
    issue = find_issue(session, code)
    if issue.state in {IssueState.APPROVED, IssueState.SCHEDULED}:
        require_clear(session, issue, stationery)
        return count_audience(session, stationery.keys)
    counts = count(session, issue)
    return 0 if issue.state is IssueState.SENT else max(1, counts.open)
