"""An editor's desk for tests: change the record, publish it, look at what is served."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from calendar_feed.addresses import meeting_address
from calendar_feed.asked import Asked
from calendar_feed.content_line import unfold
from calendar_feed.publication import Published, advance_as_of_day, is_due, publish
from calendar_feed.served import ServedFeed, read_feed, read_meeting_calendar
from calendar_feed.standings import read_standings
from models.database import Database
from models.mechanism import Mechanism
from models.meeting import Meeting
from models.publication import Publication
from models.rendering import Rendering
from tests.calendar_feed.factory import BASE_URL

NOW = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
HOUR = timedelta(hours=1)
MIDSA_FEEDS = {"/feeds/all.ics", "/feeds/type/rcp.ics", "/feeds/mechanism/midsa.ics"}

Act = Callable[..., Meeting] | Callable[..., Mechanism]


def dates(
    first: str, last: str | None = None, *, precision: str = "day", zone: str | None = None
) -> dict[str, Any]:
    """The field "when" of a meeting, as editors write it."""
    return {"when": {"precision": precision, "start": first, "end": last, "zone": zone}}


MEETING: dict[str, Any] = {
    "title": "8th Ministerial Meeting of MIDSA",
    "mechanisms": ["midsa"],
    "kind": "ministerial",
    "status": "confirmed",
    "city": "Lusaka",
    "country": "ZM",
    **dates("2027-06-08", "2027-06-10"),
}


class Desk:
    """One database with the bundled registry, and the hands on it."""

    def __init__(self, database: Database) -> None:
        """Sit down at a database."""
        self.database = database

    def do(self, act: Act, *arguments: Any, now: datetime = NOW, **named: Any) -> str:  # noqa: ANN401 - the act's own
        """Do one act upon the record; return the slug of what it was done to."""
        with self.database.writing() as session:
            return act(session, *arguments, editor="test", now=now, **named).slug

    def publish(self, now: datetime = NOW, *, base_url: str = BASE_URL) -> Published:
        """Publish, as the clock would."""
        with self.database.writing() as session:
            return publish(session, now=now, base_url=base_url)

    def is_due(self, *, base_url: str = BASE_URL) -> bool:
        """Whether publishing would do anything."""
        with self.database.reading() as session:
            return is_due(session, base_url=base_url)

    def advance(self, today: date) -> bool:
        """Let a day come."""
        with self.database.writing() as session:
            return advance_as_of_day(session, today=today)

    def marks(self) -> dict[str, str]:
        """What changes with the bytes of every stored feed of every family, by address."""
        with self.database.reading() as session:
            return {path: one.mark for path, one in read_standings(session).feeds.items()}

    def served(self, *families: str) -> dict[str, ServedFeed]:
        """What is served, by address: every meeting alone, and the feeds of some families.

        Unasked those are the feeds of everything, of types and of mechanisms, in every language there is.
        """
        wanted = families or ("all", "type", "mechanism")
        found: dict[str, ServedFeed] = {}
        with self.database.reading() as session:
            for path, one in read_standings(session).feeds.items():
                if one.asked.key.partition("/")[0] in wanted:
                    feed = read_feed(session, one.asked)
                    assert feed is not None
                    found[path] = feed
            for slug in session.scalars(select(Meeting.slug)):
                alone = read_meeting_calendar(session, slug, language="en")
                if alone is not None:
                    found[meeting_address(slug)] = alone
        return found

    def feeds(self, *families: str) -> dict[str, bytes]:
        """The bytes of stored feeds, by address; which families, as in served()."""
        served = self.served(*families).items()
        return {path: feed.body for path, feed in served if "/meetings/" not in path}

    def event(self, slug: str) -> str:
        """One meeting's event as the feed of everything has it, unfolded."""
        return events_of(self.feed("all"))[self.uid(slug)]

    def feed(self, key: str, *, language: str = "en") -> bytes:
        """The bytes of one stored feed."""
        with self.database.reading() as session:
            found = read_feed(session, Asked(key, language))
        assert found is not None
        return found.body

    def uid(self, slug: str) -> str:
        """The UID of a meeting."""
        with self.database.reading() as session:
            return session.scalars(select(Meeting.uid).where(Meeting.slug == slug)).one()

    def publication(self) -> Publication:
        """The row that processes poll."""
        with self.database.reading() as session:
            return session.scalars(select(Publication)).one()

    def write_publication(self, **values: Any) -> None:  # noqa: ANN401 - any column
        """Change that row from outside."""
        with self.database.writing() as session:
            session.execute(update(Publication).values(**values))

    def kept_body(self, slug: str) -> bytes:
        """The kept body of a meeting."""
        with self.database.reading() as session:
            return session.scalars(select(Rendering.body).where(Rendering.uid == self.uid(slug))).one()

    def spoil(self, slug: str, body: bytes) -> None:
        """Put other bytes in the place of a kept body, past all checks."""
        uid = self.uid(slug)
        with self.database.writing() as session:
            session.execute(update(Rendering).where(Rendering.uid == uid).values(body=body))


def events_of(data: bytes) -> dict[str, str]:
    """The events of a calendar by UID, unfolded, in their order."""
    events = re.findall(r"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", unfold(data).decode(), re.DOTALL)
    return {value(event, "UID"): event for event in events}


def value(event: str, name: str) -> str:
    """The value of one property of an unfolded event."""
    found = re.search(rf"^{name}(?:;[^:\r]*)?:(.*)\r$", event, re.MULTILINE)
    assert found is not None, f"no {name} in {event}"
    return found[1]


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """The addresses that hold something else than before."""
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}
