"""The meetings of the same mechanism just before and just after one."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.meeting import Meeting, MeetingMechanism, MeetingStatus, Visibility
from models.own_words import mechanism_short_name, words_in
from templates.dates import written_when
from templates.languages import ENGLISH
from web.english import said


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A meeting and when it is."""

    title: str
    address: str
    dates: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Those of one mechanism, by its short name; None where there is none on that side."""

    mechanism: str
    before: Neighbour | None
    after: Neighbour | None


def read_neighbours(session: Session, meeting: Meeting, *, language: str = ENGLISH) -> tuple[Neighbours, ...]:
    """Return the neighbours in each of a meeting's mechanisms, in their order, in two statements.

    Only a meeting with a date has any, and those that are cancelled or postponed are passed over.
    """
    mechanism, by_day = MeetingMechanism.mechanism_id, (Meeting.first_day, Meeting.uid)
    takes_place = Meeting.status.not_in([MeetingStatus.CANCELLED, MeetingStatus.POSTPONED])
    in_order = (
        select(
            mechanism,
            Meeting.id,
            func.lag(Meeting.id).over(partition_by=mechanism, order_by=by_day).label("before"),
            func.lead(Meeting.id).over(partition_by=mechanism, order_by=by_day).label("after"),
        )
        .join(Meeting, Meeting.id == MeetingMechanism.meeting_id)
        .where(
            mechanism.in_([place.mechanism_id for place in meeting.places]),
            Meeting.visibility == Visibility.PUBLIC,
            Meeting.first_day.is_not(None),
            or_(takes_place, Meeting.id == meeting.id),
        )
        .subquery()
    )
    beside = {
        row.mechanism_id: (row.before, row.after)
        for row in session.execute(select(in_order).where(in_order.c.id == meeting.id))
    }
    wanted = {key for pair in beside.values() for key in pair if key}
    told = session.execute(
        select(Meeting.id, Meeting.title, Meeting.title_in, Meeting.slug, Meeting.when).where(
            Meeting.id.in_(wanted)
        )
    )
    known = {
        row.id: Neighbour(
            said(words_in(row.title, row.title_in, language=language), language=language),
            f"/meetings/{row.slug}",
            written_when(row.when.first, row.when.last, precision=row.when.precision, language=language),
        )
        for row in told
    }
    found = []
    for place in meeting.places:
        before, after = beside.get(place.mechanism_id, (None, None))
        if before or after:
            name = said(mechanism_short_name(place.mechanism, language=language), language=language)
            found.append(Neighbours(name, known.get(before), known.get(after)))
    return tuple(found)
