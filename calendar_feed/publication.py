"""Publishing: what changed is rendered, stamped, checked, and put in the place of what was told before.

Only this file writes the rendering record, in one transaction for all languages. Bytes are a function of the
record and of the as-of day that stands beside it, never of the clock: the clock only gives the stamps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import structlog
from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from calendar_feed.addresses import Site
from calendar_feed.bodies import Told, Unfit, whole_seconds
from calendar_feed.changes import is_moved_by_zone
from calendar_feed.feed_rows import rebuild_feeds
from calendar_feed.news import News
from calendar_feed.reading import in_chunks, meeting_facts, read_meetings
from calendar_feed.renderer import renderer_mark
from calendar_feed.telling import tell
from calendar_feed.zone_history import zone_release
from models.meeting import Meeting, Tombstone
from models.publication import Publication
from models.rendering import Feed, FeedEntry, Rendered, Rendering
from templates.languages import ENGLISH

_DAY = timedelta(days=1)
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Published:
    """What a publishing did.

    `rendered` meetings were looked at, the events of `changed` (UIDs) now say something else, `gone` have
    left all feeds, the bytes of `feeds` (key and language) are new. `moved_by_zones` are slugs of meetings
    that newer zone data put at another instant. `alarms` say what was held back and why: there the old bytes
    stand.
    """

    rendered: int = 0
    changed: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    feeds: list[tuple[str, str]] = field(default_factory=list)
    moved_by_zones: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)


def is_due(session: Session, *, base_url: str, languages: Sequence[str] = (ENGLISH,)) -> bool:
    """Say whether publishing would find something to do; reads a row or two and writes nothing."""
    publication = session.scalars(select(Publication)).one()
    return _is_due(session, publication, mark=mark_of(session, base_url=base_url, languages=languages))


def mark_of(session: Session, *, base_url: str, languages: Sequence[str]) -> str:
    """Return what the publication's row is marked with once these languages are published."""
    kept = kept_languages(session, languages)
    return renderer_mark(base_url=base_url, languages=[*kept, "", *languages])


def kept_languages(session: Session, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the languages that feeds are kept right in: those offered, then those offered once.

    Whoever follows a feed goes on being told the truth when its language is offered to nobody any more.
    """
    stored = session.scalars(select(Feed.language).distinct())
    return (*languages, *sorted(set(stored) - set(languages)))


def advance_as_of_day(session: Session, *, today: date) -> bool:
    """Move the as-of day on to `today` (a day in UTC) and say whether it moved; it never goes back.

    What ages on the way is rendered by the next publishing.
    """
    publication = session.scalars(select(Publication).with_for_update()).one()
    if publication.as_of_day is not None and publication.as_of_day >= today:
        return False
    publication.as_of_day = today
    return True


def publish(
    session: Session, *, now: datetime, base_url: str, languages: Sequence[str] = (ENGLISH,)
) -> Published:
    """Bring every stored feed to the record, in the transaction of `session`.

    `now` is aware; `base_url` is the site's address without a slash at its end, `languages` are those that
    its pages are in. Renders the meetings that are stale or whose day of ageing has come, all of them when
    code, words, settings or tzdata are others than last time. An event that does not pass its check keeps
    its old bytes; where a whole feed does not, nothing is published. Either is told in `alarms` and on the
    publication's row, and is tried again with the next change, not before. Never raises for what the record
    holds.
    """
    mark = mark_of(session, base_url=base_url, languages=languages)
    site = Site(base_url, frozenset(languages))
    kept = kept_languages(session, languages)
    publication = session.scalars(select(Publication).with_for_update()).one()
    if publication.as_of_day is None:
        publication.as_of_day = whole_seconds(now).date()
    done = Published()
    if not _is_due(session, publication, mark=mark):
        return done
    everything = publication.renderer != mark or publication.zone_release != zone_release()
    try:
        with session.begin_nested():
            touched = _render(
                session,
                done,
                as_of=publication.as_of_day,
                everything=everything,
                now=now,
                site=site,
                languages=kept,
            )
            done.feeds = rebuild_feeds(
                session,
                touched=touched,
                everything=everything,
                now=now,
                site=site,
                languages=kept,
            )
    except Unfit as error:
        done = Published(alarms=[str(error)])
        _try_again_later(session, as_of=publication.as_of_day, everything=everything)
    else:
        publication.published_at = now
    _tell_of_moved(done, publication)
    _write_down(publication, done, mark=mark, now=now)
    return done


def _tell_of_moved(done: Published, publication: Publication) -> None:
    if done.moved_by_zones:
        _log.warning(
            "zone data changed; these meetings are at another instant now, their clock shows the same hour",
            meetings=done.moved_by_zones,
            zones_before=publication.zone_release,
            zones_now=zone_release(),
        )


def _write_down(publication: Publication, done: Published, *, mark: str, now: datetime) -> None:
    """Mark the publication's row with what was published, and with what was held back."""
    publication.published_revision = publication.record_revision
    publication.renderer, publication.zone_release = mark, zone_release()
    publication.alarm = "\n".join(done.alarms) or None
    if done.feeds or done.changed or done.gone:
        publication.feed_revision += 1
        publication.feeds_changed_at = publication.stamp(now)
    for alarm in done.alarms:
        _log.error("a calendar was held back; its last good bytes are served", reason=alarm)


def _is_due(session: Session, publication: Publication, *, mark: str) -> bool:
    if publication.published_revision != publication.record_revision:
        return True
    if publication.renderer != mark or publication.zone_release != zone_release():
        return True
    aged = exists().where(_has_aged(publication.as_of_day))
    return bool(session.scalar(select(aged)))


def _has_aged(as_of: date | None) -> ColumnElement[bool]:
    return Rendered.ages_on <= (as_of or date.min)


def _render(
    session: Session,
    done: Published,
    *,
    as_of: date,
    everything: bool,
    now: datetime,
    site: Site,
    languages: Sequence[str],
) -> set[str]:
    """Render what must be, and let go of what was deleted; return the keys under which something changed."""
    aged = select(Rendered.uid).where(_has_aged(as_of))
    wanted = [] if everything else [or_(Meeting.stale, Meeting.uid.in_(aged))]
    uids = list(session.scalars(select(Meeting.uid).where(*wanted).order_by(Meeting.uid)))
    # Cleared before the meetings are read: a change that commits meanwhile waits for this row and sets it
    # again.
    _set_stale(session, uids, stale=False)
    unfit = []
    touched: set[str] = set()
    news = News(session, as_of=as_of, at=whole_seconds(now), is_first=_is_first(session))
    for some in in_chunks(uids):
        told = Told(session, some)
        for meeting in read_meetings(session, some):
            done.rendered += 1
            uid, slug = meeting.uid, meeting.slug
            try:
                facts = meeting_facts(meeting)
                before = told.facts(uid)
                telling = tell(
                    facts, last=told.last(uid), before=before, as_of=as_of, languages=languages, site=site
                )
                if keys := told.keep(uid, telling, languages=languages, now=now):
                    done.changed.add(uid)
                    touched |= keys
                if is_moved_by_zone(before, telling.told):
                    done.moved_by_zones.append(slug)
                news.compare(uid, before, telling.told)
            # Newer zone data may no longer name a meeting's zone.
            except (Unfit, ZoneInfoNotFoundError, ValueError) as error:
                unfit.append(uid)
                done.alarms.append(f"{slug}: {error}")
    _set_stale(session, unfit, stale=True)
    _look_again_tomorrow(session, Rendered.uid.in_(unfit), as_of=as_of)
    return touched | _forget_deleted(session, done, news=news)


def _is_first(session: Session) -> bool:
    """Say whether nothing was ever told by a program that kept what it told."""
    return session.scalar(select(Rendered.uid).where(Rendered.told.is_not(None)).limit(1)) is None


def _forget_deleted(session: Session, done: Published, *, news: News) -> set[str]:
    """Take deleted meetings off the rendering record; return the keys they were entered under."""
    known = select(Meeting.uid)
    done.gone = set(session.scalars(select(Rendered.uid).where(Rendered.uid.not_in(known))))
    touched: set[str] = set()
    for some in in_chunks(sorted(done.gone)):
        news.take_back(list(some))
        touched |= set(session.scalars(select(FeedEntry.path).where(FeedEntry.uid.in_(some)).distinct()))
        _remember_who_showed(session, some)
        for table in (FeedEntry, Rendering, Rendered):
            session.execute(delete(table).where(table.uid.in_(some)))
    return touched


def _remember_who_showed(session: Session, uids: Sequence[str]) -> None:
    """Write down which feeds showed deleted meetings, before they leave them: those feeds tell of it."""
    entries: dict[str, list[FeedEntry]] = {uid: [] for uid in uids}
    for entry in session.scalars(select(FeedEntry).where(FeedEntry.uid.in_(uids))):
        entries[entry.uid].append(entry)
    feeds = session.execute(select(Feed.path, Feed.sources, Feed.shown_from)).all()
    for uid, entered in entries.items():
        showed = {
            path
            for path, sources, shown_from in feeds
            for entry in entered
            if entry.path in sources and shown_from is not None and entry.order_key >= shown_from
        }
        # Past the ORM: it would take this for a change of the record.
        session.execute(
            update(Tombstone).where(Tombstone.uid == uid).values(feeds=sorted(showed)),
            execution_options={"synchronize_session": False},
        )


def _try_again_later(session: Session, *, as_of: date, everything: bool) -> None:
    """Keep in mind what a refused publishing did not do, without coming back to it at every tick."""
    aged = select(Rendered.uid).where(_has_aged(as_of))
    missed = [] if everything else [Meeting.uid.in_(aged)]
    _mark(session, *missed, stale=True)
    _look_again_tomorrow(session, _has_aged(as_of), as_of=as_of)


def _look_again_tomorrow(session: Session, which: ColumnElement[bool], *, as_of: date) -> None:
    """Move a day of ageing that has come to tomorrow, so that what failed is not tried without end."""
    session.execute(update(Rendered).where(which, _has_aged(as_of)).values(ages_on=as_of + _DAY))


def _set_stale(session: Session, uids: Sequence[str], *, stale: bool) -> None:
    for some in in_chunks(uids):
        _mark(session, Meeting.uid.in_(some), stale=stale)


def _mark(session: Session, *which: ColumnElement[bool], stale: bool) -> None:
    """Write the mark past the ORM: seen as a change of the record, it would mark the meeting stale again."""
    session.execute(
        update(Meeting).where(*which).values(stale=stale), execution_options={"synchronize_session": False}
    )
