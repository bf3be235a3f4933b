"""Counts beside the choices of filters, kept until the record changes."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.revision import Revision
from models.tally import Filters, Tally

_MOST: Final = 256


class Tallies:
    """What `Filters.count` said lately. One of them serves all requests of a process.

    Counting every choice looks at the whole record, several times as long as reading the page of a list
    does. Each change of the record leaves a revision, so what was counted since the newest one still holds;
    the number of records is compared as well, for changes made past the editors' acts.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: OrderedDict[tuple[object, ...], tuple[int, Tally]] = OrderedDict()

    def count(self, session: Session, filters: Filters, chosen: Mapping[str, str]) -> tuple[int, Tally]:
        """Return how many records the chosen values leave, and the tally of every filter."""
        rows = select(func.count(filters.key)).scalar_subquery()
        newest, number = session.execute(select(func.max(Revision.id), rows)).one()
        asked = (id(filters), newest, number, tuple(sorted(chosen.items())))
        found = self._kept.get(asked)
        if found is None:
            found = self._kept[asked] = filters.count(session, chosen)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return found
