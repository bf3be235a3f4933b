"""Single mails that were queued with what caused them: a subscription or a new address to be confirmed."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import QueuedMail
from newsletter.office import PostOffice
from newsletter.reader_mails import mail_of
from newsletter.retrying import next_attempt
from newsletter.transport import Fate, Outcome, Parcel, Relay, RelayFaultError

BATCH: Final = 20
# A mail whose sender died is tried again after this; a second confirmation does no harm.
HOLD: Final = timedelta(minutes=2)
AFTER_FAULT: Final = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class _Due:
    """One mail that is to be sent now."""

    id: int
    parcel: Parcel
    queued_at: datetime


async def send_queued_mail(office: PostOffice, *, relay: Relay) -> int:
    """Send the mails that are due, over one connection; return how many the server took.

    May be called every second: with nothing due it costs one query and no connection. Raises RelayFaultError
    when the server cannot be reached; the mails stay queued.
    """
    now = office.clock()
    due = await asyncio.to_thread(_claim, office, now)
    if not due:
        return 0
    try:
        transport = await relay.connect()
    except RelayFaultError as fault:
        for mail in due:
            await _keep(office, mail, Outcome(Fate.RELAY_FAULT, None, str(fault)))
        raise
    taken = 0
    try:
        for mail in due:
            outcome = Outcome(Fate.LOST, None, "the connection was lost")
            if transport.is_usable:
                outcome = await transport.deliver(mail.parcel, on_wire=lambda: None)
            taken += outcome.fate is Fate.ACCEPTED
            await _keep(office, mail, outcome)
    finally:
        await transport.close()
    return taken


def _claim(office: PostOffice, now: datetime) -> list[_Due]:
    with office.database.reading() as session:
        if session.scalars(_waiting(now).limit(1)).first() is None:
            return []
    with office.database.writing() as session:
        mails = session.scalars(_waiting(now).limit(BATCH).with_for_update(skip_locked=True)).all()
        return [mail for mail in (_due(session, office, row, now) for row in mails) if mail is not None]


def _waiting(now: datetime) -> Select[QueuedMail]:
    return select(QueuedMail).where(QueuedMail.next_at <= now).order_by(QueuedMail.next_at, QueuedMail.id)


def _due(session: Session, office: PostOffice, row: QueuedMail, now: datetime) -> _Due | None:
    """Return a mail ready to be sent, or None, its row ended, when nobody is to get it any more."""
    mail = mail_of(session, office.keys, office.letterhead, row)
    if mail is None:
        row.next_at, row.reply = None, "not sent: its reader has left"
        return None
    row.next_at = now + HOLD
    parcel = Parcel(
        sender=office.letterhead.sender_address,
        recipient=mail.recipient,
        envelope_id=f"q{row.id}",
        letter=office.signed(mail.letter, at=row.queued_at),
    )
    return _Due(id=row.id, parcel=parcel, queued_at=row.queued_at)


async def _keep(office: PostOffice, mail: _Due, outcome: Outcome) -> None:
    """Write what became of a mail. In doubt counts as sent: whoever did not get it asks again."""
    now = office.clock()

    def write() -> None:
        with office.database.writing() as session:
            row = session.get(QueuedMail, mail.id)
            if row is None:
                return
            row.reply = f"{outcome.code or ''} {outcome.reply}".strip()
            match outcome.fate:
                case Fate.ACCEPTED | Fate.IN_DOUBT:
                    row.sent_at, row.next_at, row.attempts = now, None, row.attempts + 1
                case Fate.REJECTED:
                    row.next_at, row.attempts = None, row.attempts + 1
                case Fate.DEFERRED:
                    row.attempts += 1
                    row.next_at = next_attempt(
                        attempts=row.attempts, first_at=mail.queued_at, now=now, asked=outcome.wait
                    )
                case Fate.LOST | Fate.RELAY_FAULT:
                    row.next_at = now + AFTER_FAULT

    await asyncio.to_thread(write)
