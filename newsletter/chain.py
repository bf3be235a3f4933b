"""The chain that binds a ledger's rows to each other, and to what the issue was when they were written.

Each row's link is the SHA-256 over the link before it and the row's values; the first one's is over the
anchor: the issue, the hashes of what was approved, the numbers. So no row can be changed, taken out, put in
or moved without every link after it saying so. Whoever recomputes the whole chain fails at the seal, an HMAC
over its last link under the service's key, and at the last link itself, where somebody has kept it apart.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from newsletter.keys import Keys

FORM: Final = 1
"""The version of the way a chain is made; it is the first thing in it."""

_PURPOSE: Final = "ledger"


class Sealing(StrEnum):
    """What a seal says to somebody who holds the keys of a service."""

    GENUINE = "genuine"
    FORGED = "forged"
    NOT_OURS = "not ours"


def first_link(anchor: str) -> str:
    """Return the link before the first row, of the anchor's text as it stands in the file."""
    return _linked(f"ISCM ledger {FORM}", [anchor])


def next_link(before: str, values: Sequence[str]) -> str:
    """Return the link of a row, from the one before it and all the row's own values, as text."""
    return _linked(before, values)


def anchor_text(facts: Mapping[str, Any]) -> str:
    """Return an anchor as one line of JSON, the same for the same facts."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def seal(keys: Keys, last_link: str) -> str:
    """Return the seal of a whole chain: the version of the key, and the HMAC of the last link."""
    return f"{keys.version:02x}.{keys.digest(_PURPOSE, last_link).hex()}"


def look_at_seal(keys: Keys, seal_text: str, last_link: str) -> Sealing:
    """Tell whether a seal was made with one of these keys, or pretends to have been."""
    version_text, _, mac = seal_text.partition(".")
    try:
        version, found = int(version_text, 16), bytes.fromhex(mac)
    except ValueError:
        return Sealing.FORGED
    ours = list(keys.digests(_PURPOSE, last_link, version=version))
    if any(hmac.compare_digest(one, found) for one in ours):
        return Sealing.GENUINE
    return Sealing.FORGED if ours else Sealing.NOT_OURS


def _linked(before: str, values: Sequence[str]) -> str:
    # JSON keeps the values apart, whatever is in them, and however a program writes them into its CSV.
    text = json.dumps([before, *values], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
