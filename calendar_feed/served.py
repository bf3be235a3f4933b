"""What the web serves: every stored feed as whole bytes, read once after each publishing and kept in memory.

Reading writes nothing. What did not change since it was read last is taken over as it is.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.addresses import (
    feed_address,
    file_name,
    mechanism_key,
    meeting_address,
    page_address,
)
from calendar_feed.calendar import join, single, zone_part
from calendar_feed.reading import entry_bodies, read_bodies
from calendar_feed.selection import Member, zones_in_use
from models.mechanism import Mechanism, MechanismAlias
from models.meeting import Meeting
from models.publication import Publication
from models.rendering import Feed, Rendered, Rendering
from templates.languages import ENGLISH


@dataclass(frozen=True, slots=True)
class ServedFeed:
    """A calendar as it goes over the wire.

    `etag` is the SHA-256 of `body` in hexadecimal, without quotes. `page` is the address of its HTML page on
    the site. `mark` tells whether the record holds another version by now.
    """

    body: bytes
    etag: str
    last_modified: datetime
    file_name: str
    page: str
    mark: str


@dataclass(frozen=True, slots=True)
class ServedFeeds:
    """Everything that is served, by address; it is never changed, only replaced.

    `moved` holds addresses that answer with another address, for ever: a mechanism's aliases. `revision` is
    that of the record and of the feeds when it was read.
    """

    revision: tuple[int, int]
    feeds: Mapping[str, ServedFeed] = field(default_factory=lambda: MappingProxyType({}))
    moved: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read_revision(session: Session) -> tuple[int, int]:
    """Return the revisions of record and feeds; when either grew, the feeds are read again."""
    row = session.execute(select(Publication.record_revision, Publication.feed_revision)).one()
    return row.record_revision, row.feed_revision


def read_served(session: Session, *, held: ServedFeeds | None = None) -> ServedFeeds:
    """Return every stored feed and every single meeting as served. `held` is what was read last."""
    before = held.feeds if held else {}
    feeds = {
        **dict(_stored_feeds(session, before=before)),
        **dict(_single_meetings(session, before=before)),
    }
    return ServedFeeds(
        revision=read_revision(session),
        feeds=MappingProxyType(feeds),
        moved=MappingProxyType(_moved(session, feeds)),
    )


def _stored_feeds(session: Session, *, before: Mapping[str, ServedFeed]) -> Iterable[tuple[str, ServedFeed]]:
    for row in session.scalars(select(Feed).order_by(Feed.path, Feed.language)):
        address = feed_address(row.path, language=row.language)
        mark = f"{row.hash} {row.changed_at.isoformat()}"
        last = before.get(address)
        if last is not None and last.mark == mark:
            yield address, last
            continue
        body = stored_bytes(session, row)
        yield (
            address,
            ServedFeed(
                body=body,
                etag=hashlib.sha256(body).hexdigest(),
                last_modified=row.changed_at,
                file_name=file_name(row.path, language=row.language),
                page=page_address(row.path, language=row.language),
                mark=mark,
            ),
        )


def stored_bytes(session: Session, row: Feed) -> bytes:
    """Return the bytes of a stored feed, its kept bodies joined in their order."""
    bodies = entry_bodies(session, row.path, language=row.language)
    return join(row.head, changed_at=row.changed_at, tail=row.tail_of_head, bodies=bodies)


def _single_meetings(
    session: Session, *, before: Mapping[str, ServedFeed]
) -> Iterable[tuple[str, ServedFeed]]:
    """Yield a calendar for each meeting that stands in feeds, in English."""
    marks = (
        select(
            Meeting.slug,
            Rendered.uid,
            Rendered.order_key,
            Rendered.zone,
            Rendering.hash,
            Rendering.last_modified,
        )
        .join(Rendered, Rendered.uid == Meeting.uid)
        .join(Rendering, Rendering.uid == Meeting.uid)
        .where(Rendering.language == ENGLISH, Rendering.hash != "")
        .order_by(Meeting.slug)
    )
    rows = session.execute(marks).all()
    stale = [row for row in rows if _mark_of(before.get(meeting_address(row.slug))) != row.hash]
    uids = [row.uid for row in stale]
    bodies = dict(zip(uids, read_bodies(session, uids, language=ENGLISH), strict=True))
    for row in rows:
        address = meeting_address(row.slug)
        if row.uid not in bodies:
            yield address, before[address]
            continue
        member = Member(uid=row.uid, order=row.order_key, feeds=frozenset(), zone=row.zone, size=0)
        zones = zone_part(zones_in_use([member]), empty=False)
        body = single(bodies[row.uid], zones=zones)
        yield (
            address,
            ServedFeed(
                body=body,
                etag=hashlib.sha256(body).hexdigest(),
                last_modified=row.last_modified,
                file_name=f"iscm-{row.slug}.ics",
                page=address.removesuffix(".ics"),
                mark=row.hash,
            ),
        )


def _mark_of(feed: ServedFeed | None) -> str | None:
    return feed.mark if feed else None


def _moved(session: Session, feeds: Mapping[str, ServedFeed]) -> dict[str, str]:
    """Return the addresses of mechanisms' feeds under other names; an address that stands never moves."""
    aliases = (
        select(MechanismAlias.slug, Mechanism.slug).join(Mechanism).where(MechanismAlias.slug.is_not(None))
    )
    languages = session.scalars(select(Feed.language).distinct()).all()
    found = {
        feed_address(mechanism_key(str(alias)), language=language): feed_address(
            mechanism_key(slug), language=language
        )
        for alias, slug in session.execute(aliases.where(MechanismAlias.slug.is_not(None)))
        for language in languages
    }
    return {
        alias: address for alias, address in sorted(found.items()) if alias not in feeds and address in feeds
    }
