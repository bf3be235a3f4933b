"""The feeds as they stand now: which there are, in which version, seen as soon as a publishing is done."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog

from calendar_feed.shelf import OWN_ROOM, Shelf
from calendar_feed.standings import Standings, read_revision, read_standings
from models.database import Database, explain
from templates.languages import ENGLISH
from web.asked_choices import AskedChoices

POLL_SECONDS = 0.5
"""How often the publication's row is looked at; a change is served within two seconds of its publishing."""

_log = structlog.get_logger(__name__)


class FeedWatch:
    """Holds what is served and looks for newer, in a thread and on a connection of its own.

    Where the database cannot be read, what was read last goes on being served: `current` never gets worse. It
    is None only until the first reading succeeds.
    """

    def __init__(
        self, database: Database, *, poll_seconds: float = POLL_SECONDS, asked: AskedChoices | None = None
    ) -> None:
        """Take the database; nothing is read yet. `asked` gathers which saved choices are asked for."""
        self.current: Standings | None = None
        self.shelf = Shelf(database)
        self.own_shelf = Shelf(database, room=OWN_ROOM)
        self.asked = asked
        self._database = database
        self._poll_seconds = poll_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed-watch", daemon=True)
        self._is_failing = False

    def look(self) -> None:
        """Read the feeds anew if they were published anew; any failure leaves everything as it was."""
        try:
            with self._database.reading() as session:
                if self.current is None or read_revision(session) != self.current.revision:
                    self.current = read_standings(session)
        except Exception as error:  # noqa: BLE001 - whatever is wrong, readers keep what they have
            if not self._is_failing:
                reason = explain(error) or repr(error)
                _log.warning("the feeds cannot be read; the last ones are served", reason=reason)
            self._is_failing = True
        else:
            self._is_failing = False

    def start(self) -> None:
        """Read the feeds once, here, and go on looking in the background."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        """Stop looking; returns when the thread has ended."""
        self._stopping.set()
        self._thread.join()
        self._note_asked(at_once=True)

    def warm(self) -> bool:
        """Put feeds on the shelf for as long as a look may wait; say whether there is nothing more to do.

        English first, and the feeds of everything and of types before those of States.
        """
        current = self.current
        if current is None:
            return True
        feeds = sorted(current.feeds.items(), key=lambda one: one[1].asked.language != ENGLISH)
        try:
            return self.shelf.warm(feeds, until=time.monotonic() + self._poll_seconds)
        except Exception:  # noqa: BLE001 - what is asked for is read then, and the failure told then
            return True

    def _run(self) -> None:
        warmed: Standings | None = None
        while not self._stopping.wait(self._poll_seconds if warmed is self.current else 0):
            self.look()
            self._note_asked()
            if warmed is not self.current and self.warm():
                warmed = self.current

    def _note_asked(self, *, at_once: bool = False) -> None:
        """Note which saved choices were asked for; what cannot be noted now is noted later."""
        if self.asked is not None:
            with suppress(Exception):
                self.asked.note(self._database, at_once=at_once)


@contextmanager
def watching(
    database: Database, *, poll_seconds: float = POLL_SECONDS, asked: AskedChoices | None = None
) -> Iterator[FeedWatch]:
    """Give a watch that runs for the block."""
    watch = FeedWatch(database, poll_seconds=poll_seconds, asked=asked)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()
