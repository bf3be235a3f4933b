"""A mechanism as it stands in a list: its names, its region, when it meets next or met last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.orm import Session

from models.mechanism import Mechanism, MechanismStatus
from models.meeting import Meeting, MeetingMechanism, MeetingStatus, Visibility
from models.own_words import mechanism_acronym, mechanism_short_name
from templates.dates import written_when
from templates.languages import ENGLISH
from templates.states import listing_key
from templates.words import word
from web.english import in_english_if_any, said
from web.pages.meeting_line import is_coming, is_past, type_words

_FEW: Final = 6
"""Of so many mechanisms, finding the meetings takes less time than going through all meetings once."""


@dataclass(frozen=True, slots=True)
class MechanismLine:
    """One mechanism in a list. `next_meeting` and `last_meeting` are dates in words, None for none."""

    name: str
    acronym: str | None
    address: str
    type: str
    type_words: str
    region: str | None
    established: int | None
    status: str
    status_words: str
    next_meeting: str | None
    last_meeting: str | None


def listed_mechanisms(
    session: Session, *conditions: ColumnElement[bool], language: str = ENGLISH
) -> list[Mechanism]:
    """Return mechanisms: active ones first, then emerging, then dormant, each by name."""
    query = select(Mechanism).where(*conditions)
    statuses = list(MechanismStatus)

    def place(one: Mechanism) -> tuple[int, str, str]:
        name = mechanism_short_name(one, language=language).text
        return statuses.index(one.status), listing_key(name), one.slug

    # Sorted here: databases disagree about capitals and accents.
    return sorted(session.scalars(query), key=place)


def mechanism_lines(
    session: Session,
    mechanisms: Sequence[Mechanism],
    *,
    today: date,
    language: str = ENGLISH,
) -> dict[int, MechanismLine]:
    """Return the lines of mechanisms by their keys, in the order given, in two statements."""
    of = [one.id for one in mechanisms] if len(mechanisms) <= _FEW else None
    nearest = _nearest(session, of, today=today, language=language)
    return {
        one.id: MechanismLine(
            name=said(mechanism_short_name(one, language=language), language=language),
            acronym=_acronym(one, language=language),
            address=f"/mechanisms/{one.slug}",
            type=one.type.value,
            type_words=type_words(one, language=language),
            region=in_english_if_any(one.region, language=language),
            established=one.established_year,
            status=one.status.value,
            status_words=word("mechanism status", one.status, language=language),
            next_meeting=nearest.get((one.id, False)),
            last_meeting=nearest.get((one.id, True)),
        )
        for one in mechanisms
    }


def _acronym(mechanism: Mechanism, *, language: str) -> str | None:
    """Return the acronym, where it is another than the name that people use."""
    acronym = mechanism_acronym(mechanism, language=language)
    if acronym is None or acronym.text == mechanism_short_name(mechanism, language=language).text:
        return None
    return said(acronym, language=language)


def _nearest(
    session: Session, of: list[int] | None, *, today: date, language: str
) -> dict[tuple[int, bool], str]:
    """Return the dates in words of each mechanism's next meeting and of its last, which are marked True.

    First the days alone, in one pass over the meetings; then the meetings that begin on those days.
    """
    over = is_past(today)
    # The sum keeps SQLite from walking the index of mechanisms, which costs it twice the time.
    own = MeetingMechanism.mechanism_id + 0
    told = and_(
        Meeting.visibility == Visibility.PUBLIC,
        Meeting.status.not_in([MeetingStatus.CANCELLED, MeetingStatus.POSTPONED]),
        true() if of is None else MeetingMechanism.mechanism_id.in_(of),
    )
    days = session.execute(
        select(
            own,
            func.min(case((is_coming(today), Meeting.first_day))),
            func.max(case((over, Meeting.first_day))),
        )
        .join(MeetingMechanism, MeetingMechanism.meeting_id == Meeting.id)
        .where(told)
        .group_by(own)
    ).all()
    wanted = {(row[0], is_over, row[1 + is_over]) for row in days for is_over in (False, True)}
    rows = session.execute(
        select(
            MeetingMechanism.mechanism_id,
            over.label("is_over"),
            Meeting.first_day,
            Meeting.last_day,
            Meeting.precision,
        )
        .join(Meeting, Meeting.id == MeetingMechanism.meeting_id)
        .where(told, Meeting.first_day.in_({day for _, _, day in wanted if day}))
        .order_by(Meeting.uid.desc())
    )
    return {
        (mechanism, bool(is_over)): written_when(first, last, precision=precision, language=language)
        for mechanism, is_over, first, last, precision in rows
        if (mechanism, bool(is_over), first) in wanted
    }
