"""How far an issue has come, in plain words: why an act is refused, what a change of its content costs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models import Issue, IssueState
from templates.dates import written_moment

SAID: Final = {
    IssueState.DRAFT: "is a draft",
    IssueState.APPROVED: "is approved, but neither scheduled nor being sent",
    IssueState.SCHEDULED: "is scheduled",
    IssueState.SENDING: "is being sent",
    IssueState.PAUSED: "is paused",
    IssueState.SENT: "has been sent already",
    IssueState.CANCELLED: "was cancelled",
    IssueState.EXPIRED: "has expired",
}
"""What is so of an issue in each state; the sentence begins with its code."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an issue is approved, and when (aware), on which zone's clock, it is to be sent."""

    code: str
    is_approved: bool
    scheduled_at: datetime | None
    zone: str | None


def standing_of(issue: Issue) -> Standing:
    """Return how an issue stands at this moment; what happens to it later does not change the answer."""
    return Standing(
        code=issue.code,
        is_approved=issue.state in {IssueState.APPROVED, IssueState.SCHEDULED},
        scheduled_at=issue.scheduled_at,
        zone=issue.scheduled_zone,
    )


def what_is_lost(before: Standing, after: Standing) -> list[str]:
    """Say, a sentence each, that an approval or a schedule no longer holds; nothing when both stand."""
    lost = []
    if before.is_approved and not after.is_approved:
        lost.append("It has to be approved again.")
    if before.scheduled_at and before.zone and after.scheduled_at is None:
        hour = written_moment(before.scheduled_at, zone=before.zone)
        lost.append(
            f"Its schedule for {hour} is dropped. Once it is approved, schedule it anew: "
            f"iscm newsletter schedule {before.code} --at TIME"
        )
    return lost
