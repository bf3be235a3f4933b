"""Lists of updates, each with all that a line about it needs, in a fixed number of queries."""

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import extract, select
from sqlalchemy.orm import Session, selectinload

from models.mechanism import Mechanism
from models.tally import ByColumn, ByPairs, Filters
from models.update import Update, UpdateKind, UpdateMechanism, update_themes
from models.vocabulary import Theme

_mechanisms = (
    select(UpdateMechanism.update_id, Mechanism.slug)
    .select_from(UpdateMechanism)
    .join(Mechanism, Mechanism.id == UpdateMechanism.mechanism_id)
)
_themes = (
    select(update_themes.c.update_id, Theme.slug)
    .select_from(update_themes)
    .join(Theme, Theme.id == update_themes.c.theme_id)
)

UPDATE_FILTERS: Final = Filters(
    key=Update.id,
    base=select(Update.id),
    by_name={
        "mechanism": ByPairs((_mechanisms,)),
        "kind": ByColumn(Update.kind),
        "theme": ByPairs((_themes,)),
        "year": ByColumn(extract("year", Update.day)),
    },
)
"""The filters of the news: slugs of mechanisms and themes, a kind, a year."""


def list_updates(
    session: Session,
    *,
    mechanisms: Collection[str] = (),
    kinds: Collection[UpdateKind] = (),
    since: date | None = None,
    until: date | None = None,
) -> list[Update]:
    """Return the updates, the newest first. mechanisms are slugs; what is empty does not narrow."""
    parts = (
        selectinload(Update.places).joinedload(UpdateMechanism.mechanism),
        selectinload(Update.theme_tags),
    )
    found = select(Update).options(*parts).order_by(Update.day.desc(), Update.slug)
    if mechanisms:
        ids = select(Mechanism.id).where(Mechanism.slug.in_(mechanisms))
        found = found.where(Update.places.any(UpdateMechanism.mechanism_id.in_(ids)))
    if kinds:
        found = found.where(Update.kind.in_(kinds))
    if since:
        found = found.where(Update.day >= since)
    if until:
        found = found.where(Update.day <= until)
    return list(session.scalars(found))
