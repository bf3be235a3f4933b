"""When an approved issue is sent.

A time on the clock of a zone, kept with its instant and its latest time.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.orm import Session

from models import Issue, IssueState, Refusal
from newsletter.contents import change_state
from newsletter.preflight.check import Stationery, require_clear
from newsletter.standing import SAID

PATIENCE: Final = timedelta(hours=24)
"""How late an issue may begin when the editor names no latest time."""

_FORMS: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


class Which(StrEnum):
    """Which of the two hours of the same name in autumn is meant."""

    FIRST = "first"
    SECOND = "second"


class ImpossibleTime(Refusal):
    """The time does not exist, exists twice, or is past."""


class UnreadableTime(ImpossibleTime):
    """The time or the zone is written so that nobody can tell which is meant: wrong use."""


class NotSchedulable(Refusal):
    """Only what is approved, and not on its way, can be scheduled."""


def instant_of(wall: str, zone: str, *, which: Which | None = None) -> datetime:
    """Return the instant (UTC) of a time on the clock of an IANA zone: "2026-12-14 09:00".

    Raises UnreadableTime, or ImpossibleTime for a time that the clock skips in spring, and, unless which says
    which one is meant, for one that it shows twice in autumn.
    """
    clock, naive = _zone(zone), _read(wall)
    first, second = (naive.replace(tzinfo=clock, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(clock).replace(tzinfo=None) != naive:
        raise ImpossibleTime(
            f"{naive:%H:%M} on {naive:%Y-%m-%d} does not exist in {zone}: the clocks are put forward then. "
            "Give a time before or after."
        )
    if which is None:
        raise ImpossibleTime(
            f"{naive:%H:%M} on {naive:%Y-%m-%d} comes twice in {zone}: at {first.astimezone(UTC):%H:%M} "
            f"and at {second.astimezone(UTC):%H:%M} UTC. Say which with --which first or --which second."
        )
    return (first if which is Which.FIRST else second).astimezone(UTC)


def schedule_issue(
    session: Session,
    issue: Issue,
    *,
    at: str,
    zone: str,
    not_after: str | None,
    which: Which | None,
    stationery: Stationery,
    editor: str,
    now: datetime,
) -> Issue:
    """Set when an approved issue is sent; a schedule that stood is replaced.

    Without not_after (on the same clock as at) the issue expires 24 hours after its time. Raises
    UnreadableTime, NotSchedulable, ImpossibleTime, or Blocked when the preflight blocks.
    """
    for wall in (at, not_after or at):
        _read(wall)
    _zone(zone)
    _require_schedulable(issue)
    instant = instant_of(at, zone, which=which)
    latest = instant_of(not_after, zone, which=which) if not_after else instant + PATIENCE
    if instant <= now:
        raise ImpossibleTime(f"{at} in {zone} is past ({instant:%Y-%m-%d %H:%M} UTC). Give a time to come.")
    if latest <= instant:
        raise ImpossibleTime(f"The latest time {not_after} is not after {at}. Give one that is later.")
    require_clear(session, issue, stationery)
    if issue.state is IssueState.SCHEDULED:
        change_state(session, issue, IssueState.APPROVED, editor=editor, now=now)
    change_state(session, issue, IssueState.SCHEDULED, editor=editor, now=now)
    issue.scheduled_wall = f"{_read(at):%Y-%m-%d %H:%M}"
    issue.scheduled_zone = zone
    issue.scheduled_at = instant
    issue.not_after = latest
    return issue


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


def _zone(name: str) -> ZoneInfo:
    if name not in available_timezones():
        raise UnreadableTime(f"“{name}” is not a zone of the IANA database; write it like Europe/Zurich.")
    return ZoneInfo(name)


def _read(wall: str) -> datetime:
    for form in _FORMS:
        try:
            return datetime.strptime(wall.strip(), form)  # noqa: DTZ007 - a time on a wall clock; its zone comes beside it
        except ValueError:
            continue
    raise UnreadableTime(f"“{wall}” is not a time this program reads. Write it like “2026-12-14 09:00”.")
