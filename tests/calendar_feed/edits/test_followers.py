"""Who follows a feed through any edits misses none of them, and downloads nothing in vain."""

from functools import partial
from random import Random

import pytest
from sqlalchemy import select

from models.choice import Choice
from models.database import Database
from models.meeting import Meeting
from models.saved_choice_keeping import change_choice, keep_choice
from tests.calendar_feed.desk import NOW
from tests.calendar_feed.edits.court import Court
from tests.calendar_feed.edits.editor import Editor
from tests.calendar_feed.edits.followers import Follower
from tests.calendar_feed.edits.test_hundred_edits import fill
from tests.web.feed_client import ask, pages
from web.feed_watch import FeedWatch
from web.feeds import FeedsFirst

FOLLOWED = (
    "/feeds/all.ics",
    "/feeds/type/rcp.ics",
    "/feeds/mechanism/midsa.ics",
    "/feeds/mechanism/grcp.ics",
    "/feeds/region/pacific.ics",
    "/feeds/country/zm.ics",
    "/feeds/country/hk.ics",
    "/feeds/kind/ministerial.ics",
    "/feeds/theme/gcm.ics",
    "/feeds/archive/2027.ics",
    "/ar/feeds/type/irf.ics",
    "/feeds/v/tbc-omit/utc/all.ics",
    "/feeds/v/busy/cancelled-visible/sessions/type/irf.ics",
    "/feeds/mechanism/gfmd.json",
    "/feeds/mechanism/gfmd.csv",
    "/feeds/mechanism/gfmd.jcal",
    "/feeds/mechanism/gfmd.atom",
    "/feeds/kind/ministerial.atom",
    "/feeds/country/gl.atom",
    "/ar/feeds/kind/ministerial.ics",
    "/feeds/my/mine.ics",
    "/feeds/v/sessions/utc/my/mine.atom",
)
CHOICES = (
    Choice(mechanisms=("gfmd",), countries=("zm",), language="ar"),
    Choice(regions=("pacific",), kinds=("ministerial", "plenary"), language="ar"),
    Choice(language="en"),
)


class House:
    """A database that is edited, and a web process that has served it all along."""

    def __init__(self, database: Database, *, seed: int) -> None:
        self._database = database
        self._watch = FeedWatch(database)
        self._random = Random(seed)  # noqa: S311 - the same each time, nothing secret
        self._followers = (Follower("if_none_match"), Follower("if_modified_since"))
        with database.reading() as session:
            slugs = session.scalars(select(Meeting.slug).order_by(Meeting.first_day.desc())).all()
        self._paths = (*FOLLOWED, *(f"/meetings/{slug}.ics" for slug in slugs[:80:8]))

    def look(self, *, at: int | None = None) -> None:
        """Let each follower look at some addresses, or at all."""
        self._watch.look()
        front = partial(ask, FeedsFirst(pages, watch=self._watch))
        for follower in self._followers:
            for path in self._random.sample(self._paths, at) if at else self._paths:
                if front(path).status != 404 or path in follower.kept:
                    follower.look(front, path)

    def compare_with_a_new_process(self) -> None:
        """A web process that is started now serves the very same, with the same headers."""
        watch = FeedWatch(self._database)
        watch.look()
        old, new = (partial(ask, FeedsFirst(pages, watch=one)) for one in (self._watch, watch))
        for path in self._paths:
            assert old(path) == new(path), path


def prove(database: Database, *, seed: int, edits: int) -> None:
    """Edit, publish, and let the followers look at any moment, also between an edit and its publishing."""
    fill(database, number=74)
    court, editor = Court(database, now=NOW), Editor(database, seed=seed, now=NOW)
    with database.writing() as session:
        keep_choice(session, CHOICES[0], code="mine", secret="s", now=NOW)
    house = House(database, seed=seed)
    house.look()
    done: list[str] = []
    try:
        for number in range(edits):
            done.append(editor.act())
            if number % 3 == 0:
                house.look(at=3)
            if number % 7 == 0:
                with database.writing() as session:
                    change_choice(session, "s", CHOICES[number % len(CHOICES)], now=editor.now)
                house.look(at=3)
            court.publish(editor.now)
            house.look(at=5)
        house.look()
        house.compare_with_a_new_process()
    except AssertionError as error:
        error.add_note("\n".join(done[-5:]))
        raise


def test_who_follows_through_random_edits_misses_none_and_downloads_nothing_in_vain(
    sqlite_registry: Database,
) -> None:
    """By ETag and by date, in every family, variant and form, with less than a second between edits."""
    prove(sqlite_registry, seed=5, edits=12)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [6, 7])
def test_who_follows_through_a_hundred_edits_misses_none(registry: Database, seed: int) -> None:
    """The same for longer, on both databases."""
    prove(registry, seed=seed, edits=100)
