"""Which meetings the home page tells of: chosen by key first, and then loaded all at once.

Choosing reads one index (ix_meetings_days) and no meeting, so that of ten thousand it takes milliseconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, UnaryExpression, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.meeting import Meeting, MeetingStatus, Visibility
from models.when import Precision
from web.pages.meeting_line import closing_day, is_coming, is_past, visible_meetings

COMING: Final = 20
"""How many meetings of the next months are shown; a month that would be cut is left to its own page."""
ROUGH: Final = 6
"""How many meetings are shown of which only the quarter or the year is known."""
UNDATED: Final = 8
"""How many meetings are shown that have no date, or no new one yet: those last put on record."""
JUST_HAPPENED: Final = 6
"""How many meetings are shown that are over."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The keys of the meetings to be told of, in order, and how many there are in all."""

    keys: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The lists of the home page. `dated` and `rough` hold one more than is shown, where there is one."""

    dated: Chosen
    rough: Chosen
    undated: Chosen
    past: tuple[int, ...]


def choose(session: Session, *, today: date) -> Choice:
    """Return the choice as of a day, in five statements."""
    ahead = and_(_PUBLIC, is_coming(today), Meeting.status != MeetingStatus.POSTPONED)
    dated = and_(ahead, Meeting.precision.not_in(_ROUGH))
    rough = and_(ahead, Meeting.precision.in_(_ROUGH))
    past = and_(_PUBLIC, is_past(today), Meeting.status.not_in(_OFF))
    counts = session.execute(
        select(*(func.count().filter(condition) for condition in (dated, rough, _UNDATED)))
    ).one()
    by_day = (Meeting.first_day, Meeting.precision, Meeting.id)
    return Choice(
        dated=Chosen(_keys(session, dated, by_day, COMING + 1), counts[0]),
        rough=Chosen(_keys(session, rough, by_day, ROUGH + 1), counts[1]),
        undated=Chosen(_keys(session, _UNDATED, (Meeting.id.desc(),), UNDATED), counts[2]),
        past=_keys(session, past, (closing_day.desc(), Meeting.id), JUST_HAPPENED),
    )


def load_chosen(session: Session, choice: Choice) -> Mapping[int, Meeting]:
    """Return the chosen meetings by key, in three statements."""
    keys = {*choice.dated.keys, *choice.rough.keys, *choice.undated.keys, *choice.past}
    return {one.id: one for one in session.scalars(visible_meetings().where(Meeting.id.in_(keys)))}


_OFF: Final = (MeetingStatus.CANCELLED, MeetingStatus.POSTPONED)
_ROUGH: Final = (Precision.QUARTER, Precision.YEAR)
_PUBLIC: Final = Meeting.visibility == Visibility.PUBLIC
_UNDATED: Final = and_(
    _PUBLIC,
    or_(Meeting.precision == Precision.UNKNOWN, Meeting.status == MeetingStatus.POSTPONED),
    Meeting.status.not_in([MeetingStatus.HELD, MeetingStatus.CANCELLED]),
)

_Order = Sequence[InstrumentedAttribute[Any] | UnaryExpression[Any]]


def _keys(session: Session, condition: ColumnElement[bool], order: _Order, limit: int) -> tuple[int, ...]:
    return tuple(session.scalars(select(Meeting.id).where(condition).order_by(*order).limit(limit)))
