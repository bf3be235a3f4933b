"""Mails to whoever runs the service: over the same mail server as the letters, and never a flood of them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, parseaddr
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import OperatorMail, OperatorMailKind, Publication
from models.masking import masked
from newsletter.addressing import message_identity
from newsletter.handing import hand_over
from newsletter.message import encode_mail, mailbox_header, text_header
from newsletter.transport import Fate, Outcome, Parcel, RelayFaultError
from scheduler.letters import SendingHeldUp, until_stopped
from scheduler.work import Work

HELD_FOR: Final = timedelta(minutes=3)
"""After how long a mail that is under way counts as lost with the process that sent it."""

AFTER_REFUSAL: Final = timedelta(hours=1)
"""For how long nothing is sent after the server refused such a mail."""

DAY: Final = timedelta(hours=24)


class _TurnLost(Exception):  # noqa: N818 - it reads as what happened
    """Another process has this turn by now, or had it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a mail says."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The right to send one mail of a kind now. `place` counts those of the last 24 hours, this one too."""

    id: int
    place: int


def take_turn(
    session: Session, *, kind: OperatorMailKind, owner: str, most: int, gap: timedelta, now: datetime
) -> Turn | None:
    """Take the turn to send a mail, or None: another is sending, the last is too near, or they were `most`.

    Locks the publication's row, as the one thing that all work processes share. A turn of which nothing left
    in three minutes is taken away from its holder. What the server refused counts among no number.
    """
    session.scalars(select(Publication).with_for_update()).one()
    of_kind = select(OperatorMail).where(OperatorMail.kind == kind)
    last = session.scalars(of_kind.order_by(OperatorMail.at.desc(), OperatorMail.id.desc()).limit(1)).first()
    if last is not None and now - last.at < _rest_after(last, gap):
        return None
    left = OperatorMail.accepted.is_(True)
    lately = select(func.count()).where(OperatorMail.kind == kind, OperatorMail.at > now - DAY, left)
    number = session.scalar(lately) or 0
    if number >= most:
        return None
    session.execute(delete(OperatorMail).where(OperatorMail.kind == kind, OperatorMail.accepted.is_(None)))
    row = OperatorMail(kind=kind, owner=owner, at=now)
    session.add(row)
    session.flush()
    return Turn(id=row.id, place=number + 1)


@dataclass(frozen=True, slots=True)
class Telling:
    """What is written around a mail: `taken` once the server took it.

    What must never be told twice is written by `leaving` instead, in the transaction before the mail's first
    byte; `kept_back` undoes it when the mail has surely not arrived.
    """

    taken: Callable[[Session], None] = lambda _: None
    leaving: Callable[[Session], None] = lambda _: None
    kept_back: Callable[[Session], None] = lambda _: None


def send_to_operator(work: Work, turn: Turn, words: Words, *, to: str, telling: Telling) -> bool:
    """Send a mail in its turn; return whether the server took it.

    False too when it was broken off because the process is to end, or came too late for its turn. Raises
    SendingHeldUp when the server cannot be reached: the turn is given back, and what was to be told waits.
    """
    parcel = _parcel(work, turn, words, to=to)

    def on_wire() -> None:
        with work.database.writing() as session:
            row = session.get(OperatorMail, turn.id, with_for_update=True)
            if row is None or row.accepted is not None:
                raise _TurnLost
            row.accepted = True
            telling.leaving(session)

    try:
        outcomes = asyncio.run(until_stopped(work, hand_over([parcel], relay=work.relay, on_wire=on_wire)))
    except _TurnLost:
        return False
    except RelayFaultError as fault:
        _give_back(work, turn)
        raise SendingHeldUp(str(fault)) from fault
    if outcomes is None:
        _give_back(work, turn)
        return False
    (outcome,) = outcomes
    if outcome.fate in {Fate.LOST, Fate.RELAY_FAULT}:
        _give_back(work, turn, kept_back=telling.kept_back)
        raise SendingHeldUp(f"The mail server cannot be used: {outcome.code or ''} {outcome.reply}")
    with work.database.writing() as session:
        return _note(session, turn, outcome, telling)


def _rest_after(last: OperatorMail, gap: timedelta) -> timedelta:
    if last.accepted is None:
        return HELD_FOR
    return gap if last.accepted else AFTER_REFUSAL


def _note(session: Session, turn: Turn, outcome: Outcome, telling: Telling) -> bool:
    row = session.get(OperatorMail, turn.id, with_for_update=True)
    if row is None:
        return False
    has_left = row.accepted is True
    # In doubt counts as taken: told twice a minute later would be the first drop of a flood.
    row.accepted = outcome.fate in {Fate.ACCEPTED, Fate.IN_DOUBT}
    row.reply = masked(f"{outcome.code or ''} {outcome.reply}".strip())
    if row.accepted:
        telling.taken(session)
    elif has_left:
        telling.kept_back(session)
    return row.accepted


def _give_back(work: Work, turn: Turn, *, kept_back: Callable[[Session], None] | None = None) -> None:
    """Let another have the turn; one whose mail has begun to leave only where it has surely not arrived."""
    with work.database.writing() as session:
        row = session.get(OperatorMail, turn.id, with_for_update=True)
        if row is None:
            return
        has_left = row.accepted is True
        if has_left and kept_back is None:
            return
        session.delete(row)
        if has_left and kept_back is not None:
            kept_back(session)


def _parcel(work: Work, turn: Turn, words: Words, *, to: str) -> Parcel:
    head, now = work.office.letterhead, work.now()
    recipient = parseaddr(to)[1]
    identity = message_identity(
        work.office.keys, issue=f"operator-{turn.id}", address=recipient, edition="en", domain=head.domain
    )
    headers = [
        ("Date", format_datetime(now)),
        ("From", mailbox_header("From", head.sender)),
        ("To", mailbox_header("To", to)),
        ("Subject", text_header("Subject", words.subject)),
        ("Message-ID", f"<{identity}>"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "en"),
    ]
    return Parcel(
        sender=head.sender_address,
        recipient=recipient,
        envelope_id=f"o{turn.id}",
        letter=work.office.signed(encode_mail(headers, text=words.text, html=None), at=now),
    )
