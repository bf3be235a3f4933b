"""Quoted-printable (RFC 2045 section 6.7) that never splits a given word.

The standard library's encoders break a line wherever 76 characters are reached. A letter's links hold words
that are filled in for each reader after encoding; a word split by a soft line break would not be found.
"""

import re
from collections.abc import Iterator, Sequence

MAXIMUM_LINE = 76

_PLAIN = frozenset(range(33, 127)) - {ord("=")}
_BLANK = frozenset(b" \t")
_ATOMS = {byte: bytes([byte]) if byte in _PLAIN | _BLANK else b"=%02X" % byte for byte in range(256)}


def quoted_printable(text: str, *, unsplit: Sequence[str] = ()) -> bytes:
    """Encode `text` as UTF-8 in quoted-printable with CRLF, in lines of 76 characters at most.

    Each word of `unsplit` (ASCII, at most 70 characters, no `=`) stands whole on one line wherever it occurs;
    of several that begin at the same place the first one counts.
    No line begins with a dot, so that SMTP has nothing to stuff, or with "From ", which some stores escape.
    """
    words = tuple(word.encode("ascii") for word in unsplit)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return b"\r\n".join(folded for line in lines for folded in _folded(line.encode(), words))


def _folded(line: bytes, words: tuple[bytes, ...]) -> Iterator[bytes]:
    """Yield the encoded lines of one line of text, all but the last ending in a soft break."""
    current = bytearray()
    atoms = _trailing_blank_encoded(list(_atoms(line, words)))
    for position, atom in enumerate(atoms):
        is_last = position == len(atoms) - 1
        # A line that goes on needs room for its own soft break.
        room = MAXIMUM_LINE if is_last else MAXIMUM_LINE - 1
        if len(current) + len(atom) > room:
            yield bytes(current) + b"="
            current.clear()
        if not current:
            atom = _safe_at_start(atom, atoms[position : position + 5])  # noqa: PLW2901 the atom in its place
        current += atom
    yield bytes(current)


def _atoms(line: bytes, words: tuple[bytes, ...]) -> Iterator[bytes]:
    """Yield what may not be split: an encoded byte, or a whole word."""
    pieces = re.split(b"(" + b"|".join(map(re.escape, words)) + b")", line) if words else [line]
    for piece in pieces:
        if piece in words:
            yield piece
        else:
            yield from map(_ATOMS.__getitem__, piece)


def _trailing_blank_encoded(atoms: list[bytes]) -> list[bytes]:
    """Encode a blank at the line's end, which relays may strip (RFC 2045 section 6.7, rule 3)."""
    if atoms and atoms[-1] in {b" ", b"\t"}:
        atoms[-1] = b"=%02X" % atoms[-1][0]
    return atoms


def _safe_at_start(atom: bytes, following: list[bytes]) -> bytes:
    if atom == b"." or b"".join(following) == b"From ":
        return b"=%02X" % atom[0]
    return atom
