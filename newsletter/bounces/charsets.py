"""Words of a mail from anybody as text, whatever charset it names."""

import base64
import binascii
import codecs
import re
from typing import Final

# Only these: Python knows further codecs that take quadratic time (punycode), warn (unicode_escape) or are no
# charsets at all.
_KNOWN: Final = re.compile(
    r"utf-?(?:7|8|16|16le|16be)|us-ascii|ascii|latin-?1|iso-?8859-\d{1,2}|(?:windows|cp)-?125\d|koi8-[ru]|"
    r"gb(?:2312|k|18030)|big5|shift_jis|euc-(?:jp|kr)|iso-2022-jp|macintosh",
    re.IGNORECASE,
)
_ENCODED: Final = re.compile(r"=\?([A-Za-z0-9_-]{1,40})(?:\*[A-Za-z-]{0,20})?\?([bBqQ])\?([^?\s]{0,400})\?=")
_BETWEEN: Final = re.compile(r"(\?=)\s+(=\?)")


def text_of(content: bytes, charset: str) -> str:
    """Return bytes as text: by the charset where it is one we trust, else as UTF-8; never an error."""
    name = charset.strip().strip("'\"").lower()
    if name in {"iso-8859-8-i", "iso-8859-6-i"}:
        name = name[:-2]
    if _KNOWN.fullmatch(name):
        try:
            codecs.lookup(name)
            return content.decode(name, "replace")
        except (LookupError, UnicodeError):
            pass
    return content.decode("utf-8", "replace")


def words_of(value: str) -> str:
    """Return a header's value with its encoded words read (RFC 2047)."""
    return _ENCODED.sub(_word, _BETWEEN.sub(r"\1\2", value))


def _word(found: re.Match[str]) -> str:
    charset, form, letters = found.groups()
    raw = letters.encode("ascii", "replace")
    if form in "bB":
        try:
            content = base64.b64decode(raw + b"=" * (-len(raw) % 4))
        except (binascii.Error, ValueError):
            return found.group()
    else:
        content = binascii.a2b_qp(raw, header=True)
    text = text_of(content, charset)
    return "".join(letter if letter.isprintable() else " " for letter in text)
