"""Why an address that is known is not taken on again, in a sentence for whoever tried."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Subscriber, SubscriberState, SuppressionReason
from newsletter.addressing import address_key, read_address
from newsletter.keys import Keys
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
