"""The stored feeds as an operator sees them: what there is, and whether it is fit to be served."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.asked import Asked
from calendar_feed.calendar import join
from calendar_feed.event import body_hash
from calendar_feed.keys import Family, family_of, holds_everything
from calendar_feed.reading import shown_bodies
from calendar_feed.selfcheck import event_faults, frame_faults, joint_faults
from models.publication import Publication
from models.refusal import Refusal
from models.rendering import Feed, Rendering
from templates.languages import ENGLISH


class NothingPublished(Refusal):
    """There is no stored feed yet."""


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """A stored feed: its address on the site, its name, how many events and bytes it holds, since when."""

    address: str
    family: Family
    name: str
    language: str
    events: int
    size: int
    changed_at: datetime


def list_feeds(session: Session) -> list[StoredFeed]:
    """Return every stored feed, by language, family and name. Raises NothingPublished where there is none."""
    return [
        StoredFeed(
            address=Asked(row.path, row.language).address,
            family=family_of(row.path)[0],
            name=row.name,
            language=row.language,
            events=row.events,
            size=row.size,
            changed_at=row.changed_at,
        )
        for row in _rows(session)
    ]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of the feeds of one family in one language; `faults` are sentences."""

    family: Family
    language: str
    feeds: int
    events: int
    size: int
    faults: tuple[str, ...]


def check_feeds(session: Session) -> list[str]:
    """Return what is wrong with the stored feeds, one sentence each.

    Every kept event is parsed anew, once, and so is the frame of every feed; then the bytes of each feed are
    looked at as a whole. The alarm of the last publishing is among the sentences. Raises NothingPublished
    where there is no feed yet.
    """
    checked = check_families(session)
    return [*general_faults(session), *(fault for one in checked for fault in one.faults)]


def general_faults(session: Session) -> list[str]:
    """Return the alarm of the last publishing, and what is wrong with kept events, whatever feed has them."""
    faults = [alarm for alarm in session.scalars(select(Publication.alarm)) if alarm]
    for uid, language, digest, body in session.execute(_BODIES):
        wrong = event_faults(body)
        if body_hash(body) != digest:
            wrong.append("its bytes are not those that were published")
        faults += [f"event {uid} ({language}): {fault}" for fault in wrong]
    return faults


def check_families(session: Session) -> list[Checked]:
    """Return what is found of the feeds as wholes, for each family in each language.

    Raises NothingPublished where there is no feed yet.
    """
    found: dict[tuple[str, Family], list[Feed]] = {}
    for row in _rows(session):
        found.setdefault((row.language, family_of(row.path)[0]), []).append(row)
    return [
        Checked(
            family=family,
            language=language,
            feeds=len(rows),
            events=sum(row.events for row in rows),
            size=sum(row.size for row in rows),
            faults=tuple(
                f"{Asked(row.path, row.language).address}: {fault}"
                for row in rows
                for fault in _faults(session, row)
            ),
        )
        for (language, family), rows in found.items()
    ]


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
    order = list(Family)
    return sorted(
        rows,
        key=lambda row: (
            row.language != ENGLISH,
            row.language,
            order.index(family_of(row.path)[0]),
            row.path,
        ),
    )
