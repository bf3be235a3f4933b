"""The tokens in a letter's links: 22 characters that name a row and prove that we wrote them.

A token is base64url(8-byte id + 8-byte HMAC(purpose | list | address | epoch)), without padding. The first
byte of the id is the version of the key. Short tokens keep List-Unsubscribe in one line that no relay folds.
"""

import base64
import binascii
import hmac
from enum import StrEnum
from typing import Final

from newsletter.keys import Keys

TOKEN_LENGTH: Final = 22
LIST: Final = "highlights"

_MAC_BYTES: Final = 8
_VERSION_SHIFT: Final = 56
_ID_MASK: Final = (1 << _VERSION_SHIFT) - 1


class Purpose(StrEnum):
    """What a link is for. The token of one purpose never serves another."""

    UNSUBSCRIBE = "unsubscribe"
    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    NEW_ADDRESS = "new_address"


def make_token(keys: Keys, purpose: Purpose, *, row: int, address_key: str, epoch: int = 0) -> str:
    """Return the token that names `row` (below 2**56) for a purpose, bound to an address and an epoch."""
    name = (keys.version << _VERSION_SHIFT | row).to_bytes(8, "big")
    mac = keys.digest(purpose, LIST, address_key, str(epoch), str(row))[:_MAC_BYTES]
    return base64.urlsafe_b64encode(name + mac).rstrip(b"=").decode("ascii")


def token_row(token: str) -> int | None:
    """Return the row a token claims to name, or None when it is none. Proves nothing: see `is_genuine`."""
    parts = _split(token)
    return None if parts is None else parts[0] & _ID_MASK


def is_genuine(keys: Keys, purpose: Purpose, token: str, *, address_key: str, epoch: int = 0) -> bool:
    """Tell whether we made this token for this purpose, address and epoch. Compares in constant time."""
    parts = _split(token)
    if parts is None:
        return False
    name, mac = parts
    row = str(name & _ID_MASK)
    candidates = keys.digests(purpose, LIST, address_key, str(epoch), row, version=name >> _VERSION_SHIFT)
    matches = [hmac.compare_digest(mac, candidate[:_MAC_BYTES]) for candidate in candidates]
    return any(matches)


def _split(token: str) -> tuple[int, bytes] | None:
    """Return the 8-byte name and the signature, or None. Only the spelling that we write is taken."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii") != token:
        return None
    return int.from_bytes(raw[:8], "big"), raw[8:]
