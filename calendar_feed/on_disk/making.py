"""The files of a feed, made together: its meetings are read once for all of them."""

from collections import OrderedDict
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.asked import Asked, Form
from calendar_feed.forms.atom import Gone
from calendar_feed.reading import shown_bodies
from calendar_feed.served import told_as
from models.meeting import Tombstone
from models.rendering import Feed

_SELECTIONS: Final = 64
"""How many selections of meetings are kept: those of many States are one."""


class Bench:
    """Where the files of one state of the record are made. For one thread, and one reading session."""

    def __init__(self, session: Session) -> None:
        """Read which feeds are stored and what was taken back; meetings are read when they are needed."""
        self._session = session
        self._rows = {(row.path, row.language): row for row in session.scalars(select(Feed))}
        taken = session.execute(select(Tombstone.uid, Tombstone.deleted_at, Tombstone.feeds))
        self._gone = [(Gone(uid, at), set(feeds)) for uid, at, feeds in taken]
        self._bodies: OrderedDict[tuple[object, ...], list[bytes]] = OrderedDict()

    def gone(self, key: str) -> list[Gone]:
        """Return the meetings that were deleted and stood in a feed."""
        return [one for one, feeds in self._gone if key in feeds]

    def make(self, asked: Asked) -> tuple[bytes, datetime]:
        """Return the bytes of a file and its Last-Modified."""
        row = self._rows[asked.key, asked.language]
        gone = self.gone(asked.key) if asked.form is Form.ATOM else []
        feed = told_as(row, asked, bodies=self._shown(row), gone=gone)
        return feed.body, feed.last_modified

    def _shown(self, row: Feed) -> list[bytes]:
        selection = (row.language, row.shown_from, *row.sources)
        if selection not in self._bodies:
            self._bodies[selection] = shown_bodies(self._session, row)
            if len(self._bodies) > _SELECTIONS:
                self._bodies.popitem(last=False)
        self._bodies.move_to_end(selection)
        return self._bodies[selection]
