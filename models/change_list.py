"""The list of changes that everybody may read, the newest first, and its filters."""

from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from models.change import Change, change_mechanisms
from models.mechanism import Mechanism
from models.meeting import Meeting, Tombstone, Visibility
from models.revision import Act, Revision
from models.tally import ByColumn, ByPairs, Filters

_hidden = select(Meeting.uid).where(Meeting.visibility == Visibility.HIDDEN)
_hidden_when_deleted = (
    select(Tombstone.uid)
    .join(Revision, Revision.code == Tombstone.slug)
    .where(
        Revision.kind == "meeting",
        Revision.act == Act.DELETED,
        Revision.changes[("visibility", 0)].as_string() == Visibility.HIDDEN.value,
    )
)
is_public: Final = Change.uid.not_in(_hidden) & Change.uid.not_in(_hidden_when_deleted)
"""The condition for changes of meetings that all may see: nothing tells of one that was hidden since."""

_mechanisms = (
    select(change_mechanisms.c.change_id, Mechanism.slug)
    .select_from(change_mechanisms)
    .join(Mechanism, Mechanism.id == change_mechanisms.c.mechanism_id)
)
# A change of two mechanisms of one type counts once.
_once = (
    select(change_mechanisms.c.change_id, Mechanism.type)
    .select_from(change_mechanisms)
    .join(Mechanism, Mechanism.id == change_mechanisms.c.mechanism_id)
    .distinct()
    .subquery()
)
_types = select(_once.c.change_id, _once.c.type)

CHANGE_FILTERS: Final = Filters(
    key=Change.id,
    base=select(Change.id).where(is_public),
    by_name={
        "kind": ByColumn(Change.kind),
        "mechanism": ByPairs((_mechanisms,)),
        "type": ByPairs((_types,)),
    },
)
"""The filters of the changes: a kind, slugs of mechanisms, a type of mechanism."""


def changes_in_order() -> Select[Change]:
    """Return the query for public changes, newest first, with what their lines show loaded along.

    What was told at one moment stands together by meeting, the weightiest change of each first.
    """
    return (
        select(Change)
        .where(is_public)
        .options(selectinload(Change.mechanisms), joinedload(Change.meeting))
        .order_by(Change.at.desc(), Change.uid, Change.id)
    )
