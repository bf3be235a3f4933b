"""Looking for trouble, as the clock has it done: what is found becomes alarms, what is gone ends them."""

import logging
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from models import (
    Bounce,
    BounceKind,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    Issue,
    IssueState,
    JobStanding,
    Occurrence,
    Publication,
)
from models.alarm_course import Turns, has_open_alarms, note_troubles
from models.backup_age import newest_backup
from models.change import Change, ChangeKind
from models.masking import masked
from scheduler import troubles
from scheduler.work import Work

_LETTERS: Final = "letters "
_POLICY: Final = "policy "
_SENT_LATELY: Final = timedelta(days=2)
_ZONES_TOLD: Final = timedelta(days=1)
_BOUNCES: Final = ("bounced", "complained")

log = logging.getLogger(__name__)


def look_for_trouble(work: Work, now: datetime) -> str | None:
    """Look at feeds, issues, jobs, disk, backups and the folder of feeds as files."""
    with work.database.reading() as session:
        failing = list(session.scalars(_failing_jobs()))
        found = {
            **troubles.of_feeds(session.scalar(select(Publication.alarm))),
            **troubles.of_issues(session.scalars(_issues_held_up())),
            **troubles.of_jobs(failing, now=now),
            **troubles.of_publish_dir(failing, now=now),
            **_of_zones(session, now=now),
            **troubles.of_disk(_free_bytes(work)),
            **_of_backup(session, work, now=now),
        }
    kinds = ("feeds", "issue ", "job ", "disk", "backup", "publish dir", "zones")
    turns = [
        _note(work, {key: said for key, said in found.items() if key.startswith(kind)}, among=kind, now=now)
        for kind in kinds
    ]
    return _told(turns)


def look_at_letters(work: Work, now: datetime) -> str | None:
    """Look at how many letters of the running issues were refused; counts every one of them."""
    with work.database.reading() as session:
        found = troubles.of_letters(_refusals(session, now=now))
        minded = troubles.of_policy(_policy(session, now=now))
    return _told([_note(work, found, among=_LETTERS, now=now), _note(work, minded, among=_POLICY, now=now)])


def _note(work: Work, found: Mapping[str, str], *, among: str, now: datetime) -> Turns:
    """Write down what was found; with nothing found and no alarm open, nothing is written."""
    if not found:
        with work.database.reading() as session:
            if not has_open_alarms(session, among=among):
                return Turns()
    found = {key: masked(sentence) for key, sentence in found.items()}
    with work.database.writing() as session:
        turns = note_troubles(session, found, among=among, now=now)
    for key in turns.begun:
        log.warning("alarm: %s", found[key])
    return turns


def _told(turns: list[Turns]) -> str | None:
    said = [f"begun: {key}" for turn in turns for key in turn.begun]
    said += [f"over: {key}" for turn in turns for key in turn.over]
    return "; ".join(said) or None


def _issues_held_up() -> Select[Issue]:
    # One that waits for its window goes on by itself.
    held_up = and_(
        Issue.state == IssueState.PAUSED, Issue.state_reason.is_not(None), Issue.resumes_at.is_(None)
    )
    return select(Issue).where(or_(Issue.state == IssueState.EXPIRED, held_up)).order_by(Issue.code)


def _failing_jobs() -> Select[JobStanding]:
    return select(JobStanding).where(JobStanding.failing_since.is_not(None)).order_by(JobStanding.job)


def _free_bytes(work: Work) -> int | None:
    if work.data_dir is None:
        return None
    try:
        return shutil.disk_usage(work.data_dir).free
    except OSError:
        return None


def _of_backup(session: Session, work: Work, *, now: datetime) -> Mapping[str, str]:
    if work.nightly is None:
        return {}
    since = session.scalar(select(func.min(Occurrence.started_at)))
    return troubles.of_backup(newest_backup(work.nightly.folder), running_since=since, now=now)


def _of_zones(session: Session, *, now: datetime) -> Mapping[str, str]:
    """Tell for a day of the meetings that newer zone data moved."""
    since = now - _ZONES_TOLD
    found = session.scalars(
        select(Change.after).where(Change.kind == ChangeKind.CLOCK, Change.at > since).order_by(Change.id)
    )
    told = [facts for facts in found if facts is not None]
    return troubles.of_zones([one["slug"] for one in told], zones=[one["when"]["zone"] for one in told])


def _policy(session: Session, *, now: datetime) -> dict[str, tuple[int, str]]:
    """Count by issue the letters that came back lately for a reason of ours, with what was said last."""
    query = (
        select(Issue.code, func.count(), func.max(Bounce.id))
        .join(Delivery, Delivery.issue_id == Issue.id)
        .join(Bounce, Bounce.delivery_id == Delivery.id)
        .where(Bounce.at > now - _SENT_LATELY, Bounce.kind == BounceKind.POLICY)
        .group_by(Issue.code)
    )
    found: dict[str, tuple[int, str]] = {}
    for code, number, last in session.execute(query):
        said = session.scalar(select(Bounce.said).where(Bounce.id == last)) or ""
        found[code] = (number, said[:200])
    return found


def _refusals(session: Session, *, now: datetime) -> dict[str, tuple[int, int]]:
    """Count, for each issue that runs or was sent lately, letters taken, and letters refused or bounced."""
    lately = and_(Issue.state == IssueState.SENT, Issue.finished_at > now - _SENT_LATELY)
    looked_at = or_(Issue.state.in_((IssueState.SENDING, IssueState.PAUSED)), lately)
    codes = list(session.scalars(select(Issue.code).where(looked_at)))
    if not codes:
        return {}
    of_issue = select(Issue.code, Delivery.state, func.count()).join(Delivery, Delivery.issue_id == Issue.id)
    ended = (DeliveryState.ACCEPTED, DeliveryState.REJECTED)
    counted = of_issue.where(Issue.code.in_(codes), Delivery.state.in_(ended))
    numbers = {
        (code, state): number
        for code, state, number in session.execute(counted.group_by(Issue.code, Delivery.state))
    }
    back = (
        select(Issue.code, func.count(Delivery.id.distinct()))
        .join(Delivery, Delivery.issue_id == Issue.id)
        .join(DeliveryEvent, DeliveryEvent.delivery_id == Delivery.id)
        .where(
            Issue.code.in_(codes), Delivery.state == DeliveryState.ACCEPTED, DeliveryEvent.event.in_(_BOUNCES)
        )
        .group_by(Issue.code)
    )
    bounced: dict[str, int] = dict(session.execute(back).all())
    return {
        code: (
            numbers.get((code, DeliveryState.ACCEPTED), 0) - bounced.get(code, 0),
            numbers.get((code, DeliveryState.REJECTED), 0) + bounced.get(code, 0),
        )
        for code in codes
    }
