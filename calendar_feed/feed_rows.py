"""Stored feeds: which of them hold other bytes now, and since when."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from calendar_feed.addresses import feed_address
from calendar_feed.bodies import Unfit, later
from calendar_feed.calendar import FOOTER, content_hash, header, join, zone_part
from calendar_feed.facts import MechanismFacts
from calendar_feed.headings import feed_facts
from calendar_feed.reading import read_bodies, read_mechanisms
from calendar_feed.selection import Member, all_feeds, in_window, zones_in_use
from calendar_feed.selfcheck import joint_faults
from models.rendering import Feed, FeedEntry, Rendered, Rendering


@dataclass(frozen=True, slots=True)
class _Heading:
    """The header of one feed in one language, as it must be now."""

    name: str
    head: bytes
    rest: bytes


def rebuild_feeds(
    session: Session,
    *,
    touched: Collection[str],
    everything: bool,
    now: datetime,
    base_url: str,
    languages: Sequence[str],
) -> list[tuple[str, str]]:
    """Join anew the feeds in which the `touched` meetings stood or stand, and those whose header differs.

    Returns the key and language of each feed with other bytes than before. Kept bodies are joined as they
    are; nothing is rendered. Raises Unfit when the bytes of a feed do not pass their check.
    """
    session.flush()
    mechanisms = read_mechanisms(session)
    stored = {(row.path, row.language): row for row in session.scalars(select(Feed))}
    headings = {
        (key, language): _heading(key, mechanisms=mechanisms, language=language, base_url=base_url)
        for key in all_feeds(mechanisms.values())
        for language in languages
    }
    members = _members(session)
    keys = all_feeds(mechanisms.values())
    if not everything:
        stale = _touched_feeds(session, touched, members=members)
        stale |= {place[0] for place, heading in headings.items() if _differs(stored.get(place), heading)}
        keys = [key for key in keys if key in stale]
    changed = []
    for key in keys:
        own = [member for member in members if key in member.feeds]
        size = max(
            len(headings[key, language].head) + len(headings[key, language].rest) for language in languages
        )
        shown = in_window(
            own, header_size=size + len(zone_part(zones_in_use(own), empty=not own)) + len(FOOTER)
        )
        _keep_entries(session, key, shown)
        for language in languages:
            place = (key, language)
            row = _rebuilt(
                session, stored.get(place), heading=headings[place], place=place, shown=shown, now=now
            )
            if row is not None:
                session.add(row)
                changed.append(place)
    return changed


def _rebuilt(
    session: Session,
    row: Feed | None,
    *,
    heading: _Heading,
    place: tuple[str, str],
    shown: Sequence[Member],
    now: datetime,
) -> Feed | None:
    """Return the row of a feed whose bytes are others than before, None where they are the same."""
    key, language = place
    bodies = read_bodies(session, [member.uid for member in shown], language=language)
    tail = heading.rest + zone_part(zones_in_use(shown), empty=not shown)
    digest = content_hash(heading.head, tail=tail, bodies=bodies)
    if row is not None and row.hash == digest:
        return None
    at = later(now, than=row.changed_at if row else None)
    if faults := joint_faults(join(heading.head, changed_at=at, tail=tail, bodies=bodies)):
        raise Unfit(f"{feed_address(key, language=language)}: {'; '.join(faults)}")
    row = row or Feed(path=key, language=language)
    row.name, row.head, row.tail_of_head = heading.name, heading.head, tail
    row.hash, row.changed_at = digest, at
    return row


def _heading(key: str, *, mechanisms: Mapping[str, MechanismFacts], language: str, base_url: str) -> _Heading:
    facts = feed_facts(key, mechanisms=mechanisms, language=language, base_url=base_url)
    head, rest = header(facts)
    return _Heading(facts.name, head, rest)


def _differs(row: Feed | None, heading: _Heading) -> bool:
    return row is None or row.head != heading.head or not row.tail_of_head.startswith(heading.rest)


def _members(session: Session) -> list[Member]:
    """Return every meeting that stands in feeds; its size is that of its longest language."""
    sizes = (
        select(Rendering.uid, func.max(func.length(Rendering.body)).label("size"))
        .group_by(Rendering.uid)
        .subquery()
    )
    rows = session.execute(
        select(Rendered.uid, Rendered.order_key, Rendered.feeds, Rendered.zone, sizes.c.size).join(
            sizes, sizes.c.uid == Rendered.uid
        )
    )
    return [
        Member(uid=uid, order=order, feeds=frozenset(feeds), zone=zone, size=size)
        for uid, order, feeds, zone, size in rows
        if feeds
    ]


def _touched_feeds(session: Session, touched: Collection[str], *, members: Iterable[Member]) -> set[str]:
    """Return the feeds in which these meetings belong now or stood before."""
    now = {key for member in members if member.uid in touched for key in member.feeds}
    before = session.scalars(select(FeedEntry.path).where(FeedEntry.uid.in_(touched)).distinct())
    return now | set(before)


def _keep_entries(session: Session, key: str, shown: Sequence[Member]) -> None:
    wanted = {member.uid for member in shown}
    there = set(session.scalars(select(FeedEntry.uid).where(FeedEntry.path == key)))
    left = delete(FeedEntry).where(FeedEntry.path == key, FeedEntry.uid.in_(there - wanted))
    session.execute(left, execution_options={"synchronize_session": False})
    session.add_all(FeedEntry(path=key, uid=uid) for uid in sorted(wanted - there))
