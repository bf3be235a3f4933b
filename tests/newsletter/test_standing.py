"""What an issue's state forbids, in words that are not a program's."""

from datetime import UTC, datetime

import pytest

from models import IssueState
from models.database import Database
from newsletter.course import NotSendable, cancel, pause
from newsletter.standing import SAID, Standing, what_is_lost
from tests.letters import CODE, NOW, add_issue

HOUR = datetime(2026, 12, 14, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (IssueState.PAUSED, "Issue 2017 is already paused. Go on with: iscm newsletter resume 2017"),
        (IssueState.DRAFT, "Issue 2017 is a draft; there is nothing to pause."),
        (
            IssueState.APPROVED,
            "Issue 2017 is approved, but neither scheduled nor being sent; there is nothing to pause.",
        ),
        (IssueState.SENT, "Issue 2017 has been sent already; there is nothing to pause."),
        (IssueState.CANCELLED, "Issue 2017 was cancelled; there is nothing to pause."),
        (IssueState.EXPIRED, "Issue 2017 has expired; there is nothing to pause."),
    ],
)
def test_pause_of_what_is_not_under_way_says_what_is_so(
    sqlite_database: Database, state: IssueState, sentence: str
) -> None:
    """No word of transitions reaches an editor."""
    with sqlite_database.writing() as session:
        add_issue(session, state=state)
        with pytest.raises(NotSendable) as refusal:
            pause(session, CODE, editor="ana", now=NOW)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (IssueState.CANCELLED, "Issue 2017 is already cancelled."),
        (IssueState.SENT, "Issue 2017 has been sent already; it can no longer be cancelled."),
    ],
)
def test_cancel_of_what_is_over_says_what_is_so(
    sqlite_database: Database, state: IssueState, sentence: str
) -> None:
    """What has ended ends no more."""
    with sqlite_database.writing() as session:
        add_issue(session, state=state)
        with pytest.raises(NotSendable) as refusal:
            cancel(session, CODE, editor="ana", now=NOW)
    assert str(refusal.value) == sentence


def test_every_state_has_its_words() -> None:
    """A new state cannot be forgotten."""
    assert set(SAID) == set(IssueState)


def test_lost_schedule_is_told_on_the_clock_it_was_given_on() -> None:
    """An approval that stands is not lost, and neither is a schedule that never was."""
    before = Standing(code=CODE, is_approved=True, scheduled_at=HOUR, zone="Europe/Zurich")
    plain = Standing(code=CODE, is_approved=True, scheduled_at=None, zone=None)
    dropped = (
        "Its schedule for 14 December 2026, 09:00 Zurich time is dropped. Once it is approved, schedule it "
        "anew: iscm newsletter schedule 2017 --at TIME"
    )
    assert what_is_lost(before, plain) == [dropped]
    assert what_is_lost(before, before) == what_is_lost(plain, before) == []
