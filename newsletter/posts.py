"""Posts that receive the letter ex officio: who holds one changes, and the post stays on the list."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ConsentAct, Parting, RecipientKind, Refusal, Subscriber, SubscriberState
from newsletter.addressing import address_key, read_address
from newsletter.keys import Keys
from newsletter.readdressing import forget_change, readdress
from newsletter.staying_away import why_away
from newsletter.subscription import move, note_act, queue_mail
from newsletter.suppression import suppressed_among

TELL_HOLDER: Final = "post"


class NotHandedOver(Refusal):
    """The post cannot be handed over like this."""


def hand_over(
    session: Session,
    keys: Keys,
    old: str,
    new: str,
    *,
    name: str | None,
    language: str | None,
    source: str,
    now: datetime,
) -> Subscriber:
    """Let a post's letters go to who holds it now, those that wait to be sent too; the old address gets none.

    The post, its organisation and its history stay; the name, unless one is given, goes with the person. Who
    holds it now is told by mail, with a link that ends the letter: they have not asked for it (Article 14 of
    the GDPR). The old address is not told. A post whose holder left, or whose mail bounced, can be handed
    over: what is suppressed is the address. Raises NotHandedOver or BadAddress.
    """
    post = _post_of(session, old)
    address = read_address(new)
    key = address_key(address)
    if key == post.address_key:
        raise NotHandedOver(f"{address} holds this post already; nothing was changed.")
    if suppressed_among(session, keys, [key]):
        raise NotHandedOver(why_away(session, keys, new))
    if session.scalar(select(Subscriber.id).where(Subscriber.address_key == key)):
        raise NotHandedOver(
            f"{address} receives the letter, or received it, on its own entry. Take the old address off "
            f"with: iscm subscribers leave {post.address}"
        )
    forget_change(session, post)
    readdress(session, keys, post, address, parting=Parting.HANDED_OVER, now=now)
    if post.state is not SubscriberState.CONFIRMED:
        move(post, SubscriberState.CONFIRMED)
    post.name, post.left_at, post.confirmed_at = name, None, now
    post.language = language or post.language
    note_act(session, post, ConsentAct.HANDED_OVER, source=source, now=now)
    queue_mail(session, keys, post, message=TELL_HOLDER, key=key, language=post.language, now=now)
    return post


def _post_of(session: Session, address: str) -> Subscriber:
    key = address_key(read_address(address))
    found = session.scalars(select(Subscriber).where(Subscriber.address_key == key).with_for_update()).first()
    if found is None:
        raise NotHandedOver(f"Nobody receives the letter at {address}. Look at: iscm subscribers list")
    if found.kind is not RecipientKind.CIRCULATION:
        raise NotHandedOver(
            f"{address} asked for the letter, and nobody can hand over a consent. The new person signs up, "
            "or is added for the post they hold: iscm subscribers add ADDRESS --circulation --post POST"
        )
    if found.state is SubscriberState.SUPPRESSED:
        raise NotHandedOver(
            f"Nothing is sent to {address} any more. Add who holds the post now: "
            "iscm subscribers add ADDRESS --circulation --post POST"
        )
    return found
