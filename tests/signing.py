"""A key that signs, made once for all tests, and the check of a signature by another program (dkimpy)."""

from datetime import UTC, datetime
from functools import cache

import dkim  # type: ignore[import-untyped]  # it has no types
import time_machine

from newsletter.dkim.key import SigningKey, new_key, read_key, record_name
from newsletter.dkim.signing import Signer

DOMAIN = "iscm.example"
SELECTOR = "letters2026"
_LATER = datetime(2040, 1, 1, tzinfo=UTC)


@cache
def pem() -> bytes:
    """The private key as its file holds it."""
    return new_key()


@cache
def key() -> SigningKey:
    """The key."""
    return read_key(pem())


def a_signer() -> Signer:
    """Who signs for iscm.example."""
    return Signer(domain=DOMAIN, selector=SELECTOR, key=key())


def is_genuine(mail: bytes) -> bool:
    """Whether dkimpy takes the first signature of a mail, with the record that we publish."""
    name = f"{record_name(selector=SELECTOR, domain=DOMAIN)}."
    records = {name.encode(): key().record.encode()}

    def look_up(asked: bytes, timeout: int = 5) -> bytes | None:
        del timeout
        return records.get(asked)

    # A signature of a day to come is refused, and tests send on days of their own.
    with time_machine.travel(_LATER, tick=False):
        return bool(dkim.verify(mail, dnsfunc=look_up))
