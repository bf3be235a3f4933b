"""What names a person or opens a door is taken out of words before they are written down or mailed.

Rather too much is masked than too little: whoever reads a log needs to know what happened, not to whom.
"""

import re
from typing import Final

MASK: Final = "***"

# Runs of what an address can be made of, each looked at once: a pattern that looks for the @ itself takes
# quadratic time on a long line without one.
_RUN: Final = re.compile(r"[^\s<>\"(),;:]+")
_AT: Final = re.compile(r"@|%40", re.IGNORECASE)
_QUOTED_LOCAL: Final = re.compile(r"\"[^\"\n]{1,64}\"@")

# The links of letters and the addresses of private feeds, in any language and variant.
_TOKEN: Final = re.compile(r"((?:/|%2f)(?:u|c|p|private|my-edit)(?:/|%2f))[^/\s?#\"'<>]+", re.IGNORECASE)
_PASSWORD: Final = re.compile(r"(\w://[^\s/:@]{0,200}:)[^\s/]{1,200}@")
_CREDENTIALS: Final = re.compile(r"\b(basic|bearer)\s+[A-Za-z0-9+/=._~-]{8,}", re.IGNORECASE)
_NAMED_SECRET: Final = re.compile(
    r"\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key|password|passwd|secret(?:_key)?|token)\b"
    r"([\"']?\s*[:=]\s*)[^\r\n]+",
    re.IGNORECASE,
)
# PostgreSQL quotes the row it minds.
_ROW: Final = re.compile(r"(Failing row contains |Key \([^)\n]*\)=)\([^\n]*\)")


def masked(text: str) -> str:
    """Return the text without mail addresses, link tokens, passwords and rows of the database.

    Takes time in proportion to the text. Masking what is masked changes nothing.
    """
    text = _PASSWORD.sub(rf"\1{MASK}@", text)
    text = _NAMED_SECRET.sub(rf"\1\2{MASK}", text)
    text = _CREDENTIALS.sub(rf"\1 {MASK}", text)
    text = _TOKEN.sub(rf"\1{MASK}", text)
    text = _ROW.sub(rf"\1({MASK})", text)
    if _AT.search(text) is None:
        return text
    return _RUN.sub(_without_address, _QUOTED_LOCAL.sub(f"{MASK}@", text))


def _without_address(run: re.Match[str]) -> str:
    """Return a run of characters, or the mask where something stands behind an @ in it."""
    at = _AT.search(run.group())
    return run.group() if at is None or at.end() == len(run.group()) else MASK
