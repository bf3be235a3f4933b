"""Single mails that were queued with what caused them: the confirmation of a subscription."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import QueuedMail, Subscriber, SubscriberState
from newsletter.addressing import message_identity
from newsletter.message import Letterhead, encode_mail, mailbox_header, text_header
from newsletter.office import PostOffice
from newsletter.retrying import next_attempt
from newsletter.subscription import CONFIRM_WITHIN, confirm_token
from newsletter.transport import Fate, Outcome, Parcel, Relay, RelayFaultError
from templates.dates import written_date
from templates.environment import render

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


def confirmation_mail(
    letterhead: Letterhead, *, address: str, language: str, token: str, message_id: str, now: datetime
) -> bytes:
    """Return the mail that asks somebody to confirm their subscription, as it goes over the wire."""
    values = {
        "address": address,
        "link": f"{letterhead.base_url}/c/{token}",
        "site": letterhead.base_url,
        "until": written_date((now + CONFIRM_WITHIN).date(), language=language),
    }

    def part(name: str) -> str:
        return render(f"email/confirmation/{name}", language=language, **values)

    headers = [
        ("Date", format_datetime(now)),
        ("From", mailbox_header("From", letterhead.sender)),
        ("To", address),
        ("Subject", text_header("Subject", part("subject.txt"))),
        ("Message-ID", f"<{message_id}>"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", language),
    ]
    if letterhead.reply_to:
        headers.insert(3, ("Reply-To", mailbox_header("Reply-To", letterhead.reply_to)))
    return encode_mail(headers, text=part("body.txt"), html=part("body.html"), unsplit=[values["link"]])


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
    """Return a mail ready to be sent, or None, its row ended, when its reader is gone or has left."""
    reader = session.get(Subscriber, row.subscriber_id) if row.subscriber_id is not None else None
    if reader is None or reader.state not in {SubscriberState.PENDING, SubscriberState.CONFIRMED}:
        row.next_at, row.reply = None, "not sent: its reader has left"
        return None
    identity = message_identity(
        office.keys,
        issue=f"{row.message}-{row.id}",
        address=reader.address,
        edition=row.language,
        domain=office.letterhead.domain,
    )
    row.next_at = now + HOLD
    letter = confirmation_mail(
        office.letterhead,
        address=reader.address,
        language=row.language,
        token=confirm_token(office.keys, row, reader),
        message_id=identity,
        now=row.queued_at,
    )
    parcel = Parcel(
        sender=office.letterhead.sender_address,
        recipient=reader.address,
        envelope_id=f"q{row.id}",
        letter=office.signed(letter, at=row.queued_at),
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
