"""The lines of an .ics file, unfolded, with their numbers; guarded before any library sees them."""

from collections.abc import Iterator
from typing import Final

from calendar_feed.importing.source_file import UnreadableFile

MOST_LINES: Final = 1_000_000
"""Physical lines of a file; ten megabytes of bare line ends would keep any reader busy for long."""
LONGEST_LINE: Final = 1_000_000
"""The longest line, folded or not, in bytes: an attachment within the file may be long, a bomb is longer."""


def unfolded_lines(data: bytes, *, name: str) -> Iterator[tuple[int, bytes]]:
    """Yield each content line with the number of its first physical line; empty lines are passed over.

    Lines may end in CRLF, LF or CR, as programs write them. Raises UnreadableFile beyond the limits above.
    """
    plain = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = plain.count(b"\n")
    if lines > MOST_LINES:
        raise UnreadableFile(f"{name} has {lines:,} lines, more than {MOST_LINES:,}. Export fewer years.")
    begun, size = 0, 0
    parts: list[bytes] = []
    for number, line in _physical(plain):
        if line[:1] in {b" ", b"\t"} and parts:
            parts.append(line[1:])
        else:
            if parts:
                yield begun, b"".join(parts)
            begun, parts, size = number, [line] if line else [], 0
        size += len(line)
        if size > LONGEST_LINE:
            raise UnreadableFile(
                f"Line {begun} of {name} is longer than {LONGEST_LINE:,} bytes; that is no calendar entry."
            )
    if parts:
        yield begun, b"".join(parts)


def _physical(plain: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the physical lines one at a time: a list of all of them would take ten times the file."""
    number, start = 1, 0
    while start < len(plain):
        end = plain.find(b"\n", start)
        end = len(plain) if end < 0 else end
        yield number, plain[start:end]
        number, start = number + 1, end + 1
