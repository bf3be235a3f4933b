"""Any edit of anything: exactly the right events change in exactly the right feeds, and nothing else does."""

import pytest

from models.database import Database
from models.meeting_add import add_meeting
from tests.calendar_feed.desk import MEETING, NOW, dates
from tests.calendar_feed.edits.court import Court
from tests.calendar_feed.edits.editor import Editor

SEEDS_OF_LONG = (1, 2)


def fill(database: Database, *, number: int) -> None:
    """Add so many long meetings that the feed of everything is full, and some of its oldest leave."""
    with database.writing() as session:
        for one in range(number):
            written = {
                "title": f"Long sitting {one}",
                "sessions": [f"{part} " + "x" * 380 for part in range(30)],
                **dates(f"2027-{one % 12 + 1:02}-{one % 28 + 1:02}"),
            }
            add_meeting(session, MEETING | written, editor="test", now=NOW)


def prove(database: Database, *, seed: int, edits: int) -> None:
    """Do so many random acts, publish after one, two or three of them, and compare everything each time."""
    fill(database, number=74)
    court, editor = Court(database, now=NOW), Editor(database, seed=seed, now=NOW)
    done: list[str] = []
    try:
        for number in range(edits):
            done.append(editor.act())
            if number % 5 < 4:  # now and then two at once
                court.judge(editor.now)
    except AssertionError as error:
        error.add_note("\n".join(done[-3:]))
        raise


def test_random_edits_change_exactly_what_they_should(sqlite_registry: Database) -> None:
    """Fields, dates, states, mechanisms, States that join, documents, themes, deletions, days that come."""
    prove(sqlite_registry, seed=4, edits=12)


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS_OF_LONG)
def test_a_hundred_random_edits_change_exactly_what_they_should(registry: Database, seed: int) -> None:
    """The same for longer, on both databases."""
    prove(registry, seed=seed, edits=100)
