"""Lists of mechanisms, each with all that a line about it needs, in a fixed number of queries."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.mechanism import Mechanism, MechanismStatus, MechanismType
from models.state import Participation


def list_mechanisms(
    session: Session,
    *,
    types: Collection[MechanismType] = (),
    statuses: Collection[MechanismStatus] = (),
) -> list[Mechanism]:
    """Return the mechanisms by their short names, GRCP with the rest; empty collections do not narrow."""
    parts = (
        selectinload(Mechanism.aliases),
        selectinload(Mechanism.regions),
        selectinload(Mechanism.theme_tags),
        selectinload(Mechanism.participations).joinedload(Participation.participant),
    )
    found = select(Mechanism).options(*parts)
    if types:
        found = found.where(Mechanism.type.in_(types))
    if statuses:
        found = found.where(Mechanism.status.in_(statuses))
    # Sorted here: databases disagree about capitals and accents.
    return sorted(session.scalars(found), key=lambda one: (one.short_name.casefold(), one.slug))
