"""The stored feeds as an operator sees them: what there is, and whether it is fit to be served."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.asked import Asked
from calendar_feed.calendar import join
from calendar_feed.event import body_hash
from calendar_feed.keys import holds_everything
from calendar_feed.reading import shown_bodies
from calendar_feed.selfcheck import event_faults, frame_faults, joint_faults
from models.publication import Publication
from models.refusal import Refusal
from models.rendering import Feed, Rendering


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
    return [
        StoredFeed(
            address=Asked(row.path, row.language).address,
            name=row.name,
            language=row.language,
            events=row.events,
            size=row.size,
            changed_at=row.changed_at,
        )
        for row in _rows(session)
    ]


def check_feeds(session: Session) -> list[str]:
    """Return what is wrong with the stored feeds, one sentence each.

    Every kept event is parsed anew, once, and so is the frame of every feed; then the bytes of each feed are
    looked at as a whole. The alarm of the last publishing is among the sentences. Raises NothingPublished
    where there is no feed yet.
    """
    faults = [alarm for alarm in session.scalars(select(Publication.alarm)) if alarm]
    rows = _rows(session)
    for uid, language, digest, body in session.execute(_BODIES):
        wrong = event_faults(body)
        if body_hash(body) != digest:
            wrong.append("its bytes are not those that were published")
        faults += [f"event {uid} ({language}): {fault}" for fault in wrong]
    for row in rows:
        address = Asked(row.path, row.language).address
        faults += [f"{address}: {fault}" for fault in _faults(session, row)]
    return faults


_BODIES = (
    select(Rendering.uid, Rendering.language, Rendering.hash, Rendering.body)
    .where(Rendering.hash != "")
    .order_by(Rendering.uid, Rendering.language)
    .execution_options(yield_per=200)
)


def _faults(session: Session, row: Feed) -> Iterable[str]:
    bodies = shown_bodies(session, row)
    if len(bodies) != row.events:
        yield f"it shows {len(bodies)} events where {row.events} were published"
    yield from frame_faults(join(row.head, changed_at=row.changed_at, tail=row.tail_of_head, bodies=[]))
    whole = join(row.head, changed_at=row.changed_at, tail=row.tail_of_head, bodies=bodies)
    yield from joint_faults(whole, holds_everything=holds_everything(row.path))


def _rows(session: Session) -> list[Feed]:
    rows = list(session.scalars(select(Feed)))
    if not rows:
        raise NothingPublished("No feed has been published yet. Start the service with: iscm serve")
    return sorted(rows, key=lambda row: (row.language, row.path))
