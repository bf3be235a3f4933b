"""Letters that may have left since the backup: held and in doubt until an editor says what became of them.

Every issue that was to be sent or was being sent comes back paused. What waited in it is in doubt, because
the sending may have gone on; an issue that began since is brought as far as it is known to have come.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import insert, literal, select, update
from sqlalchemy.orm import Session

from models import (
    Delivery,
    DeliveryEvent,
    DeliveryState,
    InDoubtPolicy,
    Issue,
    IssueRevision,
    IssueSettlement,
    IssueState,
    IssueSummary,
    QueuedMail,
)
from models.base import Moment
from models.departures import BEGUN, Line
from newsletter.audience import freeze_audience
from newsletter.contents import change_state
from newsletter.course import NotSendable, approved_editions
from newsletter.deliveries import OPEN
from newsletter.drafting import IssueUnderWay, NoSuchYear, compile_issue
from newsletter.keys import Keys
from newsletter.options import Options
from newsletter.settling import set_policy

WHO: Final = "restore"
"""Who is named in the history for what a restore does."""

_OVER: Final = frozenset({IssueState.SENT, IssueState.CANCELLED})
_CODE: Final = re.compile(r"([12]\d{3})(?:-[2-9]|(-C[1-9]\d?))?")
_PERHAPS_SENT: Final = "restored from a backup: it is not known whether it was sent since"


@dataclass(slots=True, kw_only=True)
class Since:
    """What is known of the time since the backup.

    `lines` are those of the file of departures. `is_known` says that they reach beyond the backup, so that an
    issue without a line did not begin. `held` collects what was done, a sentence for each issue.
    """

    taken_at: datetime
    now: datetime
    lines: list[Line]
    is_known: bool
    keys: Keys
    domain: str
    options: Options
    held: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """Why an issue is held, as its remark begins."""
        return f"restored from the backup of {self.taken_at:%Y-%m-%d %H:%M} UTC"


def hold_letters(session: Session, since: Since) -> None:
    """Let nothing be sent by itself that was planned before the backup was taken."""
    begun = _beginnings(since.lines)
    for issue in session.scalars(select(Issue).order_by(Issue.year, Issue.id)).all():
        if issue.state not in _OVER:
            _hold(session, issue, since, begun_at=begun.get(issue.code))
    known = set(session.scalars(select(Issue.code)))
    for code in sorted(begun.keys() - known):
        _close_unknown(session, code, since, begun_at=begun[code])
    session.flush()
    _doubt_what_waits(session, now=since.now)
    _end_queued_mails(session)
    _end_summaries(session)


def _beginnings(lines: Iterable[Line]) -> dict[str, datetime]:
    begun: dict[str, datetime] = {}
    for line in sorted(lines):
        if line.what == BEGUN:
            begun.setdefault(line.who, line.at)
    return begun


def _hold(session: Session, issue: Issue, since: Since, *, begun_at: datetime | None) -> None:
    if issue.started_at is None:
        begun_at = begun_at or _perhaps_begun_at(issue, since)
        if begun_at is not None:
            _hold_begun(session, issue, since, begun_at=begun_at)
        elif issue.state in {IssueState.SCHEDULED, IssueState.PAUSED}:
            _pause(session, issue, since, advice="look at its hour before you resume it")
        return
    if issue.state is IssueState.EXPIRED:
        set_policy(session, issue, InDoubtPolicy.HOLD, editor=WHO, now=since.now)
    else:
        _pause(session, issue, since, advice=_advice_to_settle(issue.code))


def _perhaps_begun_at(issue: Issue, since: Since) -> datetime | None:
    """Return an issue's hour where it has passed since the backup and nobody can say what happened then."""
    is_planned = issue.state in {IssueState.SCHEDULED, IssueState.PAUSED} and issue.scheduled_at is not None
    if since.is_known or not is_planned:
        return None
    return issue.scheduled_at if issue.scheduled_at and issue.scheduled_at <= since.now else None


def _hold_begun(session: Session, issue: Issue, since: Since, *, begun_at: datetime) -> None:
    """Bring an issue that began since the backup to where it may stand: paused, each letter in doubt."""
    try:
        editions = {edition.language for edition in approved_editions(session, issue)}
    except NotSendable:
        _close(session, issue, since, begun_at=begun_at)
        return
    if issue.state in {IssueState.APPROVED, IssueState.EXPIRED}:
        change_state(session, issue, IssueState.SENDING, editor=WHO, now=since.now)
    freeze_audience(session, issue, editions=editions, keys=since.keys, domain=since.domain, now=since.now)
    issue.letter_date = min(issue.scheduled_at or begun_at, begun_at)
    issue.started_at = begun_at
    began = f"it began, or was to begin, at {begun_at:%Y-%m-%d %H:%M} UTC"
    _pause(session, issue, since, advice=f"{began}; {_advice_to_settle(issue.code)}")


def _pause(session: Session, issue: Issue, since: Since, *, advice: str) -> None:
    set_policy(session, issue, InDoubtPolicy.HOLD, editor=WHO, now=since.now)
    if issue.state is not IssueState.PAUSED:
        change_state(session, issue, IssueState.PAUSED, editor=WHO, now=since.now)
    # One that waited for its window must not go on by itself.
    issue.resumes_at = None
    if issue.started_at is not None and issue.not_after is not None and issue.not_after < since.now:
        # All that is left is in doubt and goes nowhere unless an editor says so, who may be late.
        issue.not_after = None
    issue.state_reason = f"{since.reason}: {advice}"
    since.held.append(f"Issue {issue.code} is paused, {issue.state_reason}.")


def _close(session: Session, issue: Issue, since: Since, *, begun_at: datetime) -> None:
    change_state(session, issue, IssueState.CANCELLED, editor=WHO, now=since.now)
    issue.finished_at = since.now
    issue.state_reason = (
        f"{since.reason}: it began to be sent at {begun_at:%Y-%m-%d %H:%M} UTC, with a content that the "
        "backup does not hold; compile the year again for another issue of it"
    )
    since.held.append(f"Issue {issue.code} is cancelled, {issue.state_reason}.")


def _close_unknown(session: Session, code: str, since: Since, *, begun_at: datetime) -> None:
    """Let an issue that was made and begun since the backup keep its code, so that no second one takes it."""
    found = _CODE.fullmatch(code)
    if found is None:
        return
    year = int(found[1])
    if found[2]:
        _close_correction(session, code, year, since, begun_at=begun_at)
        return
    for issue in session.scalars(select(Issue).where(Issue.year == year)).all():
        if issue.state in {IssueState.DRAFT, IssueState.APPROVED}:
            _close(session, issue, since, begun_at=begun_at)
    try:
        while session.scalar(select(Issue.id).where(Issue.code == code)) is None:
            made = compile_issue(session, year=year, now=since.now, options=since.options, editor=WHO)
            issue = session.scalars(select(Issue).where(Issue.code == made.code)).one()
            _close(session, issue, since, begun_at=begun_at)
            session.flush()
    except (IssueUnderWay, NoSuchYear):
        since.held.append(f"Issue {code} began to be sent since the backup, which does not know it.")


def _close_correction(session: Session, code: str, year: int, since: Since, *, begun_at: datetime) -> None:
    """Let a correction keep its code; what it said is not known, so it has what its year's issue says."""
    like = select(IssueRevision).join(Issue, Issue.id == IssueRevision.issue_id).where(Issue.year == year)
    said = session.scalars(like.order_by(IssueRevision.id.desc()).limit(1)).first()
    if said is None:
        since.held.append(f"Issue {code} began to be sent since the backup, which does not know it.")
        return
    issue = Issue(code=code, year=year, state=IssueState.DRAFT, created_at=since.now)
    issue.corrects = session.scalar(select(Issue.code).where(Issue.id == said.issue_id))
    session.add(issue)
    session.flush()
    kept = {name: getattr(said, name) for name in ("tree", "options", "hash", "compiled_at")}
    session.add(IssueRevision(issue_id=issue.id, number=1, **kept))
    _close(session, issue, since, begun_at=begun_at)


def _doubt_what_waits(session: Session, *, now: datetime) -> None:
    waits = Delivery.state.in_(OPEN)
    happened = select(
        Delivery.id, literal(now, Moment), literal(DeliveryState.IN_DOUBT.value), literal(_PERHAPS_SENT)
    ).where(waits)
    session.execute(insert(DeliveryEvent).from_select(["delivery_id", "at", "event", "detail"], happened))
    session.execute(
        update(Delivery)
        .where(waits)
        .values(
            state=DeliveryState.IN_DOUBT,
            owner=None,
            lease_until=None,
            next_at=None,
            epoch=Delivery.epoch + 1,
            reply=_PERHAPS_SENT,
            at=now,
        ),
        execution_options={"synchronize_session": False},
    )


def _end_queued_mails(session: Session) -> None:
    """A confirmation that waited was sent since, for all we know; whoever did not get it asks again."""
    session.execute(
        update(QueuedMail).where(QueuedMail.next_at.is_not(None)).values(next_at=None, reply=_PERHAPS_SENT),
        execution_options={"synchronize_session": False},
    )


def _end_summaries(session: Session) -> None:
    """What told of a sending that was over may have left since; of one that goes on, nobody was told yet."""
    over = select(Issue.id).where(Issue.state.in_(_OVER))
    for kind in (IssueSummary, IssueSettlement):
        session.execute(
            update(kind)
            .where(kind.next_at.is_not(None), kind.issue_id.in_(over))
            .values(next_at=None, reply=_PERHAPS_SENT),
            execution_options={"synchronize_session": False},
        )


def _advice_to_settle(code: str) -> str:
    return f"settle what is in doubt (iscm newsletter settle {code}), then resume it"
