"""When an issue is sent: the clock of a zone, with its gaps and its doubled hours."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import Issue, IssueState
from models.database import Database
from newsletter.approval import approve_issue
from newsletter.course import find_issue
from newsletter.drafting import compile_issue
from newsletter.preflight.finding import Blocked
from newsletter.scheduling import NotSchedulable, Wish, follow_zone_data, schedule_issue
from newsletter.wall_clock import ImpossibleTime, UnreadableTime, Which, instant_of, zone_release
from newsletter.windows import UnreadableWindow
from tests.newsletter.issue_facts import NOW, OPTIONS, STATIONERY, add_readers


def _approved(session: Session) -> Issue:
    add_readers(session, 5)
    compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
    issue = find_issue(session, "2017")
    approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
    return issue


def _schedule(
    session: Session,
    issue: Issue,
    at: str = "2026-12-14 09:00",
    *,
    zone: str = "Europe/Zurich",
    not_after: str | None = None,
    which: Which | None = None,
    windows: Sequence[str] = (),
) -> None:
    schedule_issue(
        session,
        issue,
        Wish(at=at, zone=zone, not_after=not_after, which=which, windows=windows),
        stationery=STATIONERY,
        editor="cleo",
        now=NOW,
    )


def test_schedule_keeps_wall_zone_instant_and_latest_time(registry: Database) -> None:
    """All in the row, as the clock of the program needs them after a restart."""
    with registry.writing() as session:
        _schedule(session, _approved(session), not_after="2026-12-14 18:00")
    with registry.reading() as session:
        issue = find_issue(session, "2017")
        assert (issue.state, issue.scheduled_wall, issue.scheduled_zone) == (
            IssueState.SCHEDULED,
            "2026-12-14 09:00",
            "Europe/Zurich",
        )
        assert (issue.scheduled_at, issue.not_after) == (
            datetime(2026, 12, 14, 8, 0, tzinfo=UTC),
            datetime(2026, 12, 14, 17, 0, tzinfo=UTC),
        )


def test_latest_time_is_a_day_later_unless_given(sqlite_registry: Database) -> None:
    """Nothing is sent by surprise after a long outage."""
    with sqlite_registry.writing() as session:
        issue = _approved(session)
        _schedule(session, issue)
        assert (issue.scheduled_at, issue.not_after) == (
            datetime(2026, 12, 14, 8, 0, tzinfo=UTC),
            datetime(2026, 12, 15, 8, 0, tzinfo=UTC),
        )


def test_new_time_replaces_the_old_one(sqlite_registry: Database) -> None:
    """Also one that has expired unsent."""
    with sqlite_registry.writing() as session:
        issue = _approved(session)
        _schedule(session, issue)
        _schedule(session, issue, "2026-12-15 10:00", zone="Africa/Nairobi")
        assert issue.scheduled_at == datetime(2026, 12, 15, 7, 0, tzinfo=UTC)
        issue.state = IssueState.EXPIRED
        _schedule(session, issue, "2026-12-16 10:00", zone="UTC")
        assert (issue.state, issue.scheduled_at) == (
            IssueState.SCHEDULED,
            datetime(2026, 12, 16, 10, 0, tzinfo=UTC),
        )


@pytest.mark.parametrize(
    ("at", "zone", "not_after", "why"),
    [
        (
            "2027-03-28 02:30",
            "Europe/Zurich",
            None,
            r"02:30 on 2027-03-28 does not exist in Europe/Zurich: .*does is “2027-03-28 03:00”\.",
        ),
        (
            "2027-10-31 02:30",
            "Europe/Zurich",
            None,
            r"comes twice in Europe/Zurich: at 00:30 and at 01:30 UTC\. Say which",
        ),
        ("2026-11-23 12:59", "Europe/Zurich", None, r"is past \(2026-11-23 11:59 UTC\)"),
        ("2026-11-23 13:00", "Europe/Zurich", None, "is past"),
        ("2026-12-14 09:00", "Europe/Zurich", "2026-12-14 09:00", "is not after 2026-12-14 09:00"),
        ("2026-12-14 09:00", "Europe/Zurich", "2026-12-13", "is not a time this program reads"),
        ("2026-12-14 09:00", "Mars/Olympus", None, "“Mars/Olympus” is not a zone"),
        ("14 December, 9", "Europe/Zurich", None, "“14 December, 9” is not a time this program reads"),
        ("2026-02-30 09:00", "Europe/Zurich", None, "is not a time this program reads"),
    ],
)
def test_impossible_time_is_refused_with_the_reason(
    sqlite_registry: Database, at: str, zone: str, not_after: str | None, why: str
) -> None:
    """Missing, doubled, past, reversed or misspelt; the issue stays as it was."""
    with sqlite_registry.writing() as session:
        issue = _approved(session)
        with pytest.raises(ImpossibleTime, match=why):
            _schedule(session, issue, at, zone=zone, not_after=not_after)
        assert (issue.state, issue.scheduled_at) == (IssueState.APPROVED, None)


@pytest.mark.parametrize(("which", "hour"), [(Which.FIRST, 0), (Which.SECOND, 1)])
def test_doubled_hour_is_chosen_by_word(which: Which, hour: int) -> None:
    """The first is summer time, the second winter time."""
    assert instant_of("2027-10-31 02:30", "Europe/Zurich", which=which) == datetime(
        2027, 10, 31, hour, 30, tzinfo=UTC
    )


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2029, 12, 31)),  # noqa: DTZ001 - wall clock on purpose
    st.sampled_from(["Europe/Zurich", "Africa/Casablanca", "Australia/Lord_Howe", "America/Santiago", "UTC"]),
)
def test_instant_reads_back_as_the_wall_it_was_given(wall: datetime, zone: str) -> None:
    """Every minute is either refused or meant exactly; with a word, only missing ones are refused."""
    minute = wall.replace(second=0, microsecond=0)
    for which in (None, Which.FIRST, Which.SECOND):
        try:
            instant = instant_of(f"{minute:%Y-%m-%d %H:%M}", zone, which=which)
        except ImpossibleTime as refusal:
            refused = str(refusal)
        else:
            refused = ""
        assert not refused or "does not exist" in refused or which is None
        if not refused:
            assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == minute


def test_only_what_is_approved_is_scheduled(sqlite_registry: Database) -> None:
    """A draft is not; what was sent or cancelled never again."""
    with sqlite_registry.writing() as session:
        issue = _approved(session)
        issue.state = IssueState.DRAFT
        with pytest.raises(NotSchedulable, match="Run: iscm newsletter approve 2017"):
            _schedule(session, issue)
        issue.state = IssueState.PAUSED
        with pytest.raises(NotSchedulable, match="iscm newsletter resume 2017"):
            _schedule(session, issue)
        for state, so in (
            (IssueState.CANCELLED, "was cancelled"),
            (IssueState.SENT, "has been sent already"),
            (IssueState.SENDING, "is being sent"),
        ):
            issue.state = state
            with pytest.raises(NotSchedulable, match=f"^Issue 2017 {so}; it cannot be scheduled any more.$"):
                _schedule(session, issue)


@pytest.mark.parametrize(
    ("at", "zone", "not_after"),
    [
        ("tomorrow", "Europe/Zurich", None),
        ("2026-12-14 09:00", "Mars/Olympus", None),
        ("2026-12-14 09:00", "Europe/Zurich", "noon"),
    ],
)
def test_unreadable_time_is_told_before_anything_about_the_issue(
    sqlite_registry: Database, at: str, zone: str, not_after: str | None
) -> None:
    """It is wrong use in whatever state the issue is."""
    with sqlite_registry.writing() as session:
        compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
        with pytest.raises(UnreadableTime):
            _schedule(session, find_issue(session, "2017"), at, zone=zone, not_after=not_after)


def test_what_the_preflight_blocks_is_not_scheduled(sqlite_registry: Database) -> None:
    """The audience is looked at once more."""
    with sqlite_registry.writing() as session:
        issue = _approved(session)
        add_readers(session, 3)
        with pytest.raises(Blocked, match="The audience was 5 at the approval and is 8 now"):
            _schedule(session, issue)
        assert issue.state is IssueState.APPROVED


def test_windows_are_kept_as_written_and_give_a_week(sqlite_registry: Database) -> None:
    """A sending in office hours may take days; its latest time is a week after the first opens."""
    with sqlite_registry.writing() as session:
        issue = _approved(session)
        _schedule(session, issue, "2026-12-12 09:00", windows=["Weekdays 08-18", "sat 10:00-12:30 utc"])
        assert issue.windows == ["weekdays 08-18 Europe/Zurich", "sat 10:00-12:30 UTC"]
        assert (issue.scheduled_at, issue.not_after, issue.not_after_wall, issue.scheduled_by) == (
            datetime(2026, 12, 12, 8, 0, tzinfo=UTC),
            datetime(2026, 12, 19, 10, 0, tzinfo=UTC),
            None,
            "cleo",
        )


def test_window_that_opens_too_late_or_is_misspelt_is_refused(sqlite_registry: Database) -> None:
    """An issue that could never begin is not scheduled."""
    with sqlite_registry.writing() as session:
        issue = _approved(session)
        with pytest.raises(ImpossibleTime, match="the first opens at 2026-12-14 07:00 UTC"):
            _schedule(
                session,
                issue,
                "2026-12-12 09:00",
                not_after="2026-12-13 09:00",
                windows=["weekdays 08-18"],
            )
        with pytest.raises(UnreadableWindow, match="“8-18” is no span of hours"):
            _schedule(session, issue, windows=["weekdays 8-18"])
        assert (issue.state, issue.windows) == (IssueState.APPROVED, None)


def test_schedule_follows_newer_zone_data_and_never_older(sqlite_registry: Database) -> None:
    """The editor meant the clock: where its instant moves, the issue and its latest time move with it."""
    with sqlite_registry.writing() as session:
        issue = _approved(session)
        _schedule(session, issue, "2026-12-14 09:00", zone="Africa/Casablanca")
        right = (issue.scheduled_at, issue.not_after)
        assert issue.scheduled_at is not None
        # As older data had it, from the time before Morocco changed its clock.
        issue.scheduled_at -= timedelta(hours=1)
        issue.not_after = issue.scheduled_at + timedelta(hours=24)
        session.flush()
        assert follow_zone_data(session, release=zone_release(), now=NOW, editor="clock") == []
        issue.scheduled_with = "2020a"
        session.flush()
        assert follow_zone_data(session, release=zone_release(), now=NOW, editor="clock") == [
            f"issue 2017 is due at {right[0]:%Y-%m-%d %H:%M} UTC by newer zone data"
        ]
        assert (issue.scheduled_at, issue.not_after) == right
        assert (issue.scheduled_wall, issue.scheduled_zone) == ("2026-12-14 09:00", "Africa/Casablanca")
