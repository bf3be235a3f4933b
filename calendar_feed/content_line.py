"""One content line of iCalendar: guarded text, escaped, folded at 75 octets, ended by CRLF (RFC 5545, 3.1).

Libraries let control characters through and some fold inside a character; both have made calendar programs
drop whole feeds. Every value of every feed therefore passes through this file.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

from templates.isolates import FIRST_STRONG_ISOLATE, POP_ISOLATE, balanced
from templates.text import clean_text

FOLD_AT = 75
"""The longest physical line in octets, its CRLF not counted (RFC 5545, 3.1)."""

_ESCAPES = {ord("\\"): "\\\\", ord(";"): "\\;", ord(","): "\\,", ord("\n"): "\\n"}
# RFC 6868: a parameter's value has no backslash escapes; these three characters are written with a caret.
_CARETS = {ord("^"): "^^", ord("\n"): "^n", ord('"'): "^'"}
_ISOLATES = re.compile(f"([{FIRST_STRONG_ISOLATE}{POP_ISOLATE}])")
_PLAIN_PARAMETER = re.compile(r"[^\";:,^]*")
_URI_SAFE = "!#$%&'()*+,/:;=?@[]~-._"


def clean(text: str) -> str:
    """Return `text` as a calendar may carry it: in NFC, without control characters other than LF.

    Of the characters that reorder text only isolates stay, and only where each is closed again.
    """
    parts = _ISOLATES.split(balanced(text)) if FIRST_STRONG_ISOLATE in text else [text]
    return "".join(one if _ISOLATES.fullmatch(one) else clean_text(one) for one in parts).replace("\t", " ")


def text_value(text: str) -> str:
    """Return `text` cleaned, stripped at its ends and escaped as a TEXT value."""
    return clean(text).strip().translate(_ESCAPES)


def text_list(texts: Iterable[str]) -> str:
    """Return a comma-separated list of TEXT values, as CATEGORIES takes it."""
    return ",".join(text_value(text) for text in texts)


def uri_value(address: str) -> str:
    """Return an address as a URI value: what RFC 3986 does not allow is percent-encoded."""
    return quote(clean(address).strip(), safe=_URI_SAFE)


def parameter_value(value: str) -> str:
    """Return a parameter's value, quoted where it must be (RFC 5545, 3.2) and with carets by RFC 6868."""
    encoded = clean(value).translate(_CARETS)
    return encoded if _PLAIN_PARAMETER.fullmatch(encoded) and " " not in encoded else f'"{encoded}"'


def content_line(name: str, value: str) -> bytes:
    """Return one folded line. `name` may hold parameters; `value` was made ready by a function above."""
    return fold(f"{name}:{value}".encode())


def fold(line: bytes) -> bytes:
    """Fold a line of UTF-8 at 75 octets without cutting a character, and end it with CRLF."""
    if len(line) <= FOLD_AT:
        return line + b"\r\n"
    pieces, start, room = [], 0, FOLD_AT
    while len(line) - start > room:
        cut = start + room
        while line[cut] & 0xC0 == 0x80:  # a continuation byte: the character began before the cut
            cut -= 1
        pieces.append(line[start:cut])
        start, room = cut, FOLD_AT - 1  # the space that marks a continuation is counted too
    pieces.append(line[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def unfold(data: bytes) -> bytes:
    """Undo folding: every CRLF followed by a space or tab is removed (RFC 5545, 3.1)."""
    return data.replace(b"\r\n ", b"").replace(b"\r\n\t", b"")
