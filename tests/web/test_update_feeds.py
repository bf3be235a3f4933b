"""The updates as feeds: Atom and JSON, of all mechanisms and of one, over HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from calendar_feed.entry_feed import identity_of, steady_time
from models import Database, Mechanism, MechanismAlias, Update
from models.mechanism_change import change_mechanism
from models.update_edit import add_update, change_update, delete_update
from tests.web.atom import AtomFeed, read_atom
from tests.web.record import a_mechanism, an_update
from tests.web.visitor import BASE_URL, NOW, site, statements, visitor

HOUR = timedelta(hours=1)
FOUNDED = {
    "date": "2026-06-01",
    "title": "Lima & Rome <meet>",
    "summary": "They met.\nThey parted.",
    "mechanisms": ["lima-process", "rome-dialogue"],
    "kind": "outcome",
    "url": "https://news.example/lima?a=1&b=2",
    "title_in": {"fr": "Lima et Rome se rencontrent"},
}
ALL = ("/updates.atom", "/updates.json")
LIMA = ("/mechanisms/lima-process/updates.atom", "/mechanisms/lima-process/updates.json")
ROME = ("/mechanisms/rome-dialogue/updates.atom", "/mechanisms/rome-dialogue/updates.json")


class Desk:
    """Hands on the news of one record; each act takes place an hour after the one before."""

    def __init__(self, database: Database) -> None:
        """Found two mechanisms, one of which had another name."""
        self.database, self.now = database, NOW
        with database.writing() as session:
            lima = a_mechanism(session, "lima-process", short_name_in={"fr": "Processus de Lima"})
            a_mechanism(session, "rome-dialogue")
            lima.aliases.append(MechanismAlias(name="Old Process", slug="old-process"))

    def add(self, **facts: Any) -> str:  # noqa: ANN401 - any field
        """Put news on record."""
        with self.database.writing() as session:
            return add_update(session, FOUNDED | facts, editor="Ana", now=self._later()).slug

    def change(self, slug: str, **facts: Any) -> None:  # noqa: ANN401 - any field
        """Change it."""
        with self.database.writing() as session:
            change_update(session, slug, facts, editor="Ana", now=self._later())

    def delete(self, slug: str) -> None:
        """Take it off the record."""
        with self.database.writing() as session:
            delete_update(session, slug, editor="Ana", now=self._later())

    def _later(self) -> datetime:
        self.now += HOUR
        return self.now


@pytest.fixture
def desk(database: Database) -> Desk:
    """A desk on each database."""
    return Desk(database)


def _atom(client: TestClient, path: str = "/updates.atom") -> AtomFeed:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return read_atom(answer.content)


def test_update_stands_in_atom_whole(desk: Desk) -> None:
    """Its id, day, last change, words, links and categories; a strict reader finds nothing to complain of."""
    slug = desk.add()
    desk.change(slug, summary="They met again.")
    answer = visitor(desk.database).get("/updates.atom")
    feed = read_atom(answer.content)
    assert (feed.title, feed.language) == ("ISCM – Updates", "en")
    assert feed.links == {
        "self": f"{BASE_URL}/updates.atom",
        "alternate": f"{BASE_URL}/updates",
    }
    (entry,) = feed.entries
    assert entry.identity == identity_of("update", slug)
    assert entry.identity.startswith("urn:uuid:")
    assert (entry.published, entry.updated) == (datetime(2026, 6, 1, tzinfo=UTC), NOW + 2 * HOUR)
    assert (entry.title, entry.content) == ("Lima & Rome <meet>", "They met again.")
    assert entry.links == {
        "alternate": f"{BASE_URL}/updates/{slug}",
        "related": "https://news.example/lima?a=1&b=2",
    }
    assert entry.categories == {
        "outcome": "Outcome",
        "lima-process": "Lima Process",
        "rome-dialogue": "Rome Dialogue",
    }


def test_update_stands_in_json_feed_too(desk: Desk) -> None:
    """The same, as JSON Feed 1.1 has it."""
    slug = desk.add(url=None)
    answer = visitor(desk.database).get("/mechanisms/rome-dialogue/updates.json")
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    feed = answer.json()
    assert {name: feed[name] for name in ("version", "title", "home_page_url", "feed_url", "language")} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "ISCM – Updates: Rome Dialogue",
        "home_page_url": f"{BASE_URL}/mechanisms/rome-dialogue",
        "feed_url": f"{BASE_URL}/mechanisms/rome-dialogue/updates.json",
        "language": "en",
    }
    assert feed["items"] == [
        {
            "id": identity_of("update", slug),
            "url": f"{BASE_URL}/updates/{slug}",
            "title": "Lima & Rome <meet>",
            "content_text": "They met.\nThey parted.",
            "date_published": "2026-06-01T00:00:00Z",
            "date_modified": "2026-11-23T13:00:00Z",
            "tags": ["Outcome", "Lima Process", "Rome Dialogue"],
            "language": "en",
            "_iscm": {
                "about": f"{BASE_URL}/help/calendar",
                "kind": "outcome",
                "mechanisms": ["lima-process", "rome-dialogue"],
                "date": "2026-06-01",
            },
        }
    ]


def test_updates_are_told_in_the_language_of_the_address(desk: Desk) -> None:
    """French where there is French; what is English only says so; the id is the same in all languages."""
    desk.add()
    desk.add(title="Only English", title_in={}, date="2026-06-02")
    feed = _atom(visitor(desk.database), "/fr/mechanisms/lima-process/updates.atom")
    assert feed.language == "fr"
    assert feed.links == {
        "self": f"{BASE_URL}/fr/mechanisms/lima-process/updates.atom",
        "alternate": f"{BASE_URL}/fr/mechanisms/lima-process",
    }
    assert [(one.title, one.language) for one in feed.entries] == [
        ("Only English", "en"),
        ("Lima et Rome se rencontrent", "fr"),
    ]
    assert feed.entries[1].categories["lima-process"] == "Processus de Lima"
    english = _atom(visitor(desk.database), LIMA[0])
    assert [one.identity for one in english.entries] == [one.identity for one in feed.entries]
    assert english.identity != feed.identity


def test_deleted_update_leaves_a_tombstone_where_it_was(desk: Desk) -> None:
    """In the feed of everything and of its mechanisms; one that only left a mechanism leaves one there."""
    deleted, moved = desk.add(), desk.add(title="Moved", date="2026-06-03")
    desk.delete(deleted)
    gone_at = desk.now
    desk.change(moved, mechanisms=["rome-dialogue"])
    left_at = desk.now
    client = visitor(desk.database)
    gone, left = (identity_of("update", slug) for slug in (deleted, moved))
    expected = {
        ALL[0]: ([left], {gone: gone_at}),
        LIMA[0]: ([], {gone: gone_at, left: left_at}),
        ROME[0]: ([left], {gone: gone_at}),
    }
    found = {
        path: ([one.identity for one in feed.entries], feed.gone)
        for path in expected
        for feed in (_atom(client, path),)
    }
    assert found == expected
    deleted_in_json = client.get(LIMA[1]).json()["_iscm"]["deleted"]
    assert {one["id"] for one in deleted_in_json} == {gone, left}
    desk.change(moved, mechanisms=["rome-dialogue", "lima-process"])
    back = _atom(client, LIMA[0])
    assert ([one.identity for one in back.entries], list(back.gone)) == ([left], [gone])


def test_reader_by_date_or_by_tag_never_misses_a_change(desk: Desk) -> None:
    """Both move with every change, deletion and renaming, the date never back; without one, 304."""
    client = visitor(desk.database)
    slug = desk.add()
    another = desk.add(title="Another", date="2026-05-01")
    acts: list[Callable[[], None]] = [
        lambda: desk.change(slug, title="Corrected"),
        lambda: desk.change(slug, mechanisms=["rome-dialogue"]),
        lambda: desk.delete(another),
        lambda: _rename(desk),
    ]
    held = {path: client.get(path).headers for path in (*ALL, *LIMA)}
    for act in acts:
        act()
        for path, before in held.items():
            by_tag = client.get(path, headers={"If-None-Match": before["etag"]})
            by_date = client.get(path, headers={"If-Modified-Since": before["last-modified"]})
            assert (by_tag.status_code, by_date.status_code) == (200, 200), (path, act)
            assert _date(by_tag) > parsedate_to_datetime(before["last-modified"])
            held[path] = by_tag.headers
            for name, value in (
                ("If-None-Match", f'"old", W/{by_tag.headers["etag"]}'),
                ("If-Modified-Since", by_tag.headers["last-modified"]),
            ):
                same = client.get(path, headers={name: value})
                assert (same.status_code, same.content) == (304, b"")
                assert same.headers["cache-control"] == by_tag.headers["cache-control"]


def _date(answer: Any) -> datetime:  # noqa: ANN401 - the test client's
    return parsedate_to_datetime(answer.headers["last-modified"])


def _rename(desk: Desk) -> None:
    with desk.database.writing() as session:
        facts = {"short_name": "Lima Process on Migration"}
        change_mechanism(session, "lima-process", facts, editor="Ana", now=desk._later())  # noqa: SLF001 - the desk's clock


def test_changes_of_another_mechanism_download_nothing_twice(desk: Desk) -> None:
    """An edit of news of Rome leaves bytes and times of Lima's feed."""
    desk.add(mechanisms=["lima-process"])
    slug = desk.add(mechanisms=["rome-dialogue"], title="Of Rome")
    client = visitor(desk.database)
    before = client.get(LIMA[0])
    desk.change(slug, title="Of Rome, corrected")
    after = client.get(LIMA[0])
    kept = ("etag", "last-modified")
    assert after.content == before.content
    assert [after.headers[name] for name in kept] == [before.headers[name] for name in kept]


@pytest.mark.parametrize(
    ("moments", "stands"),
    [
        ([0.2], 0),
        ([0.2, 0.2], 0),
        ([0.2, 0.8], 1),
        ([0.2, 0.8, 0.9], 2),
        ([0.2, 0.8, 0.9, 1.5], 3),
        ([0.2, 0.8, 9.5], 9),
    ],
)
def test_two_changes_of_one_second_have_two_times(moments: list[float], stands: int) -> None:
    """HTTP dates are whole seconds: whoever holds the first of two is to learn of the second."""
    start = NOW.replace(microsecond=0)
    assert steady_time(start + timedelta(seconds=at) for at in moments) == start + timedelta(seconds=stands)


@pytest.mark.parametrize("path", ["/updates.atom", LIMA[1], "/changes.atom", "/ar/updates.atom"])
def test_feeds_of_news_keep_the_contract_of_feeds(sqlite_database: Database, path: str) -> None:
    """GET, HEAD, OPTIONS, else 405; open to other sites, no cookie, no compression, never 406."""
    desk = Desk(sqlite_database)
    desk.add()
    client = visitor(desk.database)
    whole = client.get(path, headers={"Accept": "image/png", "Accept-Encoding": "gzip"})
    assert whole.status_code == 200
    named = {
        name: whole.headers.get(name)
        for name in ("access-control-allow-origin", "x-content-type-options", "x-robots-tag", "cache-control")
    }
    assert named == {
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
        "cache-control": "public, max-age=900, stale-while-revalidate=86400, stale-if-error=604800",
    }
    assert {"set-cookie", "content-encoding", "vary"} & set(whole.headers) == set()
    assert int(whole.headers["content-length"]) == len(whole.content)
    head = client.head(path)
    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(whole.headers))
    asked = client.options(path)
    assert (asked.status_code, asked.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        refused = client.request(method, path)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_mechanism_is_found_by_its_former_names(desk: Desk) -> None:
    """308 for ever, in the language of the address; 404 for what is none, however it is written."""
    client = visitor(desk.database)
    moved = client.get("/fr/mechanisms/old-process/updates.atom")
    assert (moved.status_code, moved.headers["location"]) == (308, "/fr/mechanisms/lima-process/updates.atom")
    for slug in ("nobody", "x" * 5000, "%00", "%F0%9F%98%80", "a%2Fb", "'; DROP TABLE updates"):
        assert client.get(f"/mechanisms/{slug}/updates.atom").status_code == 404, slug
    assert client.get("/updates.rss").status_code == 404
    assert client.get("/de/updates.atom").status_code == 404


def test_empty_record_has_feeds_all_the_same(database: Database) -> None:
    """Valid, without entries."""
    client = visitor(database)
    for path in ("/updates.atom", "/changes.atom"):
        feed = _atom(client, path)
        assert (feed.entries, feed.gone) == ([], {})
    assert client.get("/updates.json").json()["items"] == []


def test_feed_holds_the_last_hundred_changed(sqlite_database: Database) -> None:
    """What changed last comes first, then by day; one statement more or less does not depend on how many."""
    desk = Desk(sqlite_database)
    numbers = []
    for rows in (1, 300):
        with sqlite_database.writing() as session:
            lima = session.scalars(select(Mechanism).where(Mechanism.slug == "lima-process")).one()
            for number in range(rows):
                day = NOW.date() - timedelta(days=number)
                an_update(session, lima, slug=f"one-of-{rows}-{number}", day=day, created_at=NOW)
        with statements(sqlite_database) as sent:
            feed = _atom(visitor(sqlite_database))
        numbers.append((len(feed.entries), len(sent)))
    (one, cheap), (many, dear) = numbers
    assert (one, many) == (1, 100)
    assert dear == cheap
    desk.change("one-of-300-299", title="An old one, corrected")
    titles = [one.title for one in _atom(visitor(sqlite_database)).entries]
    assert titles[:3] == ["An old one, corrected", "One of 300 0", "One of 1 0"]


def test_feed_asked_for_again_takes_one_statement(desk: Desk) -> None:
    """What is kept is given as long as nothing changed; 304 costs no more."""
    desk.add()
    client = visitor(desk.database)
    first = client.get("/updates.atom")
    with statements(desk.database) as sent:
        again = client.get("/updates.atom", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, sum("SELECT" in one for one in sent)) == (304, 1)


def test_feeds_outlive_their_database(sqlite_database: Database) -> None:
    """Who comes again gets the last good bytes; what was never read is asked to be tried again."""
    Desk(sqlite_database).add()
    client = visitor(sqlite_database)
    before = client.get("/updates.atom")
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE revisions")
    after = client.get("/updates.atom")
    assert (after.status_code, after.content) == (200, before.content)
    never = client.get("/updates.json")
    assert (never.status_code, never.headers["retry-after"]) == (503, "30")


def test_any_title_makes_a_feed_that_can_be_read(sqlite_database: Database) -> None:
    """Controls, emoji, right-to-left marks and the like: whatever slipped past the editors."""
    title = "a\x00b\x0b\ufffe\U0001f600 \u202ex\u2028 ]]> &amp; <b>"
    with sqlite_database.writing() as session:
        an_update(session, a_mechanism(session), slug="odd", title=title, summary="\x1b[31m" + title)
    client = visitor(sqlite_database)
    (entry,) = _atom(client).entries
    assert entry.title == "ab\U0001f600 x ]]> &amp; <b>"
    assert json.loads(client.get("/updates.json").content)["items"][0]["title"] == entry.title


def test_pages_lead_to_the_feeds(desk: Desk) -> None:
    """The pages of updates, of changes and of a mechanism name the feed of the same, in their language."""
    client = visitor(desk.database, of=site())
    for page, feeds in (
        ("/updates", ALL),
        ("/fr/updates", tuple(f"/fr{path}" for path in ALL)),
        ("/mechanisms/lima-process", LIMA),
        ("/changes", ("/changes.atom",)),
    ):
        text = client.get(page).text
        for feed in feeds:
            assert f'href="{feed}" title=' in text, (page, feed)


def test_first_loading_names_each_update_once(sqlite_registry: Database) -> None:
    """The bundled registry's news stand in the feed with the time at which they were loaded."""
    with sqlite_registry.reading() as session:
        number = len(session.scalars(select(Update.id)).all())
    feed = _atom(visitor(sqlite_registry))
    assert len({one.identity for one in feed.entries}) == min(number, 100)
    assert feed.updated >= max(one.updated for one in feed.entries)
