"""The register of news: adding, changing and deleting an update."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Facts
from models.known import Known
from models.refusal import Refusal
from models.register import Register
from models.update import DayMeans, Update, UpdateKind
from models.update_fields import UPDATE_FIELDS, written_date
from models.vocabulary import Confidence

_UNSAID: Final = {
    "date": None,
    "title": None,
    "mechanisms": None,
    "day_means": DayMeans.EVENT.value,
    "kind": UpdateKind.OTHER.value,
    "confidence": Confidence.HIGH.value,
}


class DuplicateUpdate(Refusal):
    """The news is on record already: the same title on the same date."""


class UpdateRegister(Register[Update]):
    """News. Date, title and mechanisms are needed; mechanisms may be called by any of their names."""

    table = Update
    fields = UPDATE_FIELDS
    look = "iscm updates list"

    def unsaid(self, written: Mapping[str, Any]) -> Facts:
        """News is of the day of the event, of no particular kind, and sure."""
        del written
        return dict(_UNSAID)

    def settle(self, facts: Facts, known: Known, *, entry: Update | None = None) -> None:
        """Call mechanisms by their slugs."""
        del entry
        if "mechanisms" in facts:
            facts["mechanisms"] = known.mechanism_slugs(facts["mechanisms"])

    def refuse_double(
        self, session: Session, facts: Mapping[str, Any], known: Known, *, besides: Update | None
    ) -> None:
        """Raise DuplicateUpdate."""
        del known
        date, title = facts["date"], facts["title"]
        for other in session.scalars(select(Update).where(Update.title == title)):
            if other is not besides and written_date(other) == date:
                raise DuplicateUpdate(f"“{title}” of {date} is on record already as {other.slug}.")

    def wanted_slug(self, facts: Facts) -> str:
        """Name an update by its date, its first mechanism and its kind."""
        return f"{facts['date']} {facts['mechanisms'][0]} {facts['kind']}"

    def blank(self, slug: str, now: datetime) -> Update:
        """Make an update that says nothing yet."""
        return Update(slug=slug, created_at=now)


UPDATES: Final = UpdateRegister()
add_update, change_update, delete_update = UPDATES.add, UPDATES.change, UPDATES.delete
