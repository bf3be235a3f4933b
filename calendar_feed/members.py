"""The meetings that feeds hold, each read once however many feeds it stands in."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calendar_feed.event import utc_stamp
from calendar_feed.reading import in_chunks
from calendar_feed.selection import Member
from models.rendering import FeedEntry, Rendered, Rendering

_MOST_KEPT = 20_000
"""How many members are kept between selections: enough for every feed people read, and memory stays flat."""


class Members:
    """The kept bodies of meetings by what feeds must know of them: place, size, zone, version."""

    def __init__(self, session: Session) -> None:
        """Begin with none."""
        self._session = session
        self._known: dict[str, Member] = {}

    def newest(self, sources: Sequence[str], *, most: int | None) -> list[Member]:
        """Return the newest `most` meetings (None: all) entered under any of the keys, in a feed's order."""
        entered = (
            select(FeedEntry.uid)
            .where(FeedEntry.path.in_(sources))
            .group_by(FeedEntry.uid, FeedEntry.order_key)
            .order_by(FeedEntry.order_key.desc())
            .limit(most)
        )
        uids = list(self._session.scalars(entered))
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        for some in in_chunks([uid for uid in uids if uid not in self._known]):
            self._read(some)
        found = (self._known[uid] for uid in uids if uid in self._known)
        # Sorted here: a database may compare text by the rules of a language.
        return sorted(found, key=lambda member: member.order)

    def _read(self, uids: Sequence[str]) -> None:
        places = select(Rendered.uid, Rendered.order_key, Rendered.zone).where(Rendered.uid.in_(uids))
        versions = select(
            Rendering.uid,
            Rendering.language,
            Rendering.hash,
            Rendering.last_modified,
            func.length(Rendering.body),
        ).where(Rendering.uid.in_(uids))
        bodies: dict[str, dict[str, tuple[int, str]]] = {}
        for uid, language, digest, at, size in self._session.execute(versions):
            bodies.setdefault(uid, {})[language] = (size, f"{digest} {utc_stamp(at)}")
        for uid, order, zone in self._session.execute(places):
            own = bodies.get(uid)
            if own:
                size = max(size for size, _ in own.values())
                self._known[uid] = Member(uid=uid, order=order, zone=zone, size=size, bodies=own)
