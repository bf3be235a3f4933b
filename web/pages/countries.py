"""All States and territories, with how many mechanisms each takes part in."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.mechanism import Mechanism
from models.meeting import Meeting, Visibility
from models.state import Participant, ParticipantRole, Participation
from templates.countries import listed_territory_names, territory_names, territory_note
from templates.languages import ENGLISH
from templates.states import first_letter, listing_key, state_codes
from web.answer import page
from web.language import language_of
from web.pages.country_address import country_address
from web.surroundings import surroundings_of


@dataclass(frozen=True, slots=True)
class CountryLine:
    """One State or territory. `member` and `observer` count mechanisms; `has_note` asks for the footnote."""

    name: str
    address: str
    member: int
    observer: int
    has_note: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """Those whose names begin with one letter."""

    letter: str
    lines: tuple[CountryLine, ...]


@dataclass(frozen=True, slots=True)
class CountryList:
    """The page: letters, how many are named in a list, the mechanisms without one, footnotes."""

    letters: tuple[Letter, ...]
    taking_part: int
    unknown: int
    notes: tuple[str, ...]


def countries(request: Request) -> Response:
    """Answer `/countries`."""
    with surroundings_of(request).database.reading() as session:
        view = read_countries(session, language=language_of(request))
    return page(request, "countries.html", countries=view)


def read_countries(session: Session, *, language: str = ENGLISH) -> CountryList:
    """Return every State, and every territory on record, by letter, in three statements."""
    counts: dict[tuple[str, ParticipantRole], int] = {}
    taking_part = (
        select(Participant.code, Participation.role, func.count())
        .join(Participation, Participation.participant_id == Participant.id)
        .where(Participant.code.is_not(None))
        .group_by(Participant.code, Participation.role)
    )
    for code, role, number in session.execute(taking_part):
        counts[code or "", role] = number
    named = {code for code, _ in counts}
    names = listed_territory_names(language)
    codes = sorted(
        {code for code in state_codes() | named | set(_territories_met_in(session)) if code in names},
        key=lambda code: listing_key(names[code]),
    )
    notes = {code: territory_note(code, language=language) for code in codes}
    lines = [
        CountryLine(
            name=names[code],
            address=country_address(code),
            member=counts.get((code, ParticipantRole.MEMBER), 0),
            observer=counts.get((code, ParticipantRole.OBSERVER), 0),
            has_note=notes[code] is not None,
        )
        for code in codes
    ]
    unknown = select(func.count(Mechanism.id)).where(~Mechanism.states_known, Mechanism.is_iscm)
    return CountryList(
        letters=tuple(
            Letter(letter, tuple(group))
            for letter, group in groupby(lines, key=lambda line: first_letter(line.name))
        ),
        taking_part=len(named),
        unknown=session.scalar(unknown) or 0,
        notes=tuple(note for note in notes.values() if note),
    )


def _territories_met_in(session: Session) -> list[str]:
    """Return the codes of territories in which there were, or will be, meetings that all may see."""
    territories = sorted(set(territory_names(ENGLISH)) - state_codes())
    found = select(Meeting.country).where(
        Meeting.country.in_(territories), Meeting.visibility == Visibility.PUBLIC
    )
    return [code for code in session.scalars(found.distinct()) if code]
