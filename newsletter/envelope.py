"""The three commands that announce a letter, MAIL, RCPT and DATA (RFC 5321), with DSN and SMTPUTF8."""

import re
from collections.abc import Collection
from typing import Final

from newsletter.replies import Phase
from newsletter.transport import Parcel

_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")
_UNCODED: Final = re.compile(r"[^!-~]|[+=]")

Commands = tuple[tuple[Phase, bytes], ...]


def can_be_addressed(parcel: Parcel, offers: Collection[str]) -> bool:
    """Tell whether a server with these extensions takes such an address at all."""
    return parcel.recipient.isascii() or "smtputf8" in offers


def commands_of(parcel: Parcel, offers: Collection[str]) -> Commands:
    """Return a letter's commands, each with its CRLF, in the order in which they are answered.

    `offers` are the server's extensions in lower case. Raises ValueError for a line break or another control
    character in an address: nothing may smuggle in a command.
    """
    mail = f"MAIL FROM:<{parcel.sender}>"
    rcpt = f"RCPT TO:<{parcel.recipient}>"
    if "size" in offers:
        mail += f" SIZE={len(parcel.letter)}"
    if "dsn" in offers:
        mail += f" RET=HDRS ENVID={parcel.envelope_id}"
        if parcel.recipient.isascii():
            rcpt += f" ORCPT=rfc822;{_xtext(parcel.recipient)}"
    if not parcel.recipient.isascii():
        mail += " SMTPUTF8"
    lines = (mail.encode("ascii"), rcpt.encode())
    if any(_CONTROL.search(line) for line in lines):
        raise ValueError("An address holds a control character.")
    return (
        (Phase.MAIL, lines[0] + b"\r\n"),
        (Phase.RCPT, lines[1] + b"\r\n"),
        (Phase.DATA, b"DATA\r\n"),
    )


def _xtext(text: str) -> str:
    """Return text in the form DSN parameters take (RFC 3461 section 4)."""
    return _UNCODED.sub(lambda found: f"+{ord(found[0]):02X}", text)
