"""All mechanisms by type, and those of one type."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.mechanism import Mechanism, MechanismStatus, MechanismType
from models.meeting import Meeting, MeetingMechanism, MeetingStatus, Visibility
from models.when import Precision
from templates.dates import written_when
from templates.languages import ENGLISH, catalogue
from templates.words import word
from web.answer import page
from web.feed_links import feed_links
from web.pages.meeting_line import (
    MeetingLine,
    closing_day,
    is_coming,
    is_past,
    meeting_lines,
    visible_meetings,
)
from web.surroundings import surroundings_of

_NEWEST_MEETINGS: Final = 12


@dataclass(frozen=True, slots=True)
class MechanismLine:
    """One mechanism in the list. `next_meeting` and `last_meeting` are dates in words, None for none."""

    name: str
    acronym: str | None
    address: str
    region: str | None
    established: int | None
    status: str
    next_meeting: str | None
    last_meeting: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """The mechanisms of one type, active ones first, then emerging, then dormant."""

    type: str
    words: str
    address: str | None
    statuses: tuple[tuple[str, tuple[MechanismLine, ...]], ...]
    number: int


def mechanisms(request: Request) -> Response:
    """Answer `/mechanisms`."""
    around = surroundings_of(request)
    with around.database.reading() as session:
        groups = read_groups(session, today=around.today)
    return page(request, "mechanisms.html", groups=groups)


def mechanisms_of_type(request: Request) -> Response:
    """Answer `/types/{type}`; 404 for a type that is none."""
    try:
        kind = MechanismType(request.path_params["type"])
    except ValueError:
        raise HTTPException(404) from None
    around = surroundings_of(request)
    with around.database.reading() as session:
        groups = read_groups(session, today=around.today, only=kind)
        coming, past = _meetings_of_type(session, kind, today=around.today)
    return page(
        request,
        "type.html",
        type=kind.value,
        name=word("types", kind),
        group=groups[0] if groups else None,
        coming=coming,
        past=past,
        feed=feed_links(around.site, f"type/{kind.value}", name=word("types", kind)),
    )


def read_groups(
    session: Session, *, today: date, language: str = ENGLISH, only: MechanismType | None = None
) -> tuple[Group, ...]:
    """Return the mechanisms by type, and what is no ISCM but listed with them last."""
    query = select(Mechanism).order_by(func.lower(Mechanism.short_name))
    found = session.scalars(query.where(Mechanism.type == only) if only else query).all()
    nearest = _nearest_meetings(session, today=today, language=language)
    groups = [
        _group([m for m in found if m.is_iscm and m.type is kind], kind, nearest, language)
        for kind in MechanismType
    ]
    others = [m for m in found if not m.is_iscm]
    if others and only is None:
        groups.append(
            Group(
                type=others[0].type.value,
                words=catalogue(language).gettext("Meeting of all processes"),
                address=None,
                statuses=_by_status(others, nearest, language),
                number=len(others),
            )
        )
    return tuple(group for group in groups if group.number)


def _group(found: Sequence[Mechanism], kind: MechanismType, nearest: "Nearest", language: str) -> Group:
    return Group(
        type=kind.value,
        words=word("types", kind, language=language),
        address=f"/types/{kind.value}",
        statuses=_by_status(found, nearest, language),
        number=len(found),
    )


def _by_status(
    found: Sequence[Mechanism], nearest: "Nearest", language: str
) -> tuple[tuple[str, tuple[MechanismLine, ...]], ...]:
    parts = []
    for status in MechanismStatus:
        words = word("mechanism status", status, language=language)
        lines = tuple(_line(m, words, nearest) for m in found if m.status is status)
        if lines:
            parts.append((words, lines))
    return tuple(parts)


def _line(mechanism: Mechanism, status: str, nearest: "Nearest") -> MechanismLine:
    coming, past = nearest.get(mechanism.id, (None, None))
    return MechanismLine(
        name=mechanism.short_name,
        acronym=mechanism.acronym if mechanism.acronym != mechanism.short_name else None,
        address=f"/mechanisms/{mechanism.slug}",
        region=mechanism.region,
        established=mechanism.established_year,
        status=status,
        next_meeting=coming,
        last_meeting=past,
    )


Nearest = dict[int, tuple[str | None, str | None]]
"""Dates in words of the next and of the last meeting, by the mechanism's key."""


def _nearest_meetings(session: Session, *, today: date, language: str) -> Nearest:
    """Read the days of all meetings in one statement and keep the nearest on either side of today."""
    rows = session.execute(
        select(
            MeetingMechanism.mechanism_id,
            Meeting.first_day,
            Meeting.last_day,
            Meeting.precision,
            Meeting.status,
        )
        .join(Meeting, Meeting.id == MeetingMechanism.meeting_id)
        .where(
            Meeting.visibility == Visibility.PUBLIC,
            Meeting.first_day.is_not(None),
            Meeting.status.not_in([MeetingStatus.CANCELLED, MeetingStatus.POSTPONED]),
        )
        .order_by(Meeting.first_day)
    )
    nearest: Nearest = {}
    for mechanism, first, last, precision, status in rows:
        coming, past = nearest.get(mechanism, (None, None))
        words = written_when(first, last, precision=Precision(precision), language=language)
        closes = last or first
        was_held = status is MeetingStatus.HELD and first is not None and first <= today
        if was_held or (closes is not None and closes < today):
            past = words
        else:
            coming = coming or words
        nearest[mechanism] = (coming, past)
    return nearest


def _meetings_of_type(
    session: Session, kind: MechanismType, *, today: date
) -> tuple[tuple[MeetingLine, ...], tuple[MeetingLine, ...]]:
    of_type = (
        select(MeetingMechanism.meeting_id)
        .join(Mechanism, Mechanism.id == MeetingMechanism.mechanism_id)
        .where(Mechanism.type == kind)
    )
    query = visible_meetings().where(Meeting.id.in_(of_type))
    coming = query.where(is_coming(today))
    past = query.where(is_past(today))
    return (
        meeting_lines(session.scalars(coming.order_by(Meeting.first_day, Meeting.uid)), today=today),
        meeting_lines(
            session.scalars(past.order_by(closing_day.desc(), Meeting.uid).limit(_NEWEST_MEETINGS)),
            today=today,
        ),
    )
