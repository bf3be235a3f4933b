"""Publishing, as the clock has it done: when something changed, and by one kind of publisher at a time."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.publication import is_due, mark_of, publish
from calendar_feed.zone_history import zone_release
from models import Publication, Refusal
from scheduler.work import Work

_STANDS_BACK = timedelta(hours=1)


class AnotherPublishes(Refusal):
    """A process with another program, other settings or other zones has published since this one began."""


def publish_feeds(work: Work, now: datetime) -> str | None:
    """Bring the feeds to the record, whoever changed it.

    Raises AnotherPublishes instead of publishing everything anew over a process that would do the same in
    turn: the one that was started last goes on, and the other takes over after an hour without it.
    """
    with work.database.reading() as session:
        if not is_due(session, base_url=work.base_url, languages=work.languages):
            return None
        if _is_anothers(session, work, now):
            raise AnotherPublishes(
                "Another work process publishes the feeds, with another program, BASE_URL or tzdata. "
                "Stop one of the two, or give both the same."
            )
    with work.database.writing() as session:
        published = publish(session, now=now, base_url=work.base_url, languages=work.languages)
    changed, gone = len(published.changed), len(published.gone)
    return f"{published.rendered} meetings looked at, {changed} changed, {gone} gone"


def _is_anothers(session: Session, work: Work, now: datetime) -> bool:
    last = session.scalars(select(Publication)).one()
    mark = mark_of(session, base_url=work.base_url, languages=work.languages)
    ours = (mark, zone_release())
    if last.published_at is None or (last.renderer, last.zone_release) == ours:
        return False
    return last.published_at > work.started_at and now - last.published_at < _STANDS_BACK
