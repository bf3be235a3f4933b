"""A mail as it comes in: its first megabyte, and what it is known by. It may be of any size, from anybody."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO, Final

OF_INTEREST: Final = 1_000_000
"""Bytes that are looked at: a report stands at the beginning, the returned letter after it."""

LONGEST: Final = 64_000_000
"""Bytes after which a stream is no longer read to its end."""

_PORTION: Final = 65_536


@dataclass(frozen=True, slots=True)
class RawMail:
    """The beginning of a mail, with bare LF line ends, and the SHA-256 (hex) of all that was read."""

    content: bytes
    digest: str


def read_raw(stream: BinaryIO) -> RawMail:
    """Read a mail in constant memory. Raises what the stream raises.

    The rest is read too, since a mail server that cannot write it takes the delivery for failed.
    """
    kept = bytearray()
    digest = hashlib.sha256()
    total = 0
    while total < LONGEST and (portion := stream.read(_PORTION)):
        digest.update(portion)
        total += len(portion)
        if len(kept) < OF_INTEREST:
            kept += portion[: OF_INTEREST - len(kept)]
    return RawMail(_without_envelope_line(bytes(kept).replace(b"\r\n", b"\n")), digest.hexdigest())


def _without_envelope_line(content: bytes) -> bytes:
    """Leave out the line "From sender date" that pipes and mbox files put before a mail."""
    if content.startswith((b"From ", b">From ")):
        return content.partition(b"\n")[2]
    return content
