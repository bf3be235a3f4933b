"""The parts of a mail from anybody: bounded in depth, number and time, and never an error.

The standard library's parser goes as deep as a mail says and looks at each line for every open boundary, so
that one megabyte can take minutes. This one reads a mail in time proportional to its size.
"""

import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

DEEPEST: Final = 8
MOST_PARTS: Final = 64
MOST_FIELDS: Final = 500
LONGEST_FIELD: Final = 8_000
_LARGEST_HEADER: Final = 200_000

_PARAMETER: Final = re.compile(r';\s*([A-Za-z0-9*_-]{1,40})\s*=\s*("(?:[^"\\]|\\.){0,500}"|[^\s;"]{1,500})')
_NAME: Final = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one header, in their order: names in lower case, values unfolded."""

    pairs: Sequence[tuple[str, str]]

    def all(self, name: str) -> list[str]:
        """Return every value of a field."""
        return [value for key, value in self.pairs if key == name]

    def first(self, name: str) -> str:
        """Return a field's first value, empty where there is none."""
        return next((value for key, value in self.pairs if key == name), "")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that holds no others: its fields, its type in lower case, its content as bytes, decoded."""

    fields: Fields
    kind: str
    charset: str
    content: bytes
    depth: int


def split_header(content: bytes) -> tuple[Fields, bytes]:
    """Return the fields at the beginning, and what follows their empty line."""
    head, body = _cut_at_empty_line(content)
    pairs: list[tuple[str, str]] = []
    name, value = "", ""
    for line in head[:_LARGEST_HEADER].split(b"\n"):
        if line[:1] in {b" ", b"\t"}:
            if len(value) < LONGEST_FIELD:
                value += " " + _plain(line.strip())
            continue
        found = _NAME.match(line)
        if found is None:
            continue
        if name:
            pairs.append((name, value[:LONGEST_FIELD]))
        if len(pairs) >= MOST_FIELDS:
            return Fields(pairs), body
        name, value = found[1].decode("ascii").lower(), _plain(line[found.end() :].strip())
    if name:
        pairs.append((name, value[:LONGEST_FIELD]))
    return Fields(pairs), body


def content_type(fields: Fields) -> tuple[str, dict[str, str]]:
    """Return the type in lower case ("text/plain" where none is told) and its parameters."""
    value = fields.first("content-type")
    kind = value.partition(";")[0].strip().lower()
    found = {name.lower(): _unquoted(given) for name, given in _PARAMETER.findall(value[:LONGEST_FIELD])}
    return (kind if "/" in kind else "text/plain"), found


def parts_of(fields: Fields, body: bytes) -> list[Part]:
    """Return all parts of a mail that hold no others, in their order; the rest of too many is left out."""
    found: list[Part] = []
    # From last to first, so that the first is taken next: no recursion, whatever the mail says.
    waiting = [(fields, body, 0)]
    while waiting and len(found) < MOST_PARTS:
        its_fields, its_body, depth = waiting.pop()
        kind, parameters = content_type(its_fields)
        boundary = parameters.get("boundary", "")
        if kind.startswith("multipart/") and boundary and depth < DEEPEST:
            inner = [(*split_header(piece), depth + 1) for piece in _pieces(its_body, boundary)]
            waiting += reversed(inner)
            continue
        content = _decoded(its_fields, its_body)
        found.append(Part(its_fields, kind, parameters.get("charset", ""), content, depth))
    return found


def _pieces(body: bytes, boundary: str) -> Iterator[bytes]:
    """Yield what stands between the lines of a boundary, one pass from start to end."""
    mark = b"\n--" + boundary.encode("latin-1", "replace")
    text = b"\n" + body
    at = text.find(mark)
    number = 0
    while at >= 0 and number < MOST_PARTS:
        start = at + len(mark)
        if text[start : start + 2] == b"--":
            return
        line_end = text.find(b"\n", start)
        if line_end < 0:
            return
        at = text.find(mark, line_end)
        yield text[line_end + 1 : at] if at >= 0 else text[line_end + 1 :]
        number += 1


def _decoded(fields: Fields, body: bytes) -> bytes:
    encoding = fields.first("content-transfer-encoding").strip().lower()
    if encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
        try:
            return binascii.a2b_base64(letters[: len(letters) // 4 * 4] + _padded(letters))
        except binascii.Error:
            return b""
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    return body


def _padded(letters: bytes) -> bytes:
    rest = letters[len(letters) // 4 * 4 :]
    return b"" if len(rest) < 2 else rest + b"=" * (4 - len(rest))


def _cut_at_empty_line(content: bytes) -> tuple[bytes, bytes]:
    if content.startswith(b"\n"):
        return b"", content[1:]
    head, _, body = content.partition(b"\n\n")
    return head, body


def _plain(value: bytes) -> str:
    """Return a field's value as text; UTF-8 as RFC 6532 allows it, anything else without harm."""
    text = value[:LONGEST_FIELD].decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
