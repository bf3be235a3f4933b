"""What else could have been meant where nothing was found."""

import difflib
from typing import Final

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from models.mechanism import Mechanism, MechanismAlias
from models.search.find import count_finds
from models.search.fold import fold
from models.search.names import in_languages
from models.search.query import read_query
from templates.languages import ENGLISH

_MOST_NAMES: Final = 4
_MOST_WORDS: Final = 4
_SHORTEST: Final = 3
_CUTOFF: Final = 0.7


def nearest_names(session: Session, query: str) -> tuple[str, ...]:
    """Return names of mechanisms that are spelt nearly like a question or one of its words, nearest first."""
    line = read_query(query).line
    names: dict[str, str] = {}
    for name in _names(session):
        for spelling in (fold(name), *fold(name).split()):
            if len(spelling) >= _SHORTEST:
                names.setdefault(spelling, name)
    wanted = dict.fromkeys((line, *line.split()[:_MOST_WORDS])) if line else {}
    near = [
        names[spelling]
        for one in wanted
        for spelling in difflib.get_close_matches(one[:80], names, n=_MOST_NAMES, cutoff=_CUTOFF)
    ]
    return tuple(dict.fromkeys(near))[:_MOST_NAMES]


def single_words(session: Session, query: str, *, language: str = ENGLISH) -> dict[str, int]:
    """Return the words of a question that find something alone, with how much; none for a single word."""
    terms = read_query(query).terms
    if len(terms) == 1:
        return {}
    found = {term.letters: count_finds(session, term.letters, language=language) for term in terms[:6]}
    return {letters: number for letters, number in found.items() if number}


def _names(session: Session) -> list[str]:
    """Return every name that mechanisms have today, the ones people use first."""
    called = session.execute(
        select(Mechanism.short_name, Mechanism.acronym, Mechanism.name, Mechanism.short_name_in).order_by(
            Mechanism.slug
        )
    ).all()
    other = select(MechanismAlias.name).where(MechanismAlias.former == false()).order_by(MechanismAlias.id)
    aliases = session.scalars(other)
    return [
        *(row.short_name for row in called),
        *(row.acronym for row in called if row.acronym),
        *aliases,
        *(name for row in called for name in in_languages(row.short_name_in)),
        *(row.name for row in called),
    ]
