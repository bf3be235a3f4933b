"""Changing a mechanism: any of its fields; its slug is for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.keeping import Keeping, NothingToChange
from models.known import Known
from models.mechanism import Mechanism, MechanismStatus
from models.mechanism_fields import MECHANISM_FIELDS
from models.refusal import Refusal


class NotDormant(Refusal):
    """Only a dormant mechanism has come to rest in some way."""


def change_mechanism(
    session: Session, name: str, written: Mapping[str, Any], *, editor: str, now: datetime
) -> Mechanism:
    """Change fields of a mechanism (those of MECHANISM_FIELDS), called by any of its names, and return it.

    A name that is taken from the aliases is listed no more, but its address still answers. Raises
    UnknownName, NothingToChange, NotDormant, TakenAddress, or the refusal of a field.
    """
    keeping = Keeping(session, editor, now)
    keeping.alone()
    known = Known(session)
    mechanism = known.mechanism(name)
    facts = MECHANISM_FIELDS.check(written)
    status = facts.get("status", mechanism.status.value)
    if status != MechanismStatus.DORMANT.value:
        if facts.get("dormancy"):
            raise NotDormant(
                f"{mechanism.short_name} is {status}; only a dormant one has come to rest in some way."
            )
        facts["dormancy"] = None
    if not keeping.change(mechanism, MECHANISM_FIELDS, facts, known):
        raise NothingToChange(f"Mechanism {mechanism.slug} says this already; nothing was changed.")
    session.flush()
    return mechanism
