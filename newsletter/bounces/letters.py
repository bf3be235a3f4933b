"""Which letter a returned mail is about: by what only we can have written, last by an address alone.

A return address and an envelope identifier carry a signature, a Message-ID is one. A delivery's number may
be another letter's after a restored backup, so each is held against the Message-ID on record. Only the return
addresses of earlier releases sign the number alone: there the Message-ID of the mail has the last word.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Delivery, DeliveryState, Issue, Refusal
from newsletter.addressing import address_key, read_address
from newsletter.bounces.returned import Returned
from newsletter.envelope_id import read_envelope_id
from newsletter.keys import Keys
from newsletter.return_address import read_return_address

_SENT: Final = (DeliveryState.ACCEPTED, DeliveryState.IN_DOUBT)


class Stranger(StrEnum):
    """Why a mail is about no letter of ours."""

    FORGED = "its return address is not one we wrote for a letter on record"
    ANOTHER = "its return address and the letter in it do not belong together"
    UNKNOWN = "it names no letter of ours"


@dataclass(frozen=True, slots=True)
class Named:
    """The letter a mail is about.

    `is_proved` says that the mail holds something only we and the way to the reader can know; `is_certain`
    that it is this letter and not an earlier one of the same number.
    """

    delivery: Delivery
    is_proved: bool
    is_certain: bool


def find_letter(session: Session, keys: Keys, mail: Returned) -> Named | Stranger:
    """Return the letter that a mail is about, or why there is none."""
    back = next((named for one in mail.sent_to if (named := read_return_address(one))), None)
    returned = _by_identity(session, mail.message_ids)
    numbered = session.get(Delivery, back.delivery_id) if back is not None else None
    signed = [one for one in (numbered, returned) if back and one and back.is_that_of(keys, one.message_id)]
    if back is not None and not signed and not back.is_of_its_number(keys):
        return Stranger.FORGED
    sure = returned or next(iter(signed), None)
    if sure is not None:
        return Named(sure, is_proved=True, is_certain=True)
    enveloped = _by_envelope(session, mail.envelope_ids)
    numbered = enveloped if back is None else numbered
    if numbered is not None:
        if mail.message_ids:
            return Stranger.ANOTHER
        return Named(numbered, is_proved=True, is_certain=enveloped is numbered)
    if back is None and not mail.message_ids:
        return _without_envelope(session, mail)
    return Stranger.UNKNOWN


def is_of(delivery: Delivery, address: str) -> bool:
    """Tell whether an address in a report is the one the letter went to."""
    return _key(address) == delivery.address_key


def _without_envelope(session: Session, mail: Returned) -> Named | Stranger:
    """Return the letter that a mail answers, or the newest to an address it names, which is no proof."""
    answered = _by_identity(session, mail.answers)
    if answered is not None:
        return Named(answered, is_proved=True, is_certain=True)
    addressed = _by_address(session, mail)
    return Stranger.UNKNOWN if addressed is None else Named(addressed, is_proved=False, is_certain=False)


def _by_identity(session: Session, identities: Iterable[str]) -> Delivery | None:
    wanted = list(identities)
    if not wanted:
        return None
    query = select(Delivery).where(Delivery.message_id.in_(wanted)).order_by(Delivery.id.desc()).limit(1)
    return session.scalars(query).first()


def _by_envelope(session: Session, envelope_ids: Iterable[str]) -> Delivery | None:
    for one in envelope_ids:
        named = read_envelope_id(one.strip("<> "))
        delivery = session.get(Delivery, named.delivery_id) if named is not None else None
        if named is not None and delivery is not None and named.is_that_of(delivery.message_id):
            return delivery
    return None


def _by_address(session: Session, mail: Returned) -> Delivery | None:
    """Return the newest letter to an address that the mail names."""
    names = [*mail.recipients, *(name for one in mail.outcomes for name in (one.original, one.final))]
    wanted = {key for name in names if name and (key := _key(name))}
    if not wanted:
        return None
    # By issue, as the index has it: letters are looked for among all that were ever sent.
    begun = select(Issue.id).where(Issue.started_at.is_not(None))
    query = select(Delivery).where(
        Delivery.issue_id.in_(begun), Delivery.address_key.in_(wanted), Delivery.state.in_(_SENT)
    )
    return max(session.scalars(query), key=lambda letter: letter.id, default=None)


def _key(address: str) -> str | None:
    try:
        return address_key(read_address(address))
    except Refusal:
        return None
