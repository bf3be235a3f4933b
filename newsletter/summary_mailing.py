"""The mail that tells an editor how a sending went: one for each issue, whoever dies on the way.

It is written down before its first byte leaves and after the server took it. What was under way when its
sender died may have arrived, and is not sent again: the numbers stand in `newsletter status` in any case.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from models import Approval, Delivery, InDoubtPolicy, Issue, IssueState, IssueSummary
from newsletter.addressing import BadAddress, address_key, message_identity, read_address
from newsletter.contents import standing_approval
from newsletter.deliveries import OPEN
from newsletter.keys import Keys
from newsletter.office import PostOffice
from newsletter.retrying import next_attempt
from newsletter.settling import IS_RESENT_BY_POLICY
from newsletter.summary import summary_mail, summary_of
from newsletter.suppression import suppressed_among
from newsletter.transport import Fate, Outcome, Parcel, Relay, RelayFaultError

HELD_FOR: Final = timedelta(minutes=2)
"""After how long a mail that has not begun to leave is another's to send."""

AFTER_FAULT: Final = timedelta(minutes=1)
NOBODY: Final = (
    "nobody to tell: neither an editor's name nor ISCM_ALERT_TO holds an address that may be written to"
)

_OVER: Final = (IssueState.SENT, IssueState.CANCELLED, IssueState.SENDING)


class _TakenOver(Exception):  # noqa: N818 - it reads as what happened
    """Another process sends this mail by now."""


@dataclass(frozen=True, slots=True)
class _Due:
    """One summary that is to be sent now."""

    issue_id: int
    owner: str
    parcel: Parcel
    first_at: datetime


async def send_summaries(office: PostOffice, *, relay: Relay, alert_to: str) -> int:
    """Mail the summaries that are due; return how many the server took.

    To the editor who scheduled or began the sending or who approved it, where that name holds an address
    that letters may be sent to, else to `alert_to`. With nothing due it costs one query. Raises
    RelayFaultError when the server cannot be reached; the mails wait.
    """
    due = await asyncio.to_thread(_claim, office, alert_to)
    taken = 0
    for mail in due:
        taken += await _send(office, mail, relay)
    return taken


def due_summaries(now: datetime) -> Select[IssueSummary]:
    """Return the query of the summaries that may be sent: no letter is left that the program would try."""
    of_issue = Delivery.issue_id == Issue.id
    in_doubt = select(Delivery.id).where(of_issue, IS_RESENT_BY_POLICY)
    tried_again = and_(Issue.in_doubt == InDoubtPolicy.RESEND, in_doubt.exists())
    return (
        select(IssueSummary)
        .join(Issue, Issue.id == IssueSummary.issue_id)
        .where(
            IssueSummary.next_at <= now,
            IssueSummary.on_wire_at.is_(None),
            Issue.state.in_(_OVER),
            or_(
                Issue.state != IssueState.SENDING,
                ~or_(select(Delivery.id).where(of_issue, Delivery.state.in_(OPEN)).exists(), tried_again),
            ),
        )
        .order_by(IssueSummary.issue_id)
    )


def recipient_of(
    session: Session, issue: Issue, summary: IssueSummary, *, keys: Keys, alert_to: str
) -> str | None:
    """Return who is told: an editor's own address, unless nothing may be sent to it, or the operator's."""
    approval: Approval | None = standing_approval(session, issue)
    for name in (issue.scheduled_by, summary.begun_by, approval.editor if approval else None, alert_to):
        try:
            address = read_address(parseaddr(name or "")[1])
        except BadAddress:
            continue
        if not suppressed_among(session, keys, [address_key(address)]):
            return address
    return None


def _claim(office: PostOffice, alert_to: str) -> list[_Due]:
    now = office.clock()
    with office.database.reading() as session:
        if session.scalars(due_summaries(now).limit(1)).first() is None:
            return []
    owner = secrets.token_hex(8)
    with office.database.writing() as session:
        rows = session.scalars(due_summaries(now).with_for_update(of=IssueSummary, skip_locked=True)).all()
        made = [_due(session, office, row, owner=owner, alert_to=alert_to, now=now) for row in rows]
        return [mail for mail in made if mail is not None]


def _due(
    session: Session, office: PostOffice, row: IssueSummary, *, owner: str, alert_to: str, now: datetime
) -> _Due | None:
    issue = session.get_one(Issue, row.issue_id)
    address = recipient_of(session, issue, row, keys=office.keys, alert_to=alert_to)
    if address is None:
        row.next_at, row.reply = None, NOBODY
        return None
    summary = summary_of(session, issue, now=now)
    row.owner, row.next_at, row.address = owner, now + HELD_FOR, address
    head = office.letterhead
    identity = message_identity(
        office.keys, issue=f"summary of {issue.code}", address=address, edition="en", domain=head.domain
    )
    letter = summary_mail(head, summary, to=address, message_id=identity, now=summary.ended_at)
    parcel = Parcel(
        sender=head.sender_address,
        recipient=address,
        envelope_id=f"s{issue.id}",
        letter=office.signed(letter, at=summary.ended_at),
    )
    return _Due(issue.id, owner, parcel, summary.ended_at)


async def _send(office: PostOffice, mail: _Due, relay: Relay) -> bool:
    try:
        transport = await relay.connect()
    except RelayFaultError as fault:
        await _keep(office, mail, Outcome(Fate.RELAY_FAULT, None, str(fault)))
        raise
    try:
        outcome = await transport.deliver(mail.parcel, on_wire=lambda: _touch_wire(office, mail))
    except _TakenOver:
        return False
    finally:
        await transport.close()
    await _keep(office, mail, outcome)
    return outcome.fate is Fate.ACCEPTED


def _touch_wire(office: PostOffice, mail: _Due) -> None:
    """Write that the mail's body is about to begin, or raise: then it does not."""

    def touch(row: IssueSummary) -> None:
        if row.on_wire_at is not None:
            raise _TakenOver
        row.on_wire_at = office.clock()

    if not _write(office, mail, touch):
        raise _TakenOver


async def _keep(office: PostOffice, mail: _Due, outcome: Outcome) -> None:
    now = office.clock()

    def keep(row: IssueSummary) -> None:
        row.reply = f"{outcome.code or ''} {outcome.reply}".strip()
        row.attempts += 1
        match outcome.fate:
            case Fate.ACCEPTED:
                row.sent_at, row.next_at = now, None
            case Fate.IN_DOUBT:
                row.next_at = None
            case Fate.REJECTED:
                row.on_wire_at, row.next_at = None, None
            case Fate.DEFERRED:
                row.on_wire_at = None
                row.next_at = next_attempt(
                    attempts=row.attempts, first_at=mail.first_at, now=now, asked=outcome.wait
                )
            case _:
                row.on_wire_at, row.next_at = None, now + AFTER_FAULT

    await asyncio.to_thread(_write, office, mail, keep)


def _write(office: PostOffice, mail: _Due, act: Callable[[IssueSummary], None]) -> bool:
    """Change the row while it is still this owner's; tell whether it was."""
    with office.database.writing() as session:
        row = session.get(IssueSummary, mail.issue_id, with_for_update=True)
        if row is None or row.owner != mail.owner:
            return False
        act(row)
        return True
