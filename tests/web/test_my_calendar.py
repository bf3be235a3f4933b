"""A calendar of one's own over HTTP: made on /subscribe, asked for by programs, changed by its secret."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from httpx2 import Response
from sqlalchemy import func, select

from calendar_feed.publication import publish
from calendar_feed.shelf import OWN_ROOM
from models.choice import Choice
from models.database import Database
from models.meeting_change import change_meeting
from models.saved_choice import SavedChoice
from tests.saved_choices import fill_with_choices
from tests.sqlite_copy import sqlite_copy
from tests.web.feed_client import Ask, ask, pages
from tests.web.visitor import BASE_URL, NOW, dump, visitor
from web.asked_choices import AskedChoices
from web.feed_watch import FeedWatch
from web.feeds import FeedsFirst

LANGUAGES = ("en", "fr")
CHOSEN = {"mechanism": ["midsa", "gfmd"], "country": ["th"], "language": "en"}


class House:
    """The pages, and the feeds before them, of one database."""

    def __init__(self, database: Database) -> None:
        """Publish the registry and look at it."""
        self.database = database
        self.asked = AskedChoices(clock=lambda: NOW)
        self.watch = FeedWatch(database, asked=self.asked)
        self.pages = visitor(database)
        self.feed: Ask = partial(ask, FeedsFirst(pages, watch=self.watch))
        self.publish()

    def publish(self, *, hours: int = 0) -> None:
        """Publish, and let the feeds see it."""
        with self.database.writing() as session:
            publish(session, now=NOW + timedelta(hours=hours), base_url=BASE_URL, languages=LANGUAGES)
        self.watch.look()

    def keep(self, **chosen: object) -> tuple[str, str]:
        """Make a choice; return the path of its secret page, and that of its calendar."""
        answer = self.pages.post("/subscribe", data={**CHOSEN, **chosen})
        assert answer.status_code == 303
        secret = answer.headers["location"]
        assert re.fullmatch(r"/my-edit/[A-Za-z0-9_-]{43}", secret)
        return secret, urlsplit(_address(self.pages.get(secret))).path


def _address(answer: Response) -> str:
    found = re.search(r'<input class="feed-address" id="feed"[^>]* value="([^"]+)"', answer.text)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def published(loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file whose feeds are published, to be copied."""
    folder = tmp_path_factory.mktemp("house")
    with sqlite_copy(loaded_sqlite, folder) as database, database.writing() as session:
        publish(session, now=NOW, base_url=BASE_URL, languages=LANGUAGES)
    return folder / "iscm.db"


@pytest.fixture
def house(published: Path, tmp_path: Path) -> Iterator[House]:
    """A house of one's own."""
    with sqlite_copy(published, tmp_path) as database:
        yield House(database)


def test_a_choice_is_made_followed_and_changed_under_one_address(house: House) -> None:
    """Made, asked for, revalidated, changed, asked for again: the address is the same, the date grows."""
    secret, path = house.keep()
    first = house.feed(path)
    assert (first.status, first.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    code = path.removeprefix("/feeds/my/").removesuffix(".ics")
    assert first.headers["link"] == f'</subscribe?my={code}>; rel="alternate"; type="text/html"'
    assert house.feed(path, if_none_match=first.headers["etag"]).status == 304
    assert house.feed(path, if_modified_since=first.headers["last-modified"]).status == 304

    answer = house.pages.post(
        secret, data={"mechanism": "midsa", "country": "", "language": "fr", "variant": "utc"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{secret}?saved=1&variant=utc")
    shown = house.pages.get(answer.headers["location"])
    assert "The change is kept." in shown.text
    assert _address(shown) == f"{BASE_URL}/feeds/v/utc/my/{code}.ics"

    assert house.feed(path).body == first.body  # until the watch has looked
    house.watch.look()
    second = house.feed(path, if_modified_since=first.headers["last-modified"])
    assert second.status == 200
    assert second.headers["etag"] != first.headers["etag"]
    assert b"/fr/meetings/midsa-" in second.body
    assert second.body.count(b"BEGIN:VEVENT") < first.body.count(b"BEGIN:VEVENT")


def test_the_secret_page_is_for_its_holder_alone(house: House) -> None:
    """Kept by nobody, in no index, told to no other site; with any other secret there is nothing."""
    secret, path = house.keep()
    answer = house.pages.get(secret)
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert f"{BASE_URL}{secret}" in answer.text
    code = path.removeprefix("/feeds/my/").removesuffix(".ics")
    for wrong in (secret[:-1] + ("A" if secret[-1] != "A" else "B"), f"/my-edit/{code}", "/my-edit/x" * 40):
        assert house.pages.get(wrong).status_code == 404
        assert house.pages.post(wrong, data={"mechanism": "igc"}).status_code == 404
    assert "Disallow: /my-edit/" in house.pages.get("/robots.txt").text
    with house.database.reading() as session:
        assert session.scalars(select(SavedChoice.chosen)).one() == {
            "mechanisms": ["gfmd", "midsa"],
            "countries": ["th"],
        }


def test_one_form_sent_twice_makes_one_choice(house: House) -> None:
    """Sent again, or gone back to, it leads to the same page; another form to another."""
    once = re.findall(
        r'name="once" value="([^"]{43})"', house.pages.get("/subscribe?mechanism=midsa&type=irf").text
    )
    chosen = {"mechanism": "midsa", "type": "irf", "language": "en"}
    sent = [
        house.pages.post("/subscribe", data={**chosen, "once": once[0]}).headers["location"] for _ in range(2)
    ]
    assert sent[0] == sent[1]
    other = house.pages.post("/subscribe", data={**chosen, "once": "too short"}).headers["location"]
    assert other != sent[0]
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SavedChoice)) == 2


def test_what_a_stored_feed_holds_is_not_kept_again(house: House) -> None:
    """One thing alone, or a program that fills in every field: led back, nothing written."""
    before = dump(house.database)
    answer = house.pages.post("/subscribe", data={"mechanism": "midsa", "language": "fr", "variant": "busy"})
    assert answer.headers["location"] == "/subscribe?mechanism=midsa&language=fr&variant=busy"
    trapped = house.pages.post("/subscribe", data={**CHOSEN, "homepage": "https://spam.example"})
    assert trapped.headers["location"].startswith("/subscribe?")
    assert dump(house.database) == before
    shown = house.pages.get(answer.headers["location"])
    assert _address(shown) == f"{BASE_URL}/fr/feeds/v/busy/mechanism/midsa.ics"


def test_reading_changes_nothing(house: House) -> None:
    """Pages, the calendar in every form, and what does not exist: the database stays as it is."""
    secret, path = house.keep()
    before = dump(house.database)
    for address in (
        "/subscribe",
        "/subscribe?mechanism=midsa&country=th",
        secret,
        f"{secret}?chosen=1&type=rcp",
    ):
        assert house.pages.get(address).status_code == 200
        house.pages.head(address)
    for ending in ("ics", "json", "jcal", "csv", "atom"):
        assert house.feed(path.replace(".ics", f".{ending}")).status == 200
    assert house.feed("/feeds/my/nobody.ics").status == 404
    assert dump(house.database) == before


def test_other_spellings_of_the_address_lead_to_it(house: House) -> None:
    """A choice has its own language, so no language stands before it; variants stand in order."""
    _, path = house.keep()
    for other in (
        f"/fr{path}",
        f"/en{path}",
        path.upper().replace(".ICS", ".ics"),
        path.replace("/my", "//my"),
    ):
        answer = house.feed(other)
        assert (answer.status, answer.headers["location"]) == (308, path)
    varied = house.feed(path.replace("/feeds/", "/feeds/v/utc/busy/"))
    assert varied.headers["location"] == path.replace("/feeds/", "/feeds/v/busy/utc/")
    assert house.feed(path, "POST").status == 405
    assert house.feed(path, "OPTIONS").status == 204
    whole, head = house.feed(path), house.feed(path, "HEAD")
    assert (head.status, head.body, head.headers) == (200, b"", whole.headers)


def test_the_last_good_bytes_are_given_when_the_database_is_gone(house: House) -> None:
    """What was asked for before goes on being given; another code is 503 with the time to try again."""
    _, path = house.keep()
    before = house.feed(path)
    house.database.close()
    Path(str(house.database.url.database)).unlink()
    house.watch.look()
    assert house.feed(path) == before
    assert (house.feed("/feeds/my/another.ics").status, before.status) == (503, 200)


def test_that_it_was_asked_for_is_noted_by_the_month_and_later(house: House) -> None:
    """Asking leaves nothing in the database; the watch notes the month, of choices that there are."""
    _, path = house.keep()
    code = path.removeprefix("/feeds/my/").removesuffix(".ics")
    house.keep(mechanism="igc")
    house.feed(path)
    house.feed("/feeds/my/nobody.ics")
    with house.database.reading() as session:
        assert session.scalars(select(SavedChoice.asked_in)).all() == [None, None]
    house.asked.note(house.database)
    with house.database.reading() as session:
        assert session.scalars(select(SavedChoice.asked_in)).all() == [None, None]
    house.asked.note(house.database, at_once=True)
    with house.database.reading() as session:
        noted = session.execute(select(SavedChoice.code, SavedChoice.asked_in)).all()
    assert {row.code: row.asked_in for row in noted if row.asked_in} == {code: NOW.date().replace(day=1)}


def test_an_edit_of_a_meeting_reaches_it(house: House) -> None:
    """Published and looked at, the calendar holds the change, under a later date."""
    _, path = house.keep()
    before = house.feed(path)
    with house.database.writing() as session:
        change_meeting(session, "gfmd-20200120-summit", {"venue": "Hall 1"}, editor="test", now=NOW)
    house.publish(hours=1)
    after = house.feed(path, if_modified_since=before.headers["last-modified"])
    assert (after.status, b"Hall 1" in after.body) == (200, True)


@pytest.mark.parametrize("number", [400, pytest.param(10_000, marks=pytest.mark.soak)])
def test_thousands_of_codes_stay_within_their_shelf(house: House, number: int) -> None:
    """Asked for in turn, they take the room of their shelf and none of the others'."""
    chosen = Choice.of({"types": ["rcp", "irf"], "countries": ["th"]}, language="en").chosen
    fill_with_choices(house.database, number, made_at=NOW, chosen=chosen)
    shared = house.feed("/feeds/all.ics")
    size = 0
    for index in range(number):
        answer = house.feed(f"/feeds/my/c{index}.ics")
        size += len(answer.body)
        assert answer.status == 200
    assert size > OWN_ROOM
    assert house.watch.own_shelf.size <= OWN_ROOM
    current = house.watch.current
    assert current is not None
    held = house.watch.shelf.held("/feeds/all.ics", current.feeds["/feeds/all.ics"].mark)
    assert held is not None
    assert held.body == shared.body
