"""Whose matter a refusal is: one table of enhanced status codes (RFC 3463), first row that fits."""

import re
from typing import Final

from models import BounceKind

# What a reply begins with: its code, perhaps the enhanced code (RFC 2034).
_REPLY: Final = re.compile(r"\s*(?:\(?#)?(?:([245]\d\d)[ -]+)?(?:\(?#)?([245]\.\d{1,3}\.\d{1,3})?(?![\d.])")
_HASHED: Final = re.compile(r"\(?#([245]\.\d{1,3}\.\d{1,3})\)?")
_STATUS: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")

_TABLE: Final = (
    # These say that the sender's address is wrong (RFC 3463 section 3.2; 20 and 90 by Exchange Online), so
    # they are about us, though they stand among the codes of addresses.
    (re.compile(r"5\.1\.(?:7|8|20|90)"), BounceKind.POLICY),
    (re.compile(r"5\.1\.\d+"), BounceKind.HARD),
    (re.compile(r"5\.2\.1"), BounceKind.HARD),
    (re.compile(r"4\.\d+\.\d+"), BounceKind.SOFT),
    (re.compile(r"5\.2\.2"), BounceKind.SOFT),
    (re.compile(r"5\.3\.4"), BounceKind.SOFT),
    (re.compile(r"5\.4\.\d+"), BounceKind.SOFT),
    (re.compile(r"5\.[67]\.\d+"), BounceKind.POLICY),
)


def class_of(status: str | None) -> BounceKind:
    """Return the class of an enhanced status code; one that says nothing is unclear."""
    found = next((kind for form, kind in _TABLE if status and form.fullmatch(status)), None)
    return found or BounceKind.UNCLEAR


def status_of(field: str, diagnostic: str) -> str | None:
    """Return the code that says most: the report's Status, unless it is general and the server's own is not.

    Some mail servers write 5.0.0 whatever the other side has answered (Exim, Postfix without a better one).
    """
    given = _STATUS.match(field.strip())
    of_report = given.group() if given else None
    if of_report is not None and not of_report.endswith((".0.0", ".1.0")):
        return of_report
    _, of_server = reply_of(diagnostic)
    return of_server or of_report


def reply_of(text: str) -> tuple[int | None, str | None]:
    """Return the code and the enhanced code a server's words begin with, None for what is not there."""
    found = _REPLY.match(text[:200])
    code = int(found[1]) if found and found[1] else None
    status = found[2] if found else None
    if status is None and (hashed := _HASHED.search(text[:500])):
        status = hashed[1]
    if status is None and code is not None and 400 <= code < 500:
        status = "4.0.0"
    return code, status
