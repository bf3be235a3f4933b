"""The lines of a file of readers, whatever program wrote it, one at a time and none longer than it may be."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from models import Refusal

_PIECE: Final = 65_536
_LONGEST_LINE: Final = 100_000
# Only these end a line of CSV: other marks that Python takes for ends may stand in a name.
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_HOW: Final = "In Excel: Save As, “CSV UTF-8 (comma delimited)”."
_OTHER_KINDS: Final = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive, and not CSV. " + _HOW),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook, and not CSV. " + _HOW),
    (b"\x1f\x8b", "packed with gzip. Unpack it first."),
    (b"%PDF", "a PDF, and not CSV. Ask for the list as CSV."),
    (b"<!doctype", "a web page, and not CSV. Its address may ask for signing in."),
    (b"<html", "a web page, and not CSV. Its address may ask for signing in."),
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class UnreadableFile(Refusal):
    """The file is not one of readers."""


def read_lines(path: Path, *, encoding: str | None = None) -> Iterator[str]:
    """Yield the lines of a file with their ends, in memory of one piece of it at a time.

    Without `encoding` it is what the file's first bytes say: UTF-8 with or without a mark, or UTF-16, as
    Excel writes “Unicode Text”. Raises UnreadableFile, also half-way, with a sentence that says what to do; a
    file in Windows-1252 or Latin-1 is shown as it would read then: only its owner can say that it is right.
    """
    try:
        with path.open("rb") as file:
            first = file.read(_PIECE)
            named, skipped = _encoding_of(path, first)
            if encoding is not None:
                named, skipped = encoding, skipped if _is_same(named, encoding) else 0
            yield from _decoded(path, _pieces(first[skipped:], file), named)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UnreadableFile(f"{path} cannot be read: {reason}.") from error


def known_encoding(name: str) -> str:
    """Return the name of an encoding of text as Python has it; raise UnreadableFile for any other."""
    try:
        known = codecs.lookup(name)
    except LookupError:
        known = None
    if known is None or not getattr(known, "_is_text_encoding", True):
        raise UnreadableFile(f"There is no encoding {name!r}; common ones are utf-8, windows-1252, utf-16.")
    return known.name


def _is_same(one: str, other: str) -> bool:
    return codecs.lookup(one).name == codecs.lookup(other).name


def _encoding_of(path: Path, first: bytes) -> tuple[str, int]:
    """Return the encoding and the length of its mark."""
    for beginning, kind in _OTHER_KINDS:
        if first.lower().startswith(beginning.lower()):
            raise UnreadableFile(f"{path.name} is {kind}")
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return encoding, len(mark)
    # Text of ours is mostly ASCII: in UTF-16 every other byte of it is zero.
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(first) > 3 and first[:200][start::2].count(0) > 0.8 * len(first[:200][start::2]):
            return encoding, 0
    return "utf-8", 0


def _pieces(first: bytes, file: BinaryIO) -> Iterator[bytes]:
    """Yield what was read already and all that follows; empty at the end. A pipe cannot be read twice."""
    if first:
        yield first
    while piece := file.read(_PIECE):
        yield piece
    yield b""


def _decoded(path: Path, pieces: Iterator[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    rest, number = "", 0
    for piece in pieces:
        try:
            rest += decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise _undecodable(path, error, line=number + 1, encoding=encoding) from error
        lines = _LINE.findall(rest)
        # What has no end yet goes on in the next piece; a return may be the first half of one.
        rest = lines.pop() if piece and lines and not lines[-1].endswith("\n") else ""
        for line in lines:
            number += 1
            if "\0" in line:
                raise UnreadableFile(f"{path.name} is not text: line {number} holds a zero byte. {_HOW}")
            yield line
        if len(rest) > _LONGEST_LINE:
            raise UnreadableFile(
                f"Line {number + 1} of {path.name} has more than {_LONGEST_LINE:,} characters, which is no "
                "list of readers."
            )


def _undecodable(path: Path, error: UnicodeDecodeError, *, line: int, encoding: str) -> UnreadableFile:
    whole, at = error.object, error.start
    line += whole.count(b"\n", 0, at)
    if encoding != "utf-8":
        return UnreadableFile(f"Line {line} of {path.name} is not {encoding.upper()}. {_HOW}")
    start = whole.rfind(b"\n", 0, at) + 1
    end = whole.find(b"\n", at)
    text = whole[start : end if end > 0 else len(whole)].strip().decode("windows-1252", "replace")
    shown = "".join(one if one.isprintable() else " " for one in text)[:80]
    return UnreadableFile(
        f"Line {line} of {path.name} is not UTF-8. If it is right as “{shown}”, the file is in "
        f"Windows-1252: import it with --encoding windows-1252. If not, save it as UTF-8. {_HOW}"
    )
