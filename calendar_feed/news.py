"""Changes as the publisher finds them, written beside what it publishes."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.changes import changes_between
from models.base import Facts
from models.change import Change
from models.rendering import Rendered


class News:
    """The changes of one publishing. The very first publishing of a record has none: all of it is new."""

    def __init__(self, session: Session, *, as_of: date, at: datetime, is_first: bool) -> None:
        """Begin; `at` is the time that every change of this publishing is given."""
        self._session, self._as_of, self._at, self._is_first = session, as_of, at, is_first

    def compare(self, uid: str, before: Facts | None, after: Facts | None) -> None:
        """Write down what changed between what was told of a meeting and what is told now."""
        if self._is_first:
            return
        self._session.add_all(
            Change(uid=uid, kind=kind, at=self._at, before=before, after=after)
            for kind in changes_between(before, after, as_of=self._as_of)
        )

    def take_back(self, uids: list[str]) -> None:
        """Write down that meetings were deleted; to be called before their rendering is forgotten."""
        found = self._session.execute(
            select(Rendered.uid, Rendered.told).where(Rendered.uid.in_(uids)).order_by(Rendered.uid)
        )
        for uid, told in found.all():
            self.compare(uid, told, None)
