"""Issues start at their hour, once, or say why not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update

from models import (
    Approval,
    Database,
    Delivery,
    Edition,
    Issue,
    IssueState,
    Meeting,
    Occurrence,
    When,
)
from newsletter.approval import approve_issue
from newsletter.contents import newest_revision, tree_of
from newsletter.drafting import compile_issue
from scheduler.starting import follow_the_zones, keep_the_hours, start_due_issues
from tests.letters import add_issue, add_readers
from tests.newsletter.issue_facts import NOW, OPTIONS, STATIONERY
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


def test_due_issue_waits_for_its_window_within_its_latest_time(database: Database, work_of: WorkOf) -> None:
    """Nothing is written while it waits; it starts when the window opens and rests when it closes."""
    schedule(database)
    with database.writing() as session:
        session.scalars(select(Issue)).one().windows = ["daily 10-12 Europe/Zurich"]
    assert tick(work_of, database, HOUR) is None
    assert (standing(database), occurrences(database)) == ({"2026": (IssueState.SCHEDULED, None)}, [])
    opens = HOUR + timedelta(hours=1)
    assert tick(work_of, database, opens) == "issue 2026 begins to be sent"
    rest = keep_the_hours(work_of(database, now=lambda: LATEST), opens + timedelta(hours=2))
    assert rest is not None
    assert "is paused: its window is closed" in rest


def test_window_that_opens_too_late_lets_the_issue_expire(sqlite_database: Database, work_of: WorkOf) -> None:
    """It is never sent by surprise, whatever opens later."""
    schedule(sqlite_database)
    with sqlite_database.writing() as session:
        session.scalars(select(Issue)).one().windows = ["daily 20-22 UTC"]
    assert tick(work_of, sqlite_database, LATEST) is None
    told = tick(work_of, sqlite_database, LATEST + timedelta(seconds=1))
    assert told == "issue 2026 expired: not sent by 2026-12-14 10:00 UTC, its latest time"
    assert follow_the_zones(work_of(sqlite_database, now=lambda: LATEST), LATEST) is None


def test_preflight_holds_once_more_at_the_hour(sqlite_registry: Database, work_of: WorkOf) -> None:
    """A meeting that was moved since the approval stops the letter that tells its old date."""
    with sqlite_registry.writing() as session:
        add_readers(session, 2)
        compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
        issue = session.scalars(select(Issue)).one()
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        issue.state, issue.scheduled_at, issue.not_after = IssueState.SCHEDULED, HOUR, LATEST
        told = newest_revision(session, issue)
        uid = next(iter(tree_of(told).shown_meetings()[0].dates))
        moved = session.scalars(select(Meeting).where(Meeting.uid == uid)).one()
        moved.when = When.days(date(2017, 1, 2), date(2017, 1, 3))
    work = replace(work_of(sqlite_registry, now=lambda: HOUR), stationery=STATIONERY)
    said = start_due_issues(work, HOUR)
    assert said is not None
    assert said.startswith("issue 2017 is paused: The preflight stops issue 2017")
    with sqlite_registry.reading() as session:
        assert session.scalars(select(Delivery)).all() == []
