"""Conditional requests: whether the client may go on using what it has (RFC 9110, 13.1)."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# The W/ of a weak tag is passed over: If-None-Match compares weakly (RFC 9110, 13.1.2).
_TAG = re.compile(r'"(?P<quoted>[^"]*)"|(?P<bare>[^\s,"]+)')


def is_unchanged(headers: Iterable[tuple[bytes, bytes]], *, etag: str, last_modified: datetime) -> bool:
    """Say whether a request with these headers is to be answered 304.

    `etag` is the strong tag without its quotes. If-None-Match (a list, weak tags, `*`) decides alone where it
    is given; If-Modified-Since is heard only without it, and ignored where its date cannot be read.
    """
    named = [(name.lower(), value.decode("latin-1")) for name, value in headers]
    tags = [value for name, value in named if name == b"if-none-match"]
    if tags:
        return _holds(tags, etag=etag)
    dates = [value for name, value in named if name == b"if-modified-since"]
    since = _date(dates[0]) if len(dates) == 1 else None
    return since is not None and last_modified <= since


def _holds(values: Sequence[str], *, etag: str) -> bool:
    """Say whether the tag is among those given; one that lost its quotes on the way counts too."""
    for value in values:
        if value.strip() == "*":
            return True
        if any(etag in (found["quoted"], found["bare"]) for found in _TAG.finditer(value)):
            return True
    return False


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
