"""Variants: the same meetings told otherwise, made from kept bodies alone.

Each is a word between `feeds` and the key, `/feeds/v/busy/utc/all.ics`; several stand in alphabetical order.
A body is bytes we wrote ourselves: the lines that are exchanged here are short, so they are never folded.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from calendar_feed.calendar import ZoneUse
from calendar_feed.content_line import fold, unfold
from calendar_feed.states import HOURS_MARK, MONTH_MARK


class Variant(StrEnum):
    """What a reader may want otherwise. The order is that of their words in an address."""

    BUSY = "busy"
    CANCELLED_VISIBLE = "cancelled-visible"
    SESSIONS = "sessions"
    TBC_OMIT = "tbc-omit"
    UTC = "utc"


_MONTH_LINE = f"\r\n{MONTH_MARK[0]}:{MONTH_MARK[1]}\r\n".encode()
_UNSURE = (_MONTH_LINE, b"\r\nX-ISCM-STATUS:POSTPONED\r\n", b"\r\nSTATUS:CANCELLED\r\n")
_LOCAL = re.compile(rb"\r\n(DTSTART|DTEND);TZID=\"?([^:\";\r]+)\"?:(\d{8}T\d{6})(?=\r\n)")
_HOURS = re.compile(rf"\r\n{HOURS_MARK}:(\d{{6}})/(\d{{6}}) (\S+)(?=\r\n)".encode())
_DAYS = re.compile(rb"\r\nDTSTART;VALUE=DATE:(\d{8})\r\nDTEND;VALUE=DATE:(\d{8})(?=\r\n)")
_DAY = timedelta(days=1)


def varied(bodies: Iterable[bytes], variants: Sequence[Variant]) -> list[bytes]:
    """Return the bodies of a feed as these variants want them, in the same order."""
    wanted = set(variants)
    found: list[bytes] = []
    for body in bodies:
        if Variant.TBC_OMIT in wanted and _MONTH_LINE in body:
            continue
        parts = _sessions(body) if Variant.SESSIONS in wanted else [body]
        found += [_told_otherwise(part, wanted) for part in parts]
    return found


def zones_told(bodies: Iterable[bytes]) -> list[ZoneUse]:
    """Return the zones that events are timed by, sorted by name, with the years they lie in."""
    years: dict[str, list[int]] = {}
    for body in bodies:
        for _, zone, moment in _LOCAL.findall(body):
            year = int(moment[:4])
            years.setdefault(zone.decode(), []).extend((year, year + (moment[4:8] == b"1231")))
    return [ZoneUse(zone, min(found), max(found)) for zone, found in sorted(years.items())]


def _told_otherwise(body: bytes, wanted: set[Variant]) -> bytes:
    if Variant.BUSY in wanted:
        body = _busy(body)
    if Variant.CANCELLED_VISIBLE in wanted:
        body = body.replace(b"\r\nSTATUS:CANCELLED\r\n", b"\r\nSTATUS:CONFIRMED\r\n")
    if Variant.UTC in wanted:
        body = _LOCAL.sub(_in_utc, body)
    return body


def _busy(body: bytes) -> bytes:
    """Take up the reader's time; what is cancelled, postponed or has no day takes up none."""
    if any(sign in body for sign in _UNSURE):
        return body
    return body.replace(b"\r\nTRANSP:TRANSPARENT\r\n", b"\r\nTRANSP:OPAQUE\r\n").replace(
        b"\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n", b"\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n"
    )


def _in_utc(found: re.Match[bytes]) -> bytes:
    local = datetime.fromisoformat(found[3].decode()).replace(tzinfo=ZoneInfo(found[2].decode()))
    return b"\r\n%s:%s" % (found[1], f"{local.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode())


def _sessions(body: bytes) -> list[bytes]:
    """Return one timed event a day of a meeting whose hours on several days are known, else the body alone.

    Each has a UID of its own, made of the meeting's and the day, and names the meeting it belongs to.
    """
    hours, days = _HOURS.search(body), _DAYS.search(body)
    if hours is None or days is None:
        return [body]
    first, after = (date.fromisoformat(day.decode()) for day in days.groups())
    number = (after - first).days
    zone = b";TZID=" + hours[3]
    parts = []
    for index in range(number):
        day = f"{first + index * _DAY:%Y%m%d}".encode()
        span = b"\r\nDTSTART%s:%sT%s\r\nDTEND%s:%sT%s" % (zone, day, hours[1], zone, day, hours[2])
        part = _DAYS.sub(span.replace(b"\\", b"\\\\"), _HOURS.sub(b"", body))
        parts.append(_as_session(part, day=day, place=f" ({index + 1}/{number})".encode()))
    return parts


def _as_session(body: bytes, *, day: bytes, place: bytes) -> bytes:
    lines = []
    for line in unfold(body).split(b"\r\n")[:-1]:
        if line.startswith(b"UID:"):
            lines += [line + b"-" + day, b"RELATED-TO:" + line.removeprefix(b"UID:")]
        elif line.startswith(b"SUMMARY"):
            lines.append(line + place)
        else:
            lines.append(line)
    return b"".join(fold(line) for line in lines)
