"""Feeds as files, as the clock has them written: a moment after each publishing, by one process at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.on_disk.tree import AnotherWrites
from calendar_feed.on_disk.writing import write_feeds
from calendar_feed.overview import NothingPublished
from models import Publication
from scheduler.work import Work

JOB: Final = "write feeds as files"

_LOOKED_AT_EVERY: Final = timedelta(hours=1)
"""How often the folder is looked at without a publishing: somebody may have deleted a file."""


@dataclass(slots=True)
class FeedFolder:
    """The folder of ISCM_PUBLISH_DIR, and which publishing this process last saw written there, and when."""

    path: Path
    seen: tuple[int, int] | None = None
    looked_at: datetime | None = None


def write_feed_files(work: Work, now: datetime) -> str | None:
    """Bring the folder to the feeds, where one is set and something was published.

    Raises what write_feeds() does; whoever else writes there just now does it for us.
    """
    folder = work.feed_folder
    if folder is None:
        return None
    with work.database.reading() as session:
        seen = _revision(session)
        if seen == folder.seen and not _is_long_ago(folder.looked_at, now):
            return None
        try:
            done = write_feeds(session, folder.path, stopping=work.stopping)
        except (NothingPublished, AnotherWrites):
            return None
    if done.is_whole:
        folder.seen, folder.looked_at = seen, now
    if not done.did_something:
        return None
    return f"{done.written} files written, {done.dated} given another time, {done.removed} removed"


def _revision(session: Session) -> tuple[int, int]:
    row = session.execute(select(Publication.feed_revision, Publication.published_revision)).one()
    return row.feed_revision, row.published_revision


def _is_long_ago(moment: datetime | None, now: datetime) -> bool:
    return moment is None or not timedelta() <= now - moment < _LOOKED_AT_EVERY
