"""What an operator must hear of, each as a name and a sentence that says what happened and what to do.

Pure: what is looked at is handed in. A trouble lasts as long as it is found; alarms are made of it elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from models import Issue, IssueState, JobStanding
from models.backup_age import LONGEST
from scheduler.feed_files import JOB as FEED_FILES

FAILS_FOR: Final = timedelta(minutes=15)
"""For how long a job may fail before somebody is told: a server that is restarted is no trouble."""

TWICE: Final = timedelta(seconds=5)
"""Within this a job that failed has been tried again."""

LITTLE_ROOM: Final = 100 * 1024 * 1024
"""Bytes of free disk below which it is as good as full."""

MANY: Final = 10
"""How many letters of an issue must have been refused before their share is looked at."""

SHARE: Final = 0.05
"""The share of refused letters that says that something is wrong with the letter or the list."""

Troubles = Mapping[str, str]


def of_feeds(alarm: str | None) -> Troubles:
    """Calendars that did not pass their check; `alarm` is what the publication's row says of it."""
    if not alarm:
        return {}
    return {
        "feeds": "A calendar did not pass its check and keeps its last good state. Correct the meeting it "
        f"names; the check is: iscm feeds check. {_first_lines(alarm)}"
    }


def of_publish_dir(standings: Iterable[JobStanding], *, now: datetime) -> Troubles:
    """The folder of feeds as files, when it could not be written twice: its readers get what is old."""
    failing = [job for job in standings if job.job == FEED_FILES]
    if not failing or failing[0].failing_since is None or now - failing[0].failing_since < TWICE:
        return {}
    since, reason = _at(failing[0].failing_since), failing[0].reason or ""
    said = f"ISCM_PUBLISH_DIR cannot be written since {since}; the feeds there stay as they were. {reason}"
    return {"publish dir": said.strip()}


def of_zones(slugs: Sequence[str], *, zones: Iterable[str]) -> Troubles:
    """Meetings to come that newer zone data moved lately: their hosts may have moved them back."""
    if not slugs:
        return {}
    more = f" and {len(slugs) - 5} more" if len(slugs) > 5 else ""
    return {
        "zones": f"The clock of {', '.join(sorted(set(zones)))} follows another rule: the hour in UTC is "
        f"another one for {', '.join(slugs[:5])}{more}. Calendars tell it already. Ask the hosts whether the "
        "hour at the venue stands; see: iscm meetings moved-by-zones"
    }


def of_jobs(standings: Iterable[JobStanding], *, now: datetime) -> Troubles:
    """Jobs that have failed for a quarter of an hour, less the one that has a trouble of its own."""
    return {
        f"job {job.job}": f"The job “{job.job}” has failed since {_at(job.failing_since)} "
        f"({job.failures} times). {job.reason or ''}".strip()
        for job in standings
        if job.job != FEED_FILES and job.failing_since is not None and now - job.failing_since >= FAILS_FOR
    }


def of_issues(issues: Iterable[Issue]) -> Troubles:
    """Issues that the clock could not begin, or did not bring to their end in time."""
    found = {}
    for issue in issues:
        why = f" {issue.state_reason}" if issue.state_reason else ""
        if issue.state is IssueState.EXPIRED:
            found[f"issue {issue.code} expired"] = (
                f"Issue {issue.code} of the letter has expired:{why}. Schedule it anew "
                f"(iscm newsletter schedule {issue.code} --at TIME) or cancel it."
            )
        elif issue.state is IssueState.PAUSED and issue.state_reason:
            found[f"issue {issue.code} paused"] = (
                f"Issue {issue.code} of the letter was paused by the clock:{why} Mend it, then: "
                f"iscm newsletter resume {issue.code}"
            )
    return found


def of_letters(numbers: Mapping[str, tuple[int, int]]) -> Troubles:
    """Issues of which many letters came back; `numbers` are those taken and those refused or bounced."""
    found = {}
    for code, (taken, refused) in sorted(numbers.items()):
        share = refused / (taken + refused) if taken + refused else 0.0
        if refused >= MANY and share > SHARE:
            found[f"letters {code}"] = (
                f"Of issue {code}, {refused} letters were refused or came back ({share:.0%}). Look at the "
                f"replies with: iscm newsletter ledger {code}; hold it with: iscm newsletter pause {code}"
            )
    return found


def of_policy(numbers: Mapping[str, tuple[int, str]]) -> Troubles:
    """Issues that servers sent back because of us; by code how many letters, and what was said last."""
    return {
        f"policy {code}": f"Servers sent back {_letters(number)} of issue {code} for a reason of ours "
        f"(5.7.x, 5.6.x): “{said}”. Look at DKIM, SPF and DMARC with: iscm doctor; and ask the other side to "
        "let us in."
        for code, (number, said) in sorted(numbers.items())
    }


def of_disk(free: int | None) -> Troubles:
    """A disk that is nearly full; `free` is in bytes, None where it cannot be told."""
    if free is None or free >= LITTLE_ROOM:
        return {}
    return {
        "disk": f"The disk of the data folder has {free // 1_000_000} MB left. Make room: with none left, "
        "nothing can be changed and no letter sent."
    }


def of_backup(newest: datetime | None, *, running_since: datetime | None, now: datetime) -> Troubles:
    """No backup of the last night; `running_since` is when the service first ran, None for never."""
    last = newest or running_since
    if last is None or now - last <= LONGEST:
        return {}
    what = f"The newest backup is of {_at(newest)}" if newest else "There is no backup"
    return {"backup": f"{what}. One is made every night. Make one now with: iscm database backup FILE"}


def _letters(number: int) -> str:
    return "1 letter" if number == 1 else f"{number} letters"


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else "never"


def _first_lines(text: str) -> str:
    lines: Sequence[str] = text.splitlines()
    more = f" (and {len(lines) - 3} more)" if len(lines) > 3 else ""
    return " ".join(lines[:3]) + more
