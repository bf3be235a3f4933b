"""What stands in calendars now: every stored feed and every kept event, as the bytes that a reader gets."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models.database import Database
from models.rendering import Feed, FeedEntry, Rendered, Rendering
from tests.calendar_feed.edits.oracle import Place


@dataclass(frozen=True)
class StoredFeed:
    """One feed: the UIDs it shows in order, a hash that changes with its bytes, since when, its size."""

    shown: Sequence[str]
    fingerprint: str
    changed_at: datetime
    size: int


@dataclass(frozen=True)
class Stored:
    """Every feed by key and language, the bytes of every event by UID and language, each SEQUENCE."""

    feeds: Mapping[Place, StoredFeed]
    events: Mapping[Place, bytes]
    sequences: Mapping[str, int]


def read_stored(database: Database) -> Stored:
    """Put every feed together from the rows that it is served from."""
    with database.reading() as session:
        rendered = {row.uid: row for row in session.scalars(select(Rendered))}
        events = {(row.uid, row.language): row.body for row in session.scalars(select(Rendering)) if row.body}
        under: dict[str, set[str]] = {}
        for entry in session.scalars(select(FeedEntry)):
            under.setdefault(entry.path, set()).add(entry.uid)
        digests = {place: hashlib.sha256(body).digest() for place, body in events.items()}
        feeds = {}
        for row in session.scalars(select(Feed)):
            entered = set().union(*(under.get(source, set()) for source in row.sources))
            orders = sorted((rendered[uid].order_key, uid) for uid in entered)
            shown = [uid for order, uid in orders if row.shown_from is not None and order >= row.shown_from]
            stamp = row.changed_at.isoformat().encode()
            told = [digests[uid, row.language] for uid in shown]
            whole = hashlib.sha256(b"\0".join([row.head, stamp, row.tail_of_head, *told]))
            size = len(row.head + row.tail_of_head) + sum(len(events[uid, row.language]) for uid in shown)
            feeds[row.path, row.language] = StoredFeed(shown, whole.hexdigest(), row.changed_at, size)
        return Stored(feeds, events, {uid: row.sequence for uid, row in rendered.items()})
