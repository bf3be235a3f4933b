"""The mails that tell an editor how a sending went: a summary, and a second word where that told of doubts.

The summary leaves once no letter is left that the program would try; letters in doubt do not hold it up. When
they are settled and the issue is sent, the second word has the final numbers. Each leaves at most once.
"""

import asyncio
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from models import Delivery, InDoubtPolicy, Issue, IssueSettlement, IssueState, IssueSummary
from models.issue_summary import EditorMail
from newsletter.addressing import message_identity
from newsletter.deliveries import OPEN, count
from newsletter.editor_mail import NOBODY, DueMail, Ready, claim, recipient_of, send_due_mail
from newsletter.office import PostOffice
from newsletter.settling import IS_RESENT_BY_POLICY
from newsletter.summary import settlement_mail, summary_mail, summary_of
from newsletter.transport import Parcel, Relay

_OVER: Final = (IssueState.SENT, IssueState.CANCELLED, IssueState.SENDING)


async def send_summaries(office: PostOffice, *, relay: Relay, alert_to: str) -> int:
    """Mail the summaries and the second words that are due; return how many the server took.

    To the editor who scheduled or began the sending or who approved it, where that name holds an address
    that letters may be sent to, else to `alert_to`. With nothing due it costs two queries. Raises
    RelayFaultError when the server cannot be reached; the mails wait.
    """
    taken = 0
    for mail in await asyncio.to_thread(_claim, office, alert_to):
        taken += await send_due_mail(office, mail, relay)
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


def due_settlements(now: datetime) -> Select[IssueSettlement]:
    """Return the query of the second words that may be sent: the issue is sent, and its summary has left."""
    return (
        select(IssueSettlement)
        .join(Issue, Issue.id == IssueSettlement.issue_id)
        .join(IssueSummary, IssueSummary.issue_id == IssueSettlement.issue_id)
        .where(
            IssueSettlement.next_at <= now,
            IssueSettlement.on_wire_at.is_(None),
            Issue.state == IssueState.SENT,
            IssueSummary.on_wire_at.is_not(None),
            # Not between the summary's first byte and the server's answer, as long as its sender lives.
            or_(IssueSummary.next_at.is_(None), IssueSummary.next_at <= now),
        )
        .order_by(IssueSettlement.issue_id)
    )


def _claim(office: PostOffice, alert_to: str) -> list[DueMail]:
    now = office.clock()
    summary = partial(_summary, office, alert_to, now)
    settlement = partial(_settlement, office, alert_to)
    return [
        *claim(office, due_summaries(now), IssueSummary, summary),
        *claim(office, due_settlements(now), IssueSettlement, settlement),
    ]


def _summary(
    office: PostOffice, alert_to: str, now: datetime, session: Session, row: IssueSummary
) -> Ready | None:
    issue_id, issue = row.issue_id, session.get_one(Issue, row.issue_id)
    address = _recipient(office, alert_to, session, issue, row)
    if address is None:
        return None
    summary = summary_of(session, issue, now=now)
    identity = _identity(office, issue, address, "summary")
    letter = summary_mail(office.letterhead, summary, to=address, message_id=identity, now=summary.ended_at)

    def leaving(session: Session) -> None:
        if summary.counts.in_doubt and session.get(IssueSettlement, issue_id) is None:
            session.add(IssueSettlement(issue_id=issue_id, next_at=now, attempts=0))

    return Ready(
        _parcel(office, f"s{issue_id}", address, letter, summary.ended_at), summary.ended_at, leaving
    )


def _settlement(office: PostOffice, alert_to: str, session: Session, row: IssueSettlement) -> Ready | None:
    issue = session.get_one(Issue, row.issue_id)
    first = session.get_one(IssueSummary, row.issue_id)
    address = _recipient(office, alert_to, session, issue, row)
    if address is None:
        return None
    at = issue.finished_at or office.clock()
    letter = settlement_mail(
        office.letterhead,
        count(session, issue),
        code=issue.code,
        to=address,
        message_id=_identity(office, issue, address, "settlement"),
        # Who has another address by now never saw the first mail.
        answers=_identity(office, issue, address, "summary") if first.address == address else None,
        now=at,
    )
    return Ready(_parcel(office, f"t{issue.id}", address, letter, at), at)


def _recipient(
    office: PostOffice, alert_to: str, session: Session, issue: Issue, row: EditorMail
) -> str | None:
    """Return who is told; with nobody to tell the row is done, and says so."""
    begun_by = session.get_one(IssueSummary, row.issue_id).begun_by
    address = recipient_of(session, issue, begun_by=begun_by, keys=office.keys, alert_to=alert_to)
    if address is None:
        row.next_at, row.reply = None, NOBODY
    return address


def _identity(office: PostOffice, issue: Issue, address: str, what: str) -> str:
    return message_identity(
        office.keys,
        issue=f"{what} of {issue.code}",
        address=address,
        edition="en",
        domain=office.letterhead.domain,
    )


def _parcel(office: PostOffice, envelope_id: str, address: str, letter: bytes, at: datetime) -> Parcel:
    return Parcel(
        sender=office.letterhead.sender_address,
        recipient=address,
        envelope_id=envelope_id,
        letter=office.signed(letter, at=at),
    )
