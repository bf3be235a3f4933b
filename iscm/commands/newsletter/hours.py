"""How an issue's hour, its latest time and its windows are said."""

from datetime import datetime

from models import Issue
from newsletter.course import written_opening
from newsletter.windows import is_open, kept_windows, next_opening
from templates.dates import written_moment


def said_schedule(issue: Issue) -> list[str]:
    """Say when a scheduled issue is sent: on the editor's clock and in UTC, and in which windows."""
    if issue.scheduled_at is None or issue.scheduled_zone is None:
        return []
    zone, begins, latest = issue.scheduled_zone, issue.scheduled_at, issue.not_after
    until = f", and not after {written_moment(latest, zone=zone)}" if latest else ""
    begin = f"{written_moment(begins, zone=zone)} ({begins:%Y-%m-%d %H:%M} UTC)"
    said = [f"Issue {issue.code} is sent on {begin}{until}."]
    windows = kept_windows(issue.windows)
    if windows:
        said.append(f"It is sent only within: {'; '.join(map(str, windows))}.")
    if not is_open(windows, begins):
        opens = written_opening(issue, next_opening(windows, begins))
        said.append(f"No window is open at that hour: it begins on {opens}.")
    return said


def said_hours(issue: Issue, *, now: datetime) -> list[str]:
    """Say what an issue's schedule and windows mean at this moment; nothing for one that is over."""
    if issue.finished_at is not None:
        return []
    said = said_schedule(issue) if issue.started_at is None else []
    windows = kept_windows(issue.windows)
    if issue.started_at is not None and windows:
        state = "open" if is_open(windows, now) else "closed"
        said.append(f"It is sent only within: {'; '.join(map(str, windows))}; that is {state} now.")
        if issue.not_after is not None:
            latest = written_moment(issue.not_after, zone=issue.scheduled_zone or "UTC")
            said.append(f"Nothing is sent after {latest}.")
    return said
