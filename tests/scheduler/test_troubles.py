"""What counts as trouble, value by value, and what the sentence tells to do."""

from datetime import UTC, datetime, timedelta

import pytest

from models import Issue, IssueState, JobStanding
from scheduler import troubles

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MB = 1024 * 1024


def test_feeds_held_back_are_told_with_their_reason() -> None:
    """Three reasons at most, and how many more there are."""
    assert troubles.of_feeds(None) == {}
    assert troubles.of_feeds("") == {}
    (said,) = troubles.of_feeds("a: x\nb: y\nc: z\nd: w").values()
    assert said.endswith("a: x b: y c: z (and 1 more)")
    assert "iscm feeds check" in said


@pytest.mark.parametrize(("minutes", "told"), [(14, False), (15, True), (600, True)])
def test_job_is_told_of_after_a_quarter_of_an_hour(minutes: int, told: bool) -> None:  # noqa: FBT001 - a column of the table
    """A restart of the database is no alarm; what lasts is one, with how often and why."""
    since = NOW - timedelta(minutes=minutes)
    job = JobStanding(job="back up", failing_since=since, failures=7, reason="No space left.")
    found = troubles.of_jobs([job], now=NOW)
    assert list(found) == (["job back up"] if told else [])
    assert all(f"since {since:%Y-%m-%d %H:%M} UTC (7 times). No space left." in one for one in found.values())


def test_issues_that_did_not_go_out_are_told_with_the_command() -> None:
    """Expired, and paused by the clock; one an editor paused is nobody's trouble."""
    issues = [
        Issue(code="2024", state=IssueState.EXPIRED, state_reason="not sent by noon"),
        Issue(code="2025", state=IssueState.PAUSED, state_reason="It is not approved."),
        Issue(code="2026", state=IssueState.PAUSED, state_reason=None),
        Issue(code="2027", state=IssueState.SENDING, state_reason=None),
    ]
    found = troubles.of_issues(issues)
    assert list(found) == ["issue 2024 expired", "issue 2025 paused"]
    assert (
        "not sent by noon. Schedule it anew (iscm newsletter schedule 2024 --at TIME)"
        in found["issue 2024 expired"]
    )
    assert found["issue 2025 paused"].endswith(
        "It is not approved. Mend it, then: iscm newsletter resume 2025"
    )


@pytest.mark.parametrize(
    ("taken", "refused", "told"),
    [
        (0, 0, False),
        (0, 9, False),
        (0, 10, True),
        (190, 10, False),
        (189, 10, True),
        (100_000, 5_000, False),
        (100_000, 6_000, True),
    ],
)
def test_refusals_count_from_ten_and_five_in_a_hundred(taken: int, refused: int, told: bool) -> None:  # noqa: FBT001 - a column of the table
    """A few wrong addresses are usual; many are not."""
    assert list(troubles.of_letters({"2026": (taken, refused)})) == (["letters 2026"] if told else [])


@pytest.mark.parametrize(
    ("free", "told"), [(None, False), (100 * MB, False), (100 * MB - 1, True), (0, True)]
)
def test_disk_is_told_of_below_a_hundred_megabytes(free: int | None, told: bool) -> None:  # noqa: FBT001 - a column of the table
    """A disk that cannot be asked is not called full."""
    assert list(troubles.of_disk(free)) == (["disk"] if told else [])


@pytest.mark.parametrize(
    ("newest", "since", "told"),
    [
        (None, None, None),
        (None, timedelta(hours=26), None),
        (None, timedelta(hours=27), "There is no backup."),
        (timedelta(hours=26), timedelta(days=900), None),
        (timedelta(hours=27), timedelta(days=900), "The newest backup is of 2026-11-22 09:00 UTC."),
    ],
)
def test_backup_is_missed_after_a_day_and_two_hours(
    newest: timedelta | None, since: timedelta | None, told: str | None
) -> None:
    """A service that runs since this morning has not missed a night."""
    found = troubles.of_backup(
        NOW - newest if newest else None, running_since=NOW - since if since else None, now=NOW
    )
    assert [one.startswith(told or "-") for one in found.values()] == ([True] if told else [])
