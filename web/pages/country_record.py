"""What the record says of one State or territory: where it takes part, what it chairs, what is not known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, or_, select, union_all
from sqlalchemy.orm import Session

from models.base import Facts
from models.mechanism import Mechanism
from models.meeting import Meeting, Visibility
from models.own_words import mechanism_short_name
from models.state import Participant, ParticipantRole, Participation
from templates.languages import ENGLISH
from templates.states import listing_key
from web.pages.meeting_line import MechanismLink, mechanism_links
from web.pages.profile_chair import is_term_over, role_of, written_term
from web.pages.profile_days import written_as_of


@dataclass(frozen=True, slots=True)
class Membership:
    """A mechanism it takes part in, and of when the list is that says so (None: not said)."""

    mechanism: MechanismLink
    as_of: str | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A chair it holds or held: as what, and since when (empty: not known)."""

    mechanism: MechanismLink
    role: str
    term: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything but the meetings."""

    members: tuple[Membership, ...]
    observers: tuple[Membership, ...]
    chairs: tuple[Seat, ...]
    former_chairs: tuple[Seat, ...]
    unknown: tuple[MechanismLink, ...]


def is_on_record(session: Session, code: str) -> bool:
    """Tell whether a code that is no State's takes part in a mechanism or has a public meeting."""
    found = union_all(
        select(literal(1))
        .join_from(Participant, Participation, Participation.participant_id == Participant.id)
        .where(Participant.code == code),
        select(literal(1))
        .select_from(Meeting)
        .where(Meeting.visibility == Visibility.PUBLIC, or_(Meeting.country == code, Meeting.host == code)),
    )
    return session.execute(found.limit(1)).first() is not None


def read_record(session: Session, code: str, *, today: date, language: str = ENGLISH) -> Record:
    """Return what is known of the State or territory with this code, in two statements."""
    mechanisms = sorted(
        session.scalars(select(Mechanism)),
        key=lambda one: listing_key(mechanism_short_name(one, language=language).text),
    )
    taking_part = {
        row.mechanism_id: row
        for row in session.execute(
            select(Participation.mechanism_id, Participation.role, Participation.as_of)
            .join(Participant, Participant.id == Participation.participant_id)
            .where(Participant.code == code)
        )
    }

    def memberships(role: ParticipantRole) -> tuple[Membership, ...]:
        return tuple(
            Membership(link, written_as_of(taking_part[one.id].as_of or one.states_as_of, language=language))
            for one, link in links
            if one.id in taking_part and taking_part[one.id].role is role
        )

    links = list(zip(mechanisms, mechanism_links(mechanisms, language=language), strict=True))
    chairs, former = _seats(links, code, today=today, language=language)
    return Record(
        members=memberships(ParticipantRole.MEMBER),
        observers=memberships(ParticipantRole.OBSERVER),
        chairs=chairs,
        former_chairs=former,
        unknown=tuple(
            link for one, link in links if one.is_iscm and not one.states_known and one.id not in taking_part
        ),
    )


def _seats(
    links: Iterable[tuple[Mechanism, MechanismLink]], code: str, *, today: date, language: str
) -> tuple[tuple[Seat, ...], tuple[Seat, ...]]:
    """Return the chairs it holds, and those it held: earlier terms, and one whose end has passed."""
    now: list[Seat] = []
    before: list[Seat] = []
    for mechanism, link in links:
        if mechanism.chair and _holds(mechanism.chair, code):
            seats = before if is_term_over(mechanism.chair, today=today) else now
            seats.append(_seat(mechanism.chair, code, link, language=language))
        before.extend(
            _seat(term, code, link, language=language, is_former=True)
            for term in mechanism.former_chairs
            if _holds(term, code)
        )
    return tuple(now), tuple(before)


def _holds(chair: Facts, code: str) -> bool:
    return any(seat["state"] == code for seat in chair.get("states", ()))


def _seat(chair: Facts, code: str, link: MechanismLink, *, language: str, is_former: bool = False) -> Seat:
    term = written_term(chair, language=language, is_former=is_former)
    return Seat(link, role_of(chair, code, language=language), term)
