"""Feeds as they go over the wire: joined from kept bodies, told otherwise, in the form that was asked for."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.addresses import meeting_address, page_address
from calendar_feed.asked import Asked, Form
from calendar_feed.calendar import join, renamed, single, zone_part
from calendar_feed.forms.atom import Gone, atom
from calendar_feed.forms.csv_table import csv_table
from calendar_feed.forms.events import read_calendar
from calendar_feed.forms.jcal import jcal
from calendar_feed.forms.json_feed import json_feed
from calendar_feed.keys import own_code
from calendar_feed.own_calendar import OwnCalendar, read_own_calendar
from calendar_feed.reading import shown_bodies
from calendar_feed.selection import Member, zones_in_use
from calendar_feed.standings import version_mark
from calendar_feed.variants import varied, zones_told
from models.meeting import Meeting, Tombstone
from models.rendering import Feed, Rendered, Rendering

CONTENT_TYPES: Final = {
    Form.ICS: "text/calendar; charset=utf-8",
    Form.JSON: "application/feed+json; charset=utf-8",
    Form.JCAL: "application/calendar+json; charset=utf-8",
    Form.CSV: "text/csv; charset=utf-8; header=present",
    Form.ATOM: "application/atom+xml; charset=utf-8",
}
_HELP: Final = "/help/calendar"


@dataclass(frozen=True, slots=True)
class ServedFeed:
    """A calendar as it goes over the wire.

    `etag` is the SHA-256 of `body` in hexadecimal, without quotes. `page` is the address of its HTML page on
    the site. `mark` tells whether the record holds another version by now.
    """

    body: bytes
    etag: str
    last_modified: datetime
    content_type: str
    file_name: str
    page: str
    mark: str


def read_feed(session: Session, asked: Asked) -> ServedFeed | None:
    """Return what is asked for as it is now, or None where there is no such feed.

    A variant or another form is a function of the stored bytes and has their times.
    """
    code = own_code(asked.key)
    if code is not None:
        own = read_own_calendar(session, code)
        return _of_own(own, asked) if own else None
    row = session.get(Feed, (asked.key, asked.language))
    if row is None:
        return None
    gone = _gone(session, row) if asked.form is Form.ATOM else []
    return told_as(row, asked, bodies=shown_bodies(session, row), gone=gone)


def told_as(row: Feed, asked: Asked, *, bodies: list[bytes], gone: Sequence[Gone]) -> ServedFeed:
    """Return a stored feed as it is asked for: `bodies` are those it shows, `gone` what left it for ever."""
    body = _calendar(row, asked, bodies)
    if asked.form is not Form.ICS:
        body = _in_form(body, asked, language=asked.language, gone=gone)
    mark = version_mark(row.hash, row.changed_at)
    return _served(body, asked, last_modified=row.changed_at, language=asked.language, mark=mark)


def _of_own(own: OwnCalendar, asked: Asked) -> ServedFeed:
    """Return the calendar of a saved choice as it is asked for; its mark says nothing, see `Standings`."""
    head, rest, bodies, zones = own.head, own.rest, list(own.bodies), own.zones
    if asked.variants:
        head, rest, bodies, zones = _varied(head, rest, bodies, asked)
    body = join(head, changed_at=own.changed_at, tail=rest + zones, bodies=bodies)
    if asked.form is not Form.ICS:
        body = _in_form(body, asked, language=own.language, gone=own.gone)
    return _served(body, asked, last_modified=own.last_modified, language=own.language, mark="")


def _served(body: bytes, asked: Asked, *, last_modified: datetime, language: str, mark: str) -> ServedFeed:
    return ServedFeed(
        body=body,
        etag=hashlib.sha256(body).hexdigest(),
        last_modified=last_modified,
        content_type=CONTENT_TYPES[asked.form],
        file_name=asked.file_name,
        page=page_address(asked.key, language=language),
        mark=mark,
    )


def read_meeting_calendar(session: Session, slug: str, *, language: str) -> ServedFeed | None:
    """Return the calendar of one meeting alone, or None where it stands in no feed."""
    row = session.execute(
        select(
            Rendered.uid,
            Rendered.order_key,
            Rendered.zone,
            Rendering.body,
            Rendering.hash,
            Rendering.last_modified,
        )
        .join(Meeting, Meeting.uid == Rendered.uid)
        .join(Rendering, Rendering.uid == Rendered.uid)
        .where(Meeting.slug == slug, Rendering.language == language, Rendering.hash != "")
    ).one_or_none()
    if row is None:
        return None
    member = Member(uid=row.uid, order=row.order_key, zone=row.zone, size=0)
    zones = zone_part(zones_in_use([member]), empty=False)
    body = single(row.body, zones=zones, language=language)
    return ServedFeed(
        body=body,
        etag=hashlib.sha256(body).hexdigest(),
        last_modified=row.last_modified,
        content_type=CONTENT_TYPES[Form.ICS],
        file_name=f"iscm-{slug}.ics",
        page=meeting_address(slug, language=language).removesuffix(".ics"),
        mark=version_mark(row.hash, row.last_modified),
    )


def _calendar(row: Feed, asked: Asked, bodies: list[bytes]) -> bytes:
    """Return the iCalendar bytes of a stored feed, or of a variant of it."""
    if not asked.variants:
        return join(row.head, changed_at=row.changed_at, tail=row.tail_of_head, bodies=bodies)
    rest = row.tail_of_head.partition(b"BEGIN:VTIMEZONE\r\n")[0]
    head, rest, bodies, zones = _varied(row.head, rest, bodies, asked)
    return join(head, changed_at=row.changed_at, tail=rest + zones, bodies=bodies)


def _varied(
    head: bytes, rest: bytes, bodies: list[bytes], asked: Asked
) -> tuple[bytes, bytes, list[bytes], bytes]:
    """Return header, bodies and zones as the variants that are asked for want them."""
    bodies = varied(bodies, asked.variants)
    base, own = (Asked(asked.key, asked.language, words).address for words in ((), asked.variants))
    head, rest = renamed(head, rest, path=own, of=base)
    return head, rest, bodies, zone_part(zones_told(bodies), empty=not bodies)


def _in_form(data: bytes, asked: Asked, *, language: str, gone: Sequence[Gone]) -> bytes:
    """Return iCalendar bytes in the other form that was asked for."""
    if asked.form is Form.JCAL:
        return jcal(data)
    calendar = read_calendar(data)
    if asked.form is Form.CSV:
        return csv_table(calendar)
    site = calendar.source.removesuffix(Asked(asked.key, asked.language, asked.variants).address)
    source = site + asked.address
    if asked.form is Form.ATOM:
        return atom(calendar, gone, source=source, language=language)
    return json_feed(calendar, source=source, language=language, about=site + _HELP)


def _gone(session: Session, row: Feed) -> list[Gone]:
    """Return the meetings that were deleted and stood in this feed to the last."""
    rows = session.execute(select(Tombstone.uid, Tombstone.deleted_at, Tombstone.feeds))
    return [Gone(uid, at) for uid, at, feeds in rows if row.path in feeds]
