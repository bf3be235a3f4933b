"""Handing over a mail that tells an editor of an issue: at most once, whoever dies on the way.

It is written down before its first byte leaves and after the server took it. What was under way when its
sender died may have arrived, and is not sent again: the numbers stand in `newsletter status` in any case.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from models import Approval, Issue
from models.issue_summary import EditorMail
from newsletter.addressing import BadAddress, address_key, read_address
from newsletter.contents import standing_approval
from newsletter.keys import Keys
from newsletter.office import PostOffice
from newsletter.retrying import next_attempt
from newsletter.suppression import suppressed_among
from newsletter.transport import Fate, Outcome, Parcel, Relay, RelayFaultError

HELD_FOR: Final = timedelta(minutes=2)
"""After how long a mail that has not begun to leave is another's to send."""

AFTER_FAULT: Final = timedelta(minutes=1)
NOBODY: Final = (
    "nobody to tell: neither an editor's name nor ISCM_ALERT_TO holds an address that may be written to"
)

Row = TypeVar("Row", bound=EditorMail)


class _TakenOver(Exception):  # noqa: N818 - it reads as what happened
    """Another process sends this mail by now."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail that is ready to leave; it is given up 48 hours after `first_at`.

    `leaving` is done in the transaction that notes that its body begins to leave.
    """

    parcel: Parcel
    first_at: datetime
    leaving: Callable[[Session], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class DueMail:
    """A mail that is to be sent now, by the owner that its issue's row is held by."""

    kind: type[EditorMail]
    issue_id: int
    owner: str
    ready: Ready


def claim(
    office: PostOffice, query: Select[Row], kind: type[Row], make: Callable[[Session, Row], Ready | None]
) -> list[DueMail]:
    """Hold the rows of a query whose mails are to be sent now; with none there it costs that query.

    `make` makes the mail of a row, or says in the row why there is none. Nobody else sends what is held for
    two minutes.
    """
    with office.database.reading() as session:
        if session.scalars(query.limit(1)).first() is None:
            return []
    now, owner = office.clock(), secrets.token_hex(8)
    due = []
    with office.database.writing() as session:
        for row in session.scalars(query.with_for_update(of=kind, skip_locked=True)).all():
            ready = make(session, row)
            if ready is not None:
                row.owner, row.next_at, row.address = owner, now + HELD_FOR, ready.parcel.recipient
                due.append(DueMail(kind, row.issue_id, owner, ready))
    return due


def recipient_of(session: Session, issue: Issue, *, begun_by: str, keys: Keys, alert_to: str) -> str | None:
    """Return who is told: an editor's own address, unless nothing may be sent to it, or the operator's."""
    approval: Approval | None = standing_approval(session, issue)
    for name in (issue.scheduled_by, begun_by, approval.editor if approval else None, alert_to):
        try:
            address = read_address(parseaddr(name or "")[1])
        except BadAddress:
            continue
        if not suppressed_among(session, keys, [address_key(address)]):
            return address
    return None


async def send_due_mail(office: PostOffice, mail: DueMail, relay: Relay) -> bool:
    """Hand a held mail over; tell whether the server took it. Raises RelayFaultError: then it waits."""
    try:
        transport = await relay.connect()
    except RelayFaultError as fault:
        await _keep(office, mail, Outcome(Fate.RELAY_FAULT, None, str(fault)))
        raise
    try:
        outcome = await transport.deliver(mail.ready.parcel, on_wire=lambda: _touch_wire(office, mail))
    except _TakenOver:
        return False
    finally:
        await transport.close()
    await _keep(office, mail, outcome)
    return outcome.fate is Fate.ACCEPTED


def _touch_wire(office: PostOffice, mail: DueMail) -> None:
    """Write that the mail's body is about to begin, or raise: then it does not."""

    def touch(session: Session, row: EditorMail) -> None:
        if row.on_wire_at is not None:
            raise _TakenOver
        row.on_wire_at = office.clock()
        mail.ready.leaving(session)

    if not _write(office, mail, touch):
        raise _TakenOver


async def _keep(office: PostOffice, mail: DueMail, outcome: Outcome) -> None:
    now = office.clock()

    def keep(_session: Session, row: EditorMail) -> None:
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
                    attempts=row.attempts, first_at=mail.ready.first_at, now=now, asked=outcome.wait
                )
            case _:
                row.on_wire_at, row.next_at = None, now + AFTER_FAULT

    await asyncio.to_thread(_write, office, mail, keep)


def _write(office: PostOffice, mail: DueMail, act: Callable[[Session, EditorMail], None]) -> bool:
    """Change the row while it is still this owner's; tell whether it was."""
    with office.database.writing() as session:
        row = session.get(mail.kind, mail.issue_id, with_for_update=True)
        if row is None or row.owner != mail.owner:
            return False
        act(session, row)
        return True
