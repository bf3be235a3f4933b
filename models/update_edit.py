"""Adding, changing and deleting an update."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.keeping import Keeping, NothingToChange
from models.known import Known, unknown_name
from models.refusal import Refusal
from models.slug import new_slug
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
    """The news is on record already."""


def add_update(session: Session, written: Mapping[str, Any], *, editor: str, now: datetime) -> Update:
    """Put news on record and return it.

    written are fields of UPDATE_FIELDS, of which date, title and mechanisms are needed. Raises
    DuplicateUpdate for the same date and title, or the refusal of a field.
    """
    keeping = Keeping(session, editor, now)
    keeping.alone()
    known = Known(session)
    facts = UPDATE_FIELDS.check({**_UNSAID, **written})
    facts["mechanisms"] = known.mechanism_slugs(facts["mechanisms"])
    _refuse_double(session, date=facts["date"], title=facts["title"])
    wanted = f"{facts['date']} {facts['mechanisms'][0]} {facts['kind']}"
    update = Update(slug=new_slug(session, kind="update", table=Update, wanted=wanted), created_at=now)
    keeping.add(update, UPDATE_FIELDS, facts, known)
    session.flush()
    return update


def change_update(
    session: Session, slug: str, written: Mapping[str, Any], *, editor: str, now: datetime
) -> Update:
    """Change fields of an update and return it. Raises UnknownName, NothingToChange, DuplicateUpdate."""
    keeping = Keeping(session, editor, now)
    keeping.alone()
    known = Known(session)
    update = find_update(session, slug)
    facts = UPDATE_FIELDS.check(written)
    if "mechanisms" in facts:
        facts["mechanisms"] = known.mechanism_slugs(facts["mechanisms"])
    after = UPDATE_FIELDS.facts(update) | facts
    _refuse_double(session, date=after["date"], title=after["title"], besides=update)
    if not keeping.change(update, UPDATE_FIELDS, facts, known):
        raise NothingToChange(f"Update {slug} says this already; nothing was changed.")
    session.flush()
    return update


def delete_update(session: Session, slug: str, *, editor: str, now: datetime) -> Update:
    """Take news off the record and return what it was. Its slug is never given again. Raises UnknownName."""
    keeping = Keeping(session, editor, now)
    keeping.alone()
    update = find_update(session, slug)
    keeping.delete(update, UPDATE_FIELDS)
    session.flush()
    return update


def find_update(session: Session, slug: str) -> Update:
    """Find it by its slug; raises UnknownName."""
    found = session.scalar(select(Update).where(Update.slug == slug))
    if found is None:
        raise unknown_name("update", slug, session.scalars(select(Update.slug)), look="iscm updates list")
    return found


def _refuse_double(session: Session, *, date: str, title: str, besides: Update | None = None) -> None:
    for other in session.scalars(select(Update).where(Update.title == title)):
        if other is not besides and written_date(other) == date:
            raise DuplicateUpdate(f"“{title}” of {date} is on record already as {other.slug}.")
