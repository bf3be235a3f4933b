"""Feeds as they are served: what stands at which address, and the bytes joined from kept bodies."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.addresses import (
    feed_address,
    file_name,
    meeting_address,
    page_address,
    variant_address,
)
from calendar_feed.calendar import join, renamed, single, zone_part
from calendar_feed.keys import Family, feed_key
from calendar_feed.reading import shown_bodies
from calendar_feed.selection import Member, zones_in_use
from calendar_feed.variants import Variant, varied, zones_told
from models.mechanism import Mechanism, MechanismAlias
from models.meeting import Meeting
from models.publication import Publication
from models.rendering import Feed, Rendered, Rendering


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
class Standing:
    """A stored feed that can be served: its key and language, and the mark of its present version."""

    key: str
    language: str
    mark: str
    size: int


@dataclass(frozen=True, slots=True)
class Standings:
    """Everything that is served, by address; it is never changed, only replaced.

    `moved` holds addresses that answer with another address, for ever: a mechanism's aliases. `languages` are
    those of the feeds. `revision` is that of the record and of the feeds when it was read.
    """

    revision: tuple[int, int]
    feeds: Mapping[str, Standing] = field(default_factory=lambda: MappingProxyType({}))
    moved: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    languages: frozenset[str] = frozenset()


def read_revision(session: Session) -> tuple[int, int]:
    """Return the revisions of record and feeds; when either grew, the standings are read again."""
    row = session.execute(select(Publication.record_revision, Publication.feed_revision)).one()
    return row.record_revision, row.feed_revision


def read_standings(session: Session) -> Standings:
    """Return what is served, without its bytes."""
    columns = select(Feed.path, Feed.language, Feed.hash, Feed.changed_at, Feed.size)
    feeds = {
        feed_address(row.path, language=row.language): Standing(
            row.path, row.language, _mark(row.hash, row.changed_at), row.size
        )
        for row in session.execute(columns.order_by(Feed.path, Feed.language))
    }
    return Standings(
        revision=read_revision(session),
        feeds=MappingProxyType(feeds),
        moved=MappingProxyType(_moved(session, feeds)),
        languages=frozenset(standing.language for standing in feeds.values()),
    )


def read_feed(session: Session, key: str, *, language: str) -> ServedFeed | None:
    """Return a stored feed as it is now, or None where there is none."""
    row = session.get(Feed, (key, language))
    if row is None:
        return None
    body = stored_bytes(session, row)
    return ServedFeed(
        body=body,
        etag=hashlib.sha256(body).hexdigest(),
        last_modified=row.changed_at,
        file_name=file_name(key, language=language),
        page=page_address(key, language=language),
        mark=_mark(row.hash, row.changed_at),
    )


def read_variant(
    session: Session, key: str, *, language: str, variants: Sequence[Variant]
) -> ServedFeed | None:
    """Return a variant of a stored feed as it is now, or None where there is no such feed.

    It is a function of the stored bytes and has their times.
    """
    row = session.get(Feed, (key, language))
    if row is None:
        return None
    address = variant_address(key, language=language, variants=variants)
    bodies = varied(shown_bodies(session, row), variants)
    rest = row.tail_of_head.partition(b"BEGIN:VTIMEZONE\r\n")[0]
    head, rest = renamed(row.head, rest, path=address, of=feed_address(key, language=language))
    zones = zone_part(zones_told(bodies), empty=not bodies)
    body = join(head, changed_at=row.changed_at, tail=rest + zones, bodies=bodies)
    return ServedFeed(
        body=body,
        etag=hashlib.sha256(body).hexdigest(),
        last_modified=row.changed_at,
        file_name=file_name(key, language=language),
        page=page_address(key, language=language),
        mark=_mark(row.hash, row.changed_at),
    )


def stored_bytes(session: Session, row: Feed) -> bytes:
    """Return the bytes of a stored feed, its kept bodies joined in their order."""
    bodies = shown_bodies(session, row)
    return join(row.head, changed_at=row.changed_at, tail=row.tail_of_head, bodies=bodies)


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
    body = single(row.body, zones=zone_part(zones_in_use([member]), empty=False))
    return ServedFeed(
        body=body,
        etag=hashlib.sha256(body).hexdigest(),
        last_modified=row.last_modified,
        file_name=f"iscm-{slug}.ics",
        page=meeting_address(slug, language=language).removesuffix(".ics"),
        mark=_mark(row.hash, row.last_modified),
    )


def _mark(digest: str, changed_at: datetime) -> str:
    return f"{digest} {changed_at.isoformat()}"


def _moved(session: Session, feeds: Mapping[str, Standing]) -> dict[str, str]:
    """Return the addresses of mechanisms' feeds under other names; an address that stands never moves."""
    aliases = session.execute(
        select(MechanismAlias.slug, Mechanism.slug)
        .join(MechanismAlias.mechanism)
        .where(MechanismAlias.slug.is_not(None))
    ).all()
    found = {
        feed_address(feed_key(Family.MECHANISM, str(alias)), language=language): feed_address(
            feed_key(Family.MECHANISM, slug), language=language
        )
        for alias, slug in aliases
        for language in sorted({standing.language for standing in feeds.values()})
    }
    return {
        alias: address for alias, address in sorted(found.items()) if alias not in feeds and address in feeds
    }
