"""Lists of meetings, each with all that a line about it needs, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from models.mechanism import Mechanism, MechanismType
from models.meeting import Kind, Meeting, MeetingMechanism, MeetingStatus

_DONE_WITH = frozenset({MeetingStatus.CANCELLED, MeetingStatus.HELD})


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """Which meetings are wanted; what is empty does not narrow. Several values of one field mean any of them.

    since and until are days: what is known of the meeting's time must touch the span between them. coming
    is the day from which a meeting still lies ahead (or has no date yet); cancelled and held ones do not.
    """

    mechanisms: frozenset[str] = frozenset()
    types: frozenset[MechanismType] = frozenset()
    statuses: frozenset[MeetingStatus] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    countries: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    coming: date | None = None


def list_meetings(session: Session, wanted: MeetingFilter = MeetingFilter()) -> list[Meeting]:
    """Return the meetings, by their first day and UID, those without a date last."""
    parts = (
        selectinload(Meeting.places).joinedload(MeetingMechanism.mechanism),
        selectinload(Meeting.theme_tags),
        selectinload(Meeting.documents),
    )
    found = select(Meeting).where(*_conditions(wanted)).options(*parts)
    return list(session.scalars(found.order_by(Meeting.first_day.is_(None), Meeting.first_day, Meeting.uid)))


def _conditions(wanted: MeetingFilter) -> list[ColumnElement[bool]]:
    closing = func.coalesce(Meeting.last_day, Meeting.first_day)
    found: list[ColumnElement[bool]] = []
    if wanted.mechanisms:
        found.append(_of(Mechanism.slug.in_(wanted.mechanisms)))
    if wanted.types:
        found.append(_of(Mechanism.type.in_(wanted.types)))
    if wanted.statuses:
        found.append(Meeting.status.in_(wanted.statuses))
    if wanted.kinds:
        found.append(Meeting.kind.in_(wanted.kinds))
    if wanted.countries:
        found.append(Meeting.country.in_(wanted.countries))
    if wanted.since:
        found.append(closing >= wanted.since)
    if wanted.until:
        found.append(Meeting.first_day <= wanted.until)
    if wanted.coming:
        ahead = or_(closing >= wanted.coming, Meeting.first_day.is_(None))
        found.append(and_(ahead, Meeting.status.not_in(_DONE_WITH)))
    return found


def _of(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    mechanisms = select(Mechanism.id).where(condition)
    return Meeting.places.any(MeetingMechanism.mechanism_id.in_(mechanisms))
