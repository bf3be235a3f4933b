"""The single mails a reader may get: what each says, to which of their addresses it goes, and when not."""

from collections.abc import Mapping
from email.utils import format_datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AddressChange, FormerAddress, Parting, QueuedMail, Subscriber, SubscriberState
from newsletter.address_change import ASK_NEW_ADDRESS, TELL_OLD_ADDRESS, change_token
from newsletter.addressing import address_key, message_identity
from newsletter.keys import Keys
from newsletter.links import Purpose, make_token
from newsletter.message import Letterhead, encode_mail, mailbox_header, text_header
from newsletter.posts import TELL_HOLDER
from newsletter.subscription import CONFIRM_WITHIN, CONFIRMATION, confirm_token
from newsletter.suppression import address_hash, address_hashes, is_lasting, suppressed_among
from templates.dates import written_date
from templates.environment import render
from templates.hues import HUES
from templates.isolates import isolated


class ReaderMail(NamedTuple):
    """A mail as it goes over the wire, not signed yet, and the address it goes to."""

    recipient: str
    letter: bytes


class _Words(NamedTuple):
    """To whom a mail goes, and what its template is given beside what all are given."""

    address: str
    values: Mapping[str, str | None]


# Who asked for the mail themselves may have left before: it is their renewed consent.
_ASKED_FOR: Final = frozenset({CONFIRMATION, ASK_NEW_ADDRESS})


def mail_of(session: Session, keys: Keys, letterhead: Letterhead, row: QueuedMail) -> ReaderMail | None:
    """Return a queued mail, or None when nobody is to get it any more: gone, left, suppressed, asked anew."""
    reader = session.get(Subscriber, row.subscriber_id) if row.subscriber_id is not None else None
    words = _words(session, keys, letterhead.base_url, row, reader) if reader is not None else None
    if words is None or row.address_hash not in address_hashes(keys, address_key(words.address)):
        return None
    key = address_key(words.address)
    reason = suppressed_among(session, keys, [key]).get(key)
    if reason is not None and (is_lasting(reason) or row.message not in _ASKED_FOR):
        return None
    identity = message_identity(
        keys,
        issue=f"{row.message}-{row.id}",
        address=words.address,
        edition=row.language,
        domain=letterhead.domain,
    )
    return ReaderMail(words.address, _encoded(letterhead, row, words, message_id=identity))


def _words(session: Session, keys: Keys, site: str, row: QueuedMail, reader: Subscriber) -> _Words | None:
    match row.message, reader.state:
        case (message, SubscriberState.PENDING | SubscriberState.CONFIRMED) if message == CONFIRMATION:
            link = f"{site}/c/{confirm_token(keys, row, reader)}"
            return _Words(reader.address, {"link": link, "until": _until(row)})
        case (message, SubscriberState.CONFIRMED | SubscriberState.BOUNCED) if message == ASK_NEW_ADDRESS:
            change = session.scalars(
                select(AddressChange).where(AddressChange.subscriber_id == reader.id)
            ).first()
            if change is None:
                return None
            link = f"{site}/c/{change_token(keys, change)}"
            return _Words(change.address, {"link": link, "until": _until(row)})
        case (message, SubscriberState.CONFIRMED) if message == TELL_OLD_ADDRESS:
            former = _former(session, keys, row, reader)
            return _Words(former, {"link": f"{site}/newsletter"}) if former is not None else None
        case (message, SubscriberState.CONFIRMED) if message == TELL_HOLDER:
            return _Words(reader.address, _of_post(keys, site, reader, language=row.language))
        case _:
            return None


def _of_post(keys: Keys, site: str, reader: Subscriber, *, language: str) -> dict[str, str | None]:
    post, organisation = (
        words and isolated(words, language=language) for words in (reader.post, reader.organisation)
    )
    leave = make_token(keys, Purpose.UNSUBSCRIBE, row=reader.id, address_key=reader.address_key)
    own = make_token(
        keys, Purpose.PREFERENCES, row=reader.id, address_key=reader.address_key, epoch=reader.epoch
    )
    return {
        "post": post,
        "organisation": organisation,
        "leave": f"{site}/u/{leave}",
        "link": f"{site}/p/{own}",
    }


def _former(session: Session, keys: Keys, row: QueuedMail, reader: Subscriber) -> str | None:
    query = select(FormerAddress).where(
        FormerAddress.subscriber_id == reader.id, FormerAddress.parting == Parting.MOVED
    )
    for former in session.scalars(query.order_by(FormerAddress.id.desc())):
        if address_hash(keys, former.address_key) == row.address_hash:
            return former.address
    return None


def _until(row: QueuedMail) -> str:
    return written_date((row.queued_at + CONFIRM_WITHIN).date(), language=row.language)


def _encoded(letterhead: Letterhead, row: QueuedMail, words: _Words, *, message_id: str) -> bytes:
    values = {"address": words.address, "site": letterhead.base_url, "hues": HUES, **words.values}

    def part(name: str) -> str:
        return render(f"email/{row.message}/{name}", language=row.language, **values)

    headers = [
        ("Date", format_datetime(row.queued_at)),
        ("From", mailbox_header("From", letterhead.sender)),
        ("To", words.address),
        ("Subject", text_header("Subject", part("subject.txt"))),
        ("Message-ID", f"<{message_id}>"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", row.language),
    ]
    if letterhead.reply_to:
        headers.insert(3, ("Reply-To", mailbox_header("Reply-To", letterhead.reply_to)))
    links = [link for name in ("link", "leave") if (link := words.values.get(name))]
    return encode_mail(headers, text=part("body.txt"), html=part("body.html"), unsplit=links)
