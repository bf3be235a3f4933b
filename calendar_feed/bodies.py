"""Kept bodies: the new bytes of an event are stamped, checked and take the place of old ones that differ."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from calendar_feed.event import body_hash, stamped
from calendar_feed.selfcheck import event_faults
from calendar_feed.telling import Telling
from models.rendering import Rendered, Rendering

_SECOND = timedelta(seconds=1)
_NOTHING = ""
"""The hash of the body of an event that stands in no feed."""


class Unfit(Exception):  # noqa: N818 - it says what the bytes are
    """Bytes did not pass their check; the message says why. They must not be published."""


def whole_seconds(moment: datetime) -> datetime:
    """Return an aware moment in UTC without its fraction: stamps know no fractions."""
    return moment.astimezone(UTC).replace(microsecond=0)


def later(now: datetime, *, than: datetime | None) -> datetime:
    """Return `now` to the second, or the second after `than` where that is later: stamps only grow."""
    moment = whole_seconds(now)
    return max(moment, than + _SECOND) if than else moment


def keep_telling(
    session: Session,
    uid: str,
    row: Rendered | None,
    telling: Telling,
    *,
    languages: Sequence[str],
    now: datetime,
) -> bool:
    """Keep what is told of a meeting now and say whether that is something else than before.

    `row` is the meeting's rendering record, None when it has none yet. Raises Unfit for an event that does
    not pass its check; nothing is kept then.
    """
    kept = {language: session.get(Rendering, (uid, language)) for language in languages}
    fresh = {
        language: _fresh(telling.bodies.get(language, b""), last=last, now=now)
        for language, last in kept.items()
    }
    changed = False
    for language, last in kept.items():
        new = fresh[language]
        if new is None:
            continue
        changed = True
        body, digest, at = new
        if last is None:
            session.add(Rendering(uid=uid, language=language, body=body, hash=digest, last_modified=at))
        else:
            last.body, last.hash, last.last_modified = body, digest, at
    if row is None:
        session.add(_record(Rendered(uid=uid), telling))
        return changed
    moved = (row.order_key, row.feeds, row.zone) != (telling.order, telling.feeds, telling.zone)
    _record(row, telling)
    return changed or moved


def _fresh(body: bytes, *, last: Rendering | None, now: datetime) -> tuple[bytes, str, datetime] | None:
    """Return a body stamped and checked, with its hash and stamp; None when it says what it said before."""
    digest = body_hash(body) if body else _NOTHING
    if digest == (last.hash if last else _NOTHING):
        return None
    if not body:  # it leaves all feeds: no stamp tells of that, and the next one must be later than the last
        return body, digest, last.last_modified if last else whole_seconds(now)
    at = later(now, than=last.last_modified if last else None)
    ready = stamped(body, at=at)
    if faults := event_faults(ready):
        raise Unfit("; ".join(faults))
    return ready, digest, at


def _record(row: Rendered, telling: Telling) -> Rendered:
    row.sequence, row.anchor, row.order_key = telling.sequence, telling.anchor, telling.order
    row.feeds, row.zone, row.ages_on = telling.feeds, telling.zone, telling.ages_on
    return row
