"""All that is kept about one person, for them to take along."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AddressChange,
    Bounce,
    Consent,
    ConsentAct,
    Delivery,
    DeliveryEvent,
    FormerAddress,
    Issue,
    QueuedMail,
    Subscriber,
    Suppression,
    Task,
)
from newsletter.addressing import address_key, read_address
from newsletter.erasure import find_reader, letters_to, nothing_kept, own_keys, reports_by
from newsletter.keys import Keys
from newsletter.suppression import address_hashes

_OF_READERS = (
    "address",
    "language",
    "state",
    "kind",
    "name",
    "organisation",
    "post",
    "created_at",
    "confirmed_at",
    "left_at",
)
_OF_LETTERS = ("address", "language", "message_id", "state", "code", "reply", "at")
_OF_EVENTS = ("at", "event", "code", "status", "detail")
_OF_BOUNCES = ("at", "kind", "source", "status", "code", "said")
_OF_TASKS = ("kind", "address", "issue", "detail", "opened_at", "done_at", "remark")


def export(session: Session, keys: Keys, address: str) -> dict[str, Any]:
    """Return all that is kept about a person, as plain values. Raises NoSuchReader or BadAddress.

    It holds nothing of who held their post before, or holds it now.
    """
    reader = find_reader(session, address)
    if reader is not None:
        return export_reader(session, keys, reader)
    key = address_key(read_address(address))
    kept = _of_addresses(session, keys, [key])
    if not any(kept.values()):
        raise nothing_kept(session, keys, address)
    return kept


def export_reader(session: Session, keys: Keys, reader: Subscriber) -> dict[str, Any]:
    """Return all that is kept about one reader, as plain values."""
    own = own_keys(session, reader)
    acts = session.scalars(
        select(Consent).where(Consent.subscriber_id == reader.id).order_by(Consent.id)
    ).all()
    changes = select(AddressChange).where(AddressChange.subscriber_id == reader.id)
    return {
        **_plain(reader, _OF_READERS),
        "consents": [_plain(one, ("at", "act", "wording", "source")) for one in _own_acts(acts)],
        "asked_to_change_to": [_plain(one, ("address", "asked_at")) for one in session.scalars(changes)],
        **_of_addresses(session, keys, own),
    }


def _own_acts(acts: Sequence[Consent]) -> Sequence[Consent]:
    """Return what is the present holder's own: all since the post was handed over to them."""
    handed = [place for place, one in enumerate(acts) if one.act is ConsentAct.HANDED_OVER]
    return acts[handed[-1] :] if handed else acts


def _of_addresses(session: Session, keys: Keys, own: Sequence[str]) -> dict[str, Any]:
    hashes = [one for key in own for one in address_hashes(keys, key)]
    mails = select(QueuedMail).where(QueuedMail.address_hash.in_(hashes)).order_by(QueuedMail.id)
    marks = select(Suppression).where(Suppression.address_hash.in_(hashes))
    former = select(FormerAddress).where(FormerAddress.address_key.in_(own)).order_by(FormerAddress.id)
    tasks = session.scalars(select(Task).order_by(Task.id))
    return {
        "former_addresses": [_plain(one, ("address", "parting", "until")) for one in session.scalars(former)],
        "letters": [_letter(session, letter) for letter in letters_to(session, own)],
        "other_mails": [
            _plain(one, ("message", "language", "queued_at", "sent_at", "reply"))
            for one in session.scalars(mails)
        ],
        "tasks_of_editors": [_plain(one, _OF_TASKS) for one in tasks if address_key(one.address) in own],
        "reports_of_errors": [
            _plain(one, ("page", "words", "reply_to", "reported_at")) for one in reports_by(session, own)
        ],
        "never_written_to": [_plain(one, ("reason", "at")) for one in session.scalars(marks)],
    }


def _letter(session: Session, letter: int) -> dict[str, Any]:
    row = session.get_one(Delivery, letter)
    events = select(DeliveryEvent).where(DeliveryEvent.delivery_id == letter).order_by(DeliveryEvent.id)
    bounces = select(Bounce).where(Bounce.delivery_id == letter).order_by(Bounce.id)
    return {
        "issue": session.get_one(Issue, row.issue_id).code,
        **_plain(row, _OF_LETTERS),
        "bounces": [_plain(one, _OF_BOUNCES) for one in session.scalars(bounces)],
        "events": [_plain(one, _OF_EVENTS) for one in session.scalars(events)],
    }


def _plain(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
