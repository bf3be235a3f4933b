"""Which headers a signature covers, and the form they are signed in."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

# Named once more than they stand in a mail, so that none can be added behind the signature (RFC 6376 section
# 5.4.2): a second From or Subject that a mail program would show, or another address to leave the list by.
OVERSIGNED: Final = (
    "From",
    "Sender",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
)

# Signed where they stand, and free to be added by who passes a mail on.
SIGNED: Final = (
    "Content-Language",
    "List-Archive",
    "List-Help",
    "Archived-At",
    "Auto-Submitted",
    "Precedence",
)

_FOLD: Final = re.compile(rb"\r\n(?=[ \t])")
_BLANKS: Final = re.compile(rb"[ \t]+")


class HeaderField(NamedTuple):
    """One header: its name in lower case, and its relaxed form without the closing CRLF."""

    name: str
    relaxed: bytes


def relaxed_field(line: bytes) -> HeaderField:
    """Return a header in the form "relaxed" (RFC 6376 section 3.4.2): one line, lower name, single blanks."""
    name, _, value = _FOLD.sub(b"", line).partition(b":")
    name = name.strip().lower()
    return HeaderField(name.decode("ascii"), name + b":" + _BLANKS.sub(b" ", value).strip(b" \t"))


def fields_of(head: bytes) -> list[HeaderField]:
    """Return the headers of a mail's head, which ends with the CRLF of its last header."""
    lines = re.split(rb"\r\n(?![ \t])", head)
    return [relaxed_field(line) for line in lines if line]


def names_to_sign(fields: Iterable[HeaderField]) -> list[str]:
    """Return the names as the tag h= lists them."""
    present = [field.name for field in fields]
    names: list[str] = []
    for name in OVERSIGNED:
        names += [name] * (present.count(name.lower()) + 1)
    for name in SIGNED:
        names += [name] * present.count(name.lower())
    return names


def signed_headers(fields: Sequence[HeaderField], names: Iterable[str]) -> bytes:
    """Return the headers that h= names, in its order, as they are hashed.

    Of headers of one name the last comes first, and a name without a header left adds nothing (RFC 6376
    section 5.4.2).
    """
    left = list(reversed(fields))
    chosen = []
    for name in names:
        found = next((field for field in left if field.name == name.lower()), None)
        if found is not None:
            left.remove(found)
            chosen.append(found.relaxed + b"\r\n")
    return b"".join(chosen)
