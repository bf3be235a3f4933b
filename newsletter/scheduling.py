"""When an approved issue is sent.

A time on the clock of a zone, kept with its instant, its latest time, and the hours in which it may go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Act, Issue, IssueState, Refusal, record_revision
from newsletter.contents import change_state
from newsletter.preflight.check import Stationery, require_clear
from newsletter.standing import SAID
from newsletter.wall_clock import (
    ImpossibleTime,
    Which,
    instant_of,
    instants_of,
    read_wall,
    read_zone,
    zone_release,
)
from newsletter.windows import Window, next_opening, read_window

PATIENCE: Final = timedelta(hours=24)
"""How late an issue may be when the editor names no latest time."""

PATIENCE_WITH_WINDOWS: Final = timedelta(days=7)
"""The same, after the first window opens: such a sending may take several days."""

_WALL: Final = "%Y-%m-%d %H:%M"


class NotSchedulable(Refusal):
    """Only what is approved, and not on its way, can be scheduled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """When an editor wants an issue to be sent, as written.

    `at` and `not_after` are times on the clock of `zone`; `which` says which is meant of an hour that comes
    twice. Without `not_after` the issue expires 24 hours after its time, or a week after the first of its
    `windows` opens.
    """

    at: str
    zone: str
    not_after: str | None = None
    which: Which | None = None
    windows: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Hours:
    """The instants of a wish: not before, not after, and in these windows."""

    at: datetime
    latest: datetime
    windows: tuple[Window, ...]


def schedule_issue(
    session: Session, issue: Issue, wish: Wish, *, stationery: Stationery, editor: str, now: datetime
) -> Issue:
    """Set when an approved issue is sent; a schedule that stood is replaced.

    Raises UnreadableTime, NotSchedulable, ImpossibleTime, or Blocked when the preflight blocks.
    """
    for wall in (wish.at, wish.not_after or wish.at):
        read_wall(wall)
    zone = read_zone(wish.zone)
    windows = tuple(read_window(text, zone=zone) for text in wish.windows)
    _require_schedulable(issue)
    hours = _hours(wish, windows=windows, now=now)
    require_clear(session, issue, stationery)
    if issue.state is IssueState.SCHEDULED:
        change_state(session, issue, IssueState.APPROVED, editor=editor, now=now)
    change_state(session, issue, IssueState.SCHEDULED, editor=editor, now=now)
    issue.scheduled_wall = f"{read_wall(wish.at):{_WALL}}"
    issue.scheduled_zone = zone
    issue.scheduled_at = hours.at
    issue.scheduled_by = editor
    issue.scheduled_with = zone_release()
    issue.not_after = hours.latest
    issue.not_after_wall = f"{read_wall(wish.not_after):{_WALL}}" if wish.not_after else None
    issue.windows = [str(window) for window in hours.windows] or None
    return issue


def follow_zone_data(session: Session, *, release: str, now: datetime, editor: str) -> list[str]:
    """Move the instants of schedules that stand to where newer zone data has their times; tell which moved.

    An editor meant the clock at the place. A time that the clock now skips keeps its instant; of one that it
    now shows twice the nearer is taken. Data older than what a schedule was made with changes nothing, so
    that two machines cannot move an issue to and fro.
    """
    told = []
    for issue in session.scalars(made_with_older_data(release).with_for_update()):
        before = issue.scheduled_at
        _follow(issue)
        issue.scheduled_with = release
        if before is not None and issue.scheduled_at is not None and issue.scheduled_at != before:
            hours = [before.isoformat(), issue.scheduled_at.isoformat()]
            record_revision(
                session,
                kind="issue",
                code=issue.code,
                act=Act.CHANGED,
                changes={"scheduled_at": hours},
                editor=editor,
                now=now,
            )
            told.append(f"issue {issue.code} is due at {issue.scheduled_at:{_WALL}} UTC by newer zone data")
    return told


def made_with_older_data(release: str) -> Select[Issue]:
    """Return the query of the issues that wait for an hour found by zone data older than this release."""
    return select(Issue).where(
        Issue.state.in_((IssueState.SCHEDULED, IssueState.PAUSED)),
        Issue.started_at.is_(None),
        Issue.scheduled_with < release,
    )


def _follow(issue: Issue) -> None:
    if issue.scheduled_wall is None or issue.scheduled_zone is None or issue.scheduled_at is None:
        return
    moved = _nearest(issue.scheduled_wall, issue.scheduled_zone, issue.scheduled_at)
    if issue.not_after is not None and issue.not_after_wall is not None:
        issue.not_after = _nearest(issue.not_after_wall, issue.scheduled_zone, issue.not_after)
    elif issue.not_after is not None:
        issue.not_after += moved - issue.scheduled_at
    issue.scheduled_at = moved


def _nearest(wall: str, zone: str, kept: datetime) -> datetime:
    first, second = instants_of(read_wall(wall), ZoneInfo(zone))
    if first > second:
        return kept
    return min((first, second), key=lambda instant: abs(instant - kept))


def _hours(wish: Wish, *, windows: tuple[Window, ...], now: datetime) -> _Hours:
    instant = instant_of(wish.at, wish.zone, which=wish.which)
    if instant <= now:
        raise ImpossibleTime(
            f"{wish.at} in {wish.zone} is past ({instant:{_WALL}} UTC). Give a time to come."
        )
    opens = next_opening(windows, instant)
    latest = opens + PATIENCE_WITH_WINDOWS if windows else instant + PATIENCE
    if wish.not_after:
        latest = instant_of(wish.not_after, wish.zone, which=wish.which)
    if latest <= instant:
        raise ImpossibleTime(
            f"The latest time {wish.not_after} is not after {wish.at}. Give one that is later."
        )
    if latest <= opens:
        raise ImpossibleTime(
            f"No window opens between {wish.at} and {wish.not_after}: the first opens at "
            f"{opens:{_WALL}} UTC. Give a later --not-after, or another --window."
        )
    return _Hours(instant, latest, windows)


def _require_schedulable(issue: Issue) -> None:
    code, state = issue.code, issue.state
    if state is IssueState.DRAFT:
        raise NotSchedulable(
            f"Issue {code} is not approved, so it cannot be scheduled. Run: iscm newsletter approve {code}"
        )
    if state is IssueState.PAUSED:
        raise NotSchedulable(f"Issue {code} is paused. Run: iscm newsletter resume {code}")
    if state not in {IssueState.APPROVED, IssueState.SCHEDULED, IssueState.EXPIRED}:
        raise NotSchedulable(f"Issue {code} {SAID[state]}; it cannot be scheduled any more.")
