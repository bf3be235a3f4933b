"""After a restore: whatever a calendar program was told since the backup, what it is told now is newer.

Programs keep what they have unless stamps and SEQUENCE grow (RFC 5545, 3.8.7.4; ICSx5 looks at LAST-MODIFIED,
Apple revalidates by Last-Modified). What they were told since the backup is lost with the record, so both are
raised above anything that can have been told, and everything is published anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from sqlalchemy import func, insert, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session

from calendar_feed.bodies import whole_seconds
from calendar_feed.publication import Published, advance_as_of_day, publish
from calendar_feed.telling import NEVER_TOLD
from models.meeting import Meeting
from models.publication import Publication
from models.rendering import Feed, Rendered, Rendering
from models.saved_choice import SavedChoice
from templates.languages import ENGLISH

AHEAD: Final = timedelta(minutes=1)
"""How far stamps are put ahead: two publishings a second push them on by a second each while edits go on."""

LEAST_STEP: Final = 10
_HIGHEST: Final = 2**31 - 2**20
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class ToldSince:
    """What the database that is to be replaced has told: its latest stamp, SEQUENCE by UID, its revisions."""

    stamp: datetime | None = None
    sequences: Mapping[str, int] = field(default_factory=dict)
    revision: int = 0


def read_told(session: Session) -> ToldSince:
    """Return what a database has told, of any revision of this program; nothing where it cannot be read."""
    try:
        sequences = {
            row.uid: row.sequence for row in session.execute(select(Rendered.uid, Rendered.sequence))
        }
        stamp = _latest_stamp(session)
        revisions = session.execute(select(Publication.record_revision, Publication.feed_revision)).one()
    except SQLAlchemyError:
        return ToldSince()
    return ToldSince(stamp, sequences, max(revisions))


def sequence_step(*, taken_at: datetime, now: datetime) -> int:
    """Return by how much SEQUENCE is raised: one for each second since the backup, and ten.

    A meeting is not moved more often than that; a hundred years of seconds still fit in 32 bits.
    """
    return LEAST_STEP + max(0, ceil((now - taken_at).total_seconds()))


def raise_stamps(
    session: Session,
    *,
    taken_at: datetime,
    now: datetime,
    told: ToldSince,
    base_url: str,
    languages: Sequence[str] = (ENGLISH,),
) -> Published:
    """Publish everything anew, each stamp and SEQUENCE above all that may have been told since `taken_at`."""
    step = sequence_step(taken_at=taken_at, now=now)
    _raise_sequences(session, step=step, told=told.sequences)
    at = _above(session, now=now, told=told.stamp)
    session.execute(update(Rendering).values(last_modified=at))
    session.execute(update(Feed).values(changed_at=at))
    session.execute(update(SavedChoice).values(changed_at=at))
    publication = session.scalars(select(Publication).with_for_update()).one()
    # The revisions too: processes and pages tell by them whether what they hold is still true.
    publication.record_revision = max(publication.record_revision, told.revision) + step
    publication.feed_revision = max(publication.feed_revision, told.revision) + step
    publication.choice_revision += step
    publication.stamped_at = publication.feeds_changed_at = at
    publication.renderer = publication.alarm = None
    session.flush()
    advance_as_of_day(session, today=whole_seconds(now).date())
    return publish(session, now=now, base_url=base_url, languages=languages)


def _raise_sequences(session: Session, *, step: int, told: Mapping[str, int]) -> None:
    session.execute(update(Rendered).values(sequence=Rendered.sequence + step))
    for uid, sequence in session.execute(select(Rendered.uid, Rendered.sequence)).all():
        wanted = min(max(sequence, told.get(uid, 0) + 1), _HIGHEST)
        if wanted != sequence:
            session.execute(update(Rendered).where(Rendered.uid == uid).values(sequence=wanted))
    # Meetings that had not been published yet when the backup was taken may have been since.
    uids = session.scalars(select(Meeting.uid).where(Meeting.uid.not_in(select(Rendered.uid)))).all()
    rows = [
        {
            "uid": uid,
            "sequence": max(step, told.get(uid, 0) + 1),
            "anchor": NEVER_TOLD,
            "order_key": "",
            "feeds": [],
        }
        for uid in uids
    ]
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(Rendered), rows[start : start + _AT_ONCE])


def _above(session: Session, *, now: datetime, told: datetime | None) -> datetime:
    """Return a stamp above all that were told; the publishing itself adds a second to it."""
    known = [one for one in (_latest_stamp(session), told) if one]
    return max([whole_seconds(now) + AHEAD, *map(whole_seconds, known)])


def _latest_stamp(session: Session) -> datetime | None:
    kept: list[InstrumentedAttribute[Any]] = [Feed.changed_at, Rendering.last_modified]
    # A database of an earlier release gave no stamps to saved choices.
    columns = inspect(session.connection()).get_columns(Publication.__tablename__)
    if Publication.stamped_at.key in {column["name"] for column in columns}:
        kept.append(Publication.stamped_at)
    stamps = [session.scalar(select(func.max(one))) for one in kept]
    return max((one for one in stamps if one), default=None)
