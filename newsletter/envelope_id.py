"""The name a letter travels under (ENVID, RFC 3461 section 4.4): a report that repeats it means that letter.

It is the delivery's number and the beginning of its Message-ID, which is a keyed hash: after a restored
backup a number may come again for somebody else, and nobody can name a letter they have not seen.
"""

import re
from typing import Final, NamedTuple

_MARK: Final = 16
_FORM: Final = re.compile(rf"d([1-9][0-9]{{0,17}})\.([A-Za-z0-9_-]{{{_MARK}}})")


class NamedLetter(NamedTuple):
    """The delivery an envelope identifier names, and how its Message-ID must begin."""

    delivery_id: int
    mark: str

    def is_that_of(self, message_id: str) -> bool:
        """Tell whether the delivery's Message-ID (without brackets) is the one that was meant."""
        return message_id.startswith(self.mark)


def envelope_id_of(delivery_id: int, message_id: str) -> str:
    """Return a letter's envelope identifier: ASCII, without a character that xtext would write otherwise."""
    return f"d{delivery_id}.{message_id[:_MARK]}"


def read_envelope_id(text: str) -> NamedLetter | None:
    """Return the letter that an Original-Envelope-Id (RFC 3464) names; None where it is not one of ours."""
    found = _FORM.fullmatch(text.strip())
    return None if found is None else NamedLetter(int(found[1]), found[2])
