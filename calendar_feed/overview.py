"""The stored feeds as an operator sees them: what there is, and whether it is fit to be served."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calendar_feed.addresses import feed_address
from calendar_feed.calendar import content_hash
from calendar_feed.reading import entry_bodies
from calendar_feed.selfcheck import feed_faults
from calendar_feed.served import stored_bytes
from models.publication import Publication
from models.refusal import Refusal
from models.rendering import Feed, FeedEntry


class NothingPublished(Refusal):
    """There is no stored feed yet."""


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """A stored feed: its address on the site, its name, how many events and bytes it holds, since when."""

    address: str
    name: str
    language: str
    events: int
    size: int
    changed_at: datetime


def list_feeds(session: Session) -> list[StoredFeed]:
    """Return every stored feed, by address. Raises NothingPublished where there is none yet."""
    counted = select(FeedEntry.path, func.count().label("events")).group_by(FeedEntry.path)
    events = {row.path: row.events for row in session.execute(counted)}
    return [
        StoredFeed(
            address=feed_address(row.path, language=row.language),
            name=row.name,
            language=row.language,
            events=events.get(row.path, 0),
            size=len(stored_bytes(session, row)),
            changed_at=row.changed_at,
        )
        for row in _rows(session)
    ]


def check_feeds(session: Session) -> list[str]:
    """Return what is wrong with the stored feeds, one sentence each: every feed is parsed anew.

    The alarm of the last publishing is among them. Raises NothingPublished where there is no feed yet.
    """
    faults = [alarm for alarm in session.scalars(select(Publication.alarm)) if alarm]
    for row in _rows(session):
        address = feed_address(row.path, language=row.language)
        faults += [f"{address}: {fault}" for fault in _faults(session, row)]
    return faults


def _faults(session: Session, row: Feed) -> Iterable[str]:
    bodies = entry_bodies(session, row.path, language=row.language)
    if content_hash(row.head, tail=row.tail_of_head, bodies=bodies) != row.hash:
        yield "its bytes are not those that were published"
    yield from feed_faults(stored_bytes(session, row))


def _rows(session: Session) -> list[Feed]:
    rows = list(session.scalars(select(Feed)))
    if not rows:
        raise NothingPublished("No feed has been published yet. Start the service with: iscm serve")
    return sorted(rows, key=lambda row: (row.language, row.path))
