"""Why an address that is known is not taken on again, in a sentence for whoever tried."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Parting, Subscriber, SubscriberState, SuppressionReason
from newsletter.addressing import address_key, read_address
from newsletter.keys import Keys
from newsletter.readdressing import former_address
from newsletter.suppression import suppressed_among

_SENTENCES: Final = {
    SuppressionReason.LEFT: "{address} has unsubscribed and stays so; only its owner can sign up again.",
    SuppressionReason.ERASED: "{address} was erased, and is not to be written to again; only its owner can "
    "sign up again.",
    SuppressionReason.BOUNCED: "Mail to {address} failed for good, so nothing is sent there; only its "
    "owner can sign up again.",
    SuppressionReason.COMPLAINED: "The owner of {address} complained of a letter; nothing is sent "
    "there again.",
    SuppressionReason.EDITOR: "An editor decided that nothing is sent to {address} any more.",
}
_BY_STATE: Final = {
    SubscriberState.LEFT: SuppressionReason.LEFT,
    SubscriberState.BOUNCED: SuppressionReason.BOUNCED,
    SubscriberState.SUPPRESSED: SuppressionReason.EDITOR,
}


def why_known(session: Session, address: str) -> str:
    """Return why an address that is not away was not added: it is, or was, a reader's. Raises BadAddress."""
    key = address_key(read_address(address))
    there = session.scalar(select(Subscriber.id).where(Subscriber.address_key == key))
    former = former_address(session, key) if there is None else None
    if former is None:
        return f"{address} is known already; nothing was changed."
    day = f"{former.until:%Y-%m-%d}"
    if former.parting is Parting.HANDED_OVER:
        return (
            f"{address} held a post that was handed over on {day}, so nothing was changed; only its owner "
            "can sign up again."
        )
    return (
        f"The reader of {address} has had the letter sent to another address since {day}, so nothing was "
        "changed; only its owner can sign up again."
    )


def why_away(session: Session, keys: Keys, address: str) -> str:
    """Return why nobody but its owner, or nobody at all, may put an address back on the list.

    Raises BadAddress. The suppression says more than the reader's own state, and outlives them.
    """
    key = address_key(read_address(address))
    reason = suppressed_among(session, keys, [key]).get(key)
    if reason is None:
        state = session.scalar(select(Subscriber.state).where(Subscriber.address_key == key))
        reason = _BY_STATE.get(state or SubscriberState.LEFT, SuppressionReason.LEFT)
    return _SENTENCES[reason].format(address=address)
