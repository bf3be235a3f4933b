"""The envelope sender of one letter, by which a bounce names it: b.{number}.{signature}@ and our domain.

The signature is over the delivery's number and the letter's Message-ID, which follows from the issue, the
address and the edition: after a restored backup a number may be another letter's, and then it does not fit.
Letters of earlier releases were signed by their number alone; what comes back from them is still read.
"""

import hmac
import re
from typing import Final, NamedTuple

from newsletter.keys import Keys

# Relays put things before the local part (BATV, the alias of a virtual domain of qmail) and write it large.
_FORM: Final = re.compile(r"(?:^|[-+=])b\.([1-9]\d{0,17})\.([0-9a-f]{12})@", re.IGNORECASE)
_LETTER: Final = "return-address-of-letter"
_NUMBER: Final = "return-address"
_BYTES: Final = 6


def return_address(keys: Keys, *, delivery_id: int, message_id: str, domain: str) -> str:
    """Return the envelope sender of a letter; `message_id` is without its brackets."""
    mac = keys.digest(_LETTER, str(delivery_id), message_id)[:_BYTES].hex()
    return f"b.{delivery_id}.{mac}@{domain}"


class NamedDelivery(NamedTuple):
    """The delivery a return address names, and what it is signed with; not yet believed."""

    delivery_id: int
    mac: str

    def is_that_of(self, keys: Keys, message_id: str) -> bool:
        """Tell whether it was written for the letter with this Message-ID, under any key there is or was."""
        return self._is_signed(keys, _LETTER, str(self.delivery_id), message_id)

    def is_of_its_number(self, keys: Keys) -> bool:
        """Tell whether it was written by an earlier release: for whichever letter had this number then."""
        return self._is_signed(keys, _NUMBER, str(self.delivery_id))

    def _is_signed(self, keys: Keys, purpose: str, *parts: str) -> bool:
        signed = [
            hmac.compare_digest(digest[:_BYTES].hex(), self.mac) for digest in keys.digests(purpose, *parts)
        ]
        return any(signed)


def read_return_address(address: str) -> NamedDelivery | None:
    """Return the delivery that an address names; None where it has not our form."""
    found = _FORM.search(address)
    return None if found is None else NamedDelivery(int(found[1]), found[2].lower())
