"""Issues start at their hour, once, or say why not."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from models import (
    Approval,
    Database,
    Delivery,
    Edition,
    Issue,
    IssueState,
    Occurrence,
)
from scheduler.starting import start_due_issues
from tests.letters import add_issue, add_readers
from tests.scheduler.conftest import WorkOf

HOUR = datetime(2026, 12, 14, 8, 0, tzinfo=UTC)
LATEST = HOUR + timedelta(hours=2)


def schedule(database: Database, code: str = "2026", *, approved: bool = True) -> None:
    """Put an issue on record that is scheduled for the hour, and two readers."""
    with database.writing() as session:
        issue = add_issue(session, code=code, state=IssueState.SCHEDULED)
        issue.scheduled_at, issue.not_after = HOUR, LATEST
        add_readers(session, 2, name=f"reader-{code}-")
        if not approved:
            session.execute(update(Approval).where(Approval.issue_id == issue.id).values(withdrawn_at=HOUR))


def tick(work_of: WorkOf, database: Database, now: datetime, owner: str = "one") -> str | None:
    """Let the clock of one process look at that time."""
    return start_due_issues(work_of(database, now=lambda: now, owner=owner), now)


def standing(database: Database) -> dict[str, tuple[IssueState, str | None]]:
    """The state of each issue and its reason."""
    with database.reading() as session:
        return {issue.code: (issue.state, issue.state_reason) for issue in session.scalars(select(Issue))}


def occurrences(database: Database) -> list[tuple[str, datetime, str, str | None, str | None]]:
    """The occurrences: job, due time, owner, outcome and detail."""
    with database.reading() as session:
        return [
            (row.job, row.due_at, row.owner, row.outcome, row.detail)
            for row in session.scalars(select(Occurrence).order_by(Occurrence.id))
        ]


def test_issue_is_left_alone_before_its_hour(database: Database, work_of: WorkOf) -> None:
    """A second before its time nothing happens and nothing is written."""
    schedule(database)
    assert tick(work_of, database, HOUR - timedelta(seconds=1)) is None
    assert standing(database) == {"2026": (IssueState.SCHEDULED, None)}
    assert occurrences(database) == []


def test_issue_starts_at_its_hour_and_once(database: Database, work_of: WorkOf) -> None:
    """At its time the first clock starts it, the audience frozen; the second finds nothing to do."""
    schedule(database)
    assert tick(work_of, database, HOUR) == "issue 2026 begins to be sent"
    assert tick(work_of, database, HOUR, owner="two") is None
    assert standing(database) == {"2026": (IssueState.SENDING, None)}
    assert occurrences(database) == [("start issue 2026", HOUR, "one", "done", "begins to be sent")]
    with database.reading() as session:
        assert sorted(session.scalars(select(Delivery.address))) == [
            "reader-2026-1@example.org",
            "reader-2026-2@example.org",
        ]


def test_issue_after_an_outage_starts_up_to_its_latest_time(database: Database, work_of: WorkOf) -> None:
    """A clock that was off starts it late, as long as its latest time has not passed."""
    schedule(database)
    assert tick(work_of, database, LATEST) == "issue 2026 begins to be sent"


def test_issue_past_its_latest_time_expires_and_says_so(database: Database, work_of: WorkOf) -> None:
    """Later than that it is never sent by surprise: it is expired, with the reason, and has no audience."""
    schedule(database)
    reason = "not sent by 2026-12-14 10:00 UTC, its latest time"
    late = LATEST + timedelta(seconds=1)
    assert tick(work_of, database, late) == f"issue 2026 expired: {reason}"
    assert standing(database) == {"2026": (IssueState.EXPIRED, reason)}
    assert occurrences(database) == [("start issue 2026", HOUR, "one", "done", f"expired: {reason}")]
    with database.reading() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_issue_that_cannot_be_sent_is_paused_with_its_reason(database: Database, work_of: WorkOf) -> None:
    """One without an approval is held back and says why; the one beside it starts all the same."""
    schedule(database, "2026", approved=False)
    schedule(database, "2026-2")
    told = tick(work_of, database, HOUR)
    reason = standing(database)["2026"][1]
    assert reason is not None
    assert reason.endswith("Run: iscm newsletter approve 2026")
    assert told == f"issue 2026 is paused: {reason}; issue 2026-2 begins to be sent"
    assert standing(database) == {
        "2026": (IssueState.PAUSED, reason),
        "2026-2": (IssueState.SENDING, None),
    }
    assert [row[3:] for row in occurrences(database)] == [("failed", reason), ("done", "begins to be sent")]
    assert tick(work_of, database, HOUR) is None, "it is not tried without end"


def test_issue_whose_edition_was_changed_after_its_approval_is_held_back(
    database: Database, work_of: WorkOf
) -> None:
    """What is not byte for byte what was approved is not sent: the issue is paused, and says so."""
    schedule(database)
    with database.writing() as session:
        session.scalars(select(Edition)).one().message += b"P.S."
    tick(work_of, database, HOUR)
    ((state, reason),) = standing(database).values()
    assert (state, "approved" in str(reason)) == (IssueState.PAUSED, True)
    with database.reading() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_issue_that_was_moved_meanwhile_keeps_its_new_hour(database: Database, work_of: WorkOf) -> None:
    """An editor who moves it in the last second wins."""
    schedule(database)
    with database.writing() as session:
        session.scalars(select(Issue)).one().scheduled_at = HOUR + timedelta(days=1)
    assert tick(work_of, database, HOUR) is None
    assert tick(work_of, database, HOUR + timedelta(days=1)) is not None
