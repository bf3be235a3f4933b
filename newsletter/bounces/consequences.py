"""What follows from a bounce and from a complaint: a task, a suppression, never more than the letter says.

A yearly letter cannot count by the week: the first hard bounce asks an editor for the new address, one in
another issue takes the address off the list. A correction is no other issue: it leaves days after the first.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import (
    Bounce,
    BounceKind,
    BounceSource,
    ConsentAct,
    Delivery,
    FormerAddress,
    Issue,
    Parting,
    Subscriber,
    SubscriberState,
    SuppressionReason,
    TaskKind,
)
from models.masking import masked
from newsletter.erasure import ERASED
from newsletter.keys import Keys
from newsletter.subscription import note_act
from newsletter.suppression import suppress
from newsletter.tasks import open_task

ISSUES_UNTIL_SUPPRESSED: Final = 2
_SAID: Final = 500
_FORGOTTEN: Final = "kept in the letter's history; its reader was forgotten before"


def note_bounce(
    session: Session,
    keys: Keys,
    delivery: Delivery,
    *,
    kind: BounceKind,
    source: BounceSource,
    status: str | None,
    code: int | None,
    said: str,
    now: datetime,
) -> str | None:
    """Keep a bounce and do what follows from it; return that in words, None where it was known already."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    words = masked(" ".join(said.split()))[:_SAID]
    statement = (
        dialect.insert(Bounce)
        .values(
            delivery_id=delivery.id, kind=kind, source=source, status=status, code=code, said=words, at=now
        )
        .on_conflict_do_nothing()
        .returning(Bounce.id)
    )
    if session.scalar(statement) is None:
        return None
    if kind is BounceKind.HARD:
        return _hard(session, keys, delivery, detail=words, now=now)
    if kind is BounceKind.UNCLEAR:
        return ask(session, TaskKind.UNCLEAR_REFUSAL, delivery, detail=words, now=now)
    return "an alarm is raised" if kind is BounceKind.POLICY else "kept in the letter's history"


def ask(session: Session, kind: TaskKind, delivery: Delivery, *, detail: str, now: datetime) -> str:
    """Open a task about the reader of a letter, unless they have another address now or are no reader."""
    reader = _reader(session, delivery)
    if reader is None:
        return "kept in the letter's history; its reader has another address now, or is none any more"
    code = session.scalar(select(Issue.code).where(Issue.id == delivery.issue_id)) or ""
    task = open_task(session, kind, reader, address=reader.address, issue=code, detail=detail, now=now)
    return f"task {task.id}"


def take_complaint(session: Session, keys: Keys, delivery: Delivery, *, now: datetime) -> str:
    """Take whoever complained off the list at once and for good; say so."""
    if delivery.address_key.startswith(ERASED):
        return _FORGOTTEN
    reader = _reader(session, delivery) or _moved(session, delivery)
    if reader is not None and reader.state is not SubscriberState.SUPPRESSED:
        note_act(session, reader, ConsentAct.LEFT, source="a complaint", now=now)
    for key in {delivery.address_key} | ({reader.address_key} if reader is not None else set()):
        suppress(session, keys, key, reason=SuppressionReason.COMPLAINED, now=now)
    return "taken off the list for good"


def _hard(session: Session, keys: Keys, delivery: Delivery, *, detail: str, now: datetime) -> str:
    if delivery.address_key.startswith(ERASED):
        return _FORGOTTEN
    reader = _reader(session, delivery)
    if _issues_bounced(session, delivery, reader) < ISSUES_UNTIL_SUPPRESSED:
        return ask(session, TaskKind.NEW_ADDRESS, delivery, detail=detail, now=now)
    suppress(session, keys, delivery.address_key, reason=SuppressionReason.BOUNCED, now=now)
    if reader is not None:
        said = ask(session, TaskKind.NEW_ADDRESS, delivery, detail=detail, now=now)
        return f"off the list, after a second issue that came back; {said}"
    return "its address is never written to again, after a second issue that came back"


def _issues_bounced(session: Session, delivery: Delivery, reader: Subscriber | None) -> int:
    """Return of how many issues a letter to this address bounced hard since its reader last confirmed it."""
    # First the letters, by issue as the index has it, then their bounces: there may be very many of both.
    begun = select(Issue.id).where(Issue.started_at.is_not(None))
    of_address = select(Delivery.id).where(
        Delivery.issue_id.in_(begun), Delivery.address_key == delivery.address_key
    )
    letters = list(session.scalars(of_address))
    query = (
        select(func.count(func.coalesce(Issue.corrects, Issue.code).distinct()))
        .select_from(Bounce)
        .join(Delivery, Delivery.id == Bounce.delivery_id)
        .join(Issue, Issue.id == Delivery.issue_id)
        .where(Bounce.delivery_id.in_(letters), Bounce.kind == BounceKind.HARD)
    )
    if reader is not None and reader.confirmed_at is not None:
        query = query.where(Bounce.at >= reader.confirmed_at)
    return session.scalar(query) or 0


def _reader(session: Session, delivery: Delivery) -> Subscriber | None:
    """Return the reader of a letter as long as the address it went to is still theirs."""
    if delivery.subscriber_id is None:
        return None
    query = select(Subscriber).where(
        Subscriber.id == delivery.subscriber_id, Subscriber.address_key == delivery.address_key
    )
    return session.scalars(query.with_for_update()).first()


def _moved(session: Session, delivery: Delivery) -> Subscriber | None:
    """Return the reader who has another address by now; not who holds a post after them."""
    query = (
        select(Subscriber)
        .join(FormerAddress, FormerAddress.subscriber_id == Subscriber.id)
        .where(
            Subscriber.id == delivery.subscriber_id,
            FormerAddress.address_key == delivery.address_key,
            FormerAddress.parting == Parting.MOVED,
        )
    )
    return session.scalars(query.limit(1).with_for_update(of=Subscriber)).first()
