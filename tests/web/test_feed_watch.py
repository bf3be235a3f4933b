"""The watch: a publishing by any process is seen, and what was read last outlives the database."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import select, text

from calendar_feed.publication import publish
from calendar_feed.served import ServedFeed
from calendar_feed.standings import Standings
from models.database import Database
from models.mechanism_change import change_mechanism
from models.meeting import Meeting
from models.meeting_change import change_meeting
from tests.web.feed_client import ask, pages
from web.feed_watch import FeedWatch, watching
from web.feeds import FeedsFirst

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BASE_URL = "https://iscm.example.org"
MOVED = {"title": "12th Global Forum on Migration and Development Summit"}


def _publish(database: Database, now: datetime = NOW) -> None:
    with database.writing() as session:
        publish(session, now=now, base_url=BASE_URL)


def _change(database: Database) -> None:
    with database.writing() as session:
        change_meeting(session, "gfmd-20200120-summit", MOVED, editor="test", now=NOW)
    _publish(database, NOW + timedelta(hours=1))


def _until(condition: Callable[[], bool], *, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def test_a_publishing_is_served_within_two_seconds(registry: Database) -> None:
    """Another connection publishes; the watch sees it by itself, on both databases."""
    _publish(registry)
    with watching(registry) as watch:
        served = partial(ask, FeedsFirst(pages, watch=watch))
        before = served("/feeds/mechanism/gfmd.ics")
        _change(registry)
        _until(lambda: served("/feeds/mechanism/gfmd.ics").body != before.body, seconds=2.0)
        after = served("/feeds/mechanism/gfmd.ics")
        assert after.headers["etag"] != before.headers["etag"]
        assert after.headers["last-modified"] == "Mon, 23 Nov 2026 13:00:00 GMT"


def test_what_did_not_change_is_not_read_again(sqlite_registry: Database) -> None:
    """A feed that stands on the shelf in its present version is given from there, the very same object."""
    _publish(sqlite_registry)
    watch = FeedWatch(sqlite_registry)
    watch.look()
    _warm(watch)
    before, held = _of(watch), _held(watch)
    assert len(held) == 322
    _change(sqlite_registry)
    watch.look()
    _warm(watch)
    after = _of(watch)
    renewed = {path for path, feed in _held(watch).items() if held[path] is not feed}
    assert renewed == {path for path, one in after.feeds.items() if before.feeds[path].mark != one.mark}
    assert {"/feeds/all.ics", "/feeds/type/global.ics", "/feeds/country/zm.ics"} <= renewed
    assert "/feeds/mechanism/midsa.ics" not in renewed
    assert after.revision > before.revision


def test_a_look_that_finds_nothing_new_leaves_everything(sqlite_registry: Database) -> None:
    """The same revision, the very same feeds."""
    _publish(sqlite_registry)
    watch = FeedWatch(sqlite_registry)
    watch.look()
    before = _of(watch)
    watch.look()
    assert watch.current is before


def test_a_new_alias_answers_without_a_publishing(sqlite_registry: Database) -> None:
    """A mechanism's further name changes no feed, and its address answers all the same."""
    _publish(sqlite_registry)
    watch = FeedWatch(sqlite_registry)
    watch.look()
    with sqlite_registry.writing() as session:
        aliases = {"aliases": ["PAFoM", "Intra-Regional Forum on Migration in Africa", "Forum of Africa"]}
        change_mechanism(session, "pafom", aliases, editor="test", now=NOW)
    watch.look()
    answer = ask(FeedsFirst(pages, watch=watch), "/feeds/mechanism/forum-of-africa.ics")
    assert (answer.status, answer.headers["location"]) == (308, "/feeds/mechanism/pafom.ics")


def test_the_last_good_bytes_are_served_when_the_database_is_gone(registry: Database) -> None:
    """Its tables are dropped while the service runs: every feed is answered as before."""
    _publish(registry)
    watch = FeedWatch(registry)
    watch.look()
    served = partial(ask, FeedsFirst(pages, watch=watch))
    with registry.reading() as session:
        alone = [f"/meetings/{slug}.ics" for slug in session.scalars(select(Meeting.slug))]
    asked = {path: served(path) for path in [*_of(watch).feeds, *alone]}
    before = {path: answer for path, answer in asked.items() if answer.status == 200}
    assert len(before) == 322 + 158
    with registry.engine.begin() as connection:
        for table in ("publication", "feeds", "feed_entries", "rendered", "renderings"):
            connection.execute(text(f"DROP TABLE {table}"))
    for _ in range(3):
        watch.look()
    assert {path: served(path) for path in before} == before


def test_a_service_without_any_bytes_yet_asks_for_patience(sqlite_database: Database) -> None:
    """503 with Retry-After is better than a 404, on which calendars are switched off; pages go on."""
    with sqlite_database.engine.begin() as connection:
        connection.execute(text("DROP TABLE publication"))
    watch = FeedWatch(sqlite_database)
    watch.look()
    app = FeedsFirst(pages, watch=watch)
    answer = ask(app, "/feeds/all.ics")
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    assert ask(app, "/").status == 200


def test_a_feed_is_not_unknown_before_the_first_publishing(sqlite_registry: Database) -> None:
    """In the second between the first start and the first publishing nobody is told 404."""
    watch = FeedWatch(sqlite_registry)
    watch.look()
    assert ask(FeedsFirst(pages, watch=watch), "/feeds/all.ics").status == 503
    _publish(sqlite_registry)
    watch.look()
    assert ask(FeedsFirst(pages, watch=watch), "/feeds/all.ics").status == 200


def test_the_thread_ends_with_the_block(sqlite_registry: Database) -> None:
    """Nothing goes on looking at a database that is closed."""
    _publish(sqlite_registry)
    with watching(sqlite_registry) as watch:
        app = FeedsFirst(pages, watch=watch)
        assert ask(app, "/feeds/all.ics").status == 200
    sqlite_registry.close()
    assert ask(app, "/feeds/all.ics").status == 200


def test_the_watch_sees_the_next_publishing_when_the_database_is_back(sqlite_registry: Database) -> None:
    """A table that is away for a while stops nothing for good."""
    _publish(sqlite_registry)
    watch = FeedWatch(sqlite_registry)
    watch.look()
    before = _of(watch)
    _rename(sqlite_registry, "publication", to="away")
    watch.look()
    assert watch.current is before
    _rename(sqlite_registry, "away", to="publication")
    _change(sqlite_registry)
    watch.look()
    assert _of(watch).revision > before.revision


def _rename(database: Database, table: str, *, to: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


def _warm(watch: FeedWatch) -> None:
    """Put every feed on the shelf, however often it takes."""
    assert any(watch.warm() for _ in range(1_000))


def _held(watch: FeedWatch) -> dict[str, ServedFeed | None]:
    return {path: watch.shelf.held(path, one.mark) for path, one in _of(watch).feeds.items()}


def _of(watch: FeedWatch) -> Standings:
    assert watch.current is not None
    return watch.current
