"""Changes as the publisher finds them, written beside what it publishes."""

from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.changes import changes_between
from models.base import Facts
from models.change import Change
from models.mechanism import Mechanism
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
        for kind in changes_between(before, after, as_of=self._as_of):
            change = Change(uid=uid, kind=kind, at=self._at, before=before, after=after)
            change.mechanisms = self._told_of(before, after)
            self._session.add(change)

    def take_back(self, uids: list[str]) -> None:
        """Write down that meetings were deleted; to be called before their rendering is forgotten."""
        found = self._session.execute(
            select(Rendered.uid, Rendered.told).where(Rendered.uid.in_(uids)).order_by(Rendered.uid)
        )
        for uid, told in found.all():
            self.compare(uid, told, None)

    @cached_property
    def _mechanisms(self) -> dict[str, Mechanism]:
        return {one.slug: one for one in self._session.scalars(select(Mechanism))}

    def _told_of(self, *tellings: Facts | None) -> list[Mechanism]:
        slugs = {slug for told in tellings if told for slug in told["mechanisms"]}
        return [self._mechanisms[slug] for slug in sorted(slugs) if slug in self._mechanisms]
