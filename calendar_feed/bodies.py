"""Kept bodies: the new bytes of an event are stamped, checked and take the place of old ones that differ."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.event import body_hash, stamped
from calendar_feed.selfcheck import event_faults, faults_beside
from calendar_feed.telling import Telling
from models.base import Facts
from models.rendering import FeedEntry, Rendered, Rendering

_SECOND = timedelta(seconds=1)
_NOTHING = ""
"""The hash of the body of an event that stands in no feed."""


Fresh = tuple[bytes, str, datetime]
"""A stamped body, its hash and its stamp."""


class Unfit(Exception):  # noqa: N818 - it says what the bytes are
    """Bytes did not pass their check; the message says why. They must not be published."""


def whole_seconds(moment: datetime) -> datetime:
    """Return an aware moment in UTC without its fraction: stamps know no fractions."""
    return moment.astimezone(UTC).replace(microsecond=0)


def later(now: datetime, *, than: datetime | None) -> datetime:
    """Return `now` to the second, or the second after `than` where that is later: stamps only grow."""
    moment = whole_seconds(now)
    return max(moment, than + _SECOND) if than else moment


class Told:
    """What the world was told of some meetings last: their rows of the rendering record, read at once."""

    def __init__(self, session: Session, uids: Sequence[str]) -> None:
        """Read the rows of these meetings; keep the number of them moderate."""
        self._session = session
        rows = session.scalars(select(Rendered).where(Rendered.uid.in_(uids)))
        self._rows = {row.uid: row for row in rows}
        kept = session.scalars(select(Rendering).where(Rendering.uid.in_(uids)))
        self._kept = {(body.uid, body.language): body for body in kept}
        self._entries: dict[str, dict[str, FeedEntry]] = {uid: {} for uid in uids}
        for entry in session.scalars(select(FeedEntry).where(FeedEntry.uid.in_(uids))):
            self._entries[entry.uid][entry.path] = entry

    def last(self, uid: str) -> tuple[int, str] | None:
        """Return the sequence and the anchor a meeting was told with, None for one that is new."""
        row = self._rows.get(uid)
        return (row.sequence, row.anchor) if row else None

    def facts(self, uid: str) -> Facts | None:
        """Return what was told of a meeting last; None where it stood in no feed."""
        row = self._rows.get(uid)
        return row.told if row else None

    def keep(self, uid: str, telling: Telling, *, languages: Sequence[str], now: datetime) -> frozenset[str]:
        """Keep what is told of a meeting now; return the keys under which something is other than before.

        Raises Unfit for an event that does not pass its check; nothing is kept then.
        """
        kept = {language: self._kept.get((uid, language)) for language in languages}
        fresh: dict[str, Fresh | None] = {}
        sound = b""
        for language, last in kept.items():
            new = _fresh(telling.bodies.get(language, b""), last=last, now=now, sound=sound)
            sound = sound or (new[0] if new else b"")
            fresh[language] = new
        for language, new in fresh.items():
            if new is not None:
                self._keep_body(uid, language, new)
        row = self._rows.get(uid) or Rendered(uid=uid)
        moved = uid in self._rows and (telling.order, telling.zone) != (row.order_key, row.zone)
        self._keep_row(row, telling)
        entered = self._keep_entries(uid, telling)
        if moved or any(new is not None for new in fresh.values()):
            return entered | set(telling.feeds)
        return entered

    def _keep_entries(self, uid: str, telling: Telling) -> frozenset[str]:
        """Enter a meeting under its keys and under no other; return those where that is new."""
        there = self._entries[uid]
        wanted = set(telling.feeds)
        for path in there.keys() - wanted:
            self._session.delete(there[path])
        for path in sorted(wanted - there.keys()):
            self._session.add(FeedEntry(path=path, uid=uid, order_key=telling.order))
        for path in wanted & there.keys():
            there[path].order_key = telling.order
        return frozenset(wanted ^ there.keys())

    def _keep_body(self, uid: str, language: str, new: Fresh) -> None:
        row = self._kept.get((uid, language)) or Rendering(uid=uid, language=language)
        row.body, row.hash, row.last_modified = new
        self._session.add(row)

    def _keep_row(self, row: Rendered, telling: Telling) -> None:
        row.sequence, row.anchor, row.order_key = telling.sequence, telling.anchor, telling.order
        row.feeds, row.zone, row.ages_on = telling.feeds, telling.zone, telling.ages_on
        row.told = telling.told
        self._session.add(row)


def _fresh(body: bytes, *, last: Rendering | None, now: datetime, sound: bytes) -> Fresh | None:
    """Return a body stamped and checked, with its hash and stamp; None when it says what it said before.

    `sound` are the checked bytes of the same event in another language, empty where there are none.
    """
    digest = body_hash(body) if body else _NOTHING
    if digest == (last.hash if last else _NOTHING):
        return None
    if not body:  # it leaves all feeds: no stamp tells of that, and the next one must be later than the last
        return body, digest, last.last_modified if last else whole_seconds(now)
    at = later(now, than=last.last_modified if last else None)
    ready = stamped(body, at=at)
    if faults := faults_beside(ready, sound=sound) if sound else event_faults(ready):
        raise Unfit("; ".join(faults))
    return ready, digest, at
