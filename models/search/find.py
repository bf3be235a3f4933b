"""The one way to search: the same finds in the same order on SQLite and PostgreSQL."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.search.entry import SearchKind, SearchText
from models.search.excerpt import Piece, excerpt, marked
from models.search.matching import Matching, index_first
from models.search.query import Query, read_query
from templates.languages import ENGLISH

PAGE_OF_FINDS = 20
"""Finds on a page, where nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Find:
    """One thing that was found. title and excerpt are in pieces, those that were asked for marked."""

    kind: SearchKind
    slug: str
    language: str | None
    day: date | None
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Finds:
    """Some of what was found, best first, and how much there is of each kind in all."""

    query: Query
    finds: tuple[Find, ...]
    counts: dict[SearchKind, int]

    @property
    def total(self) -> int:
        """How much there is of all kinds together."""
        return sum(self.counts.values())


def search(
    session: Session,
    query: str,
    *,
    kinds: Collection[SearchKind] = (),
    limit: int = PAGE_OF_FINDS,
    offset: int = 0,
    language: str = ENGLISH,
) -> Finds:
    """Return what holds all words of a question, accents and case set aside.

    First what is called so, then what begins so, what has all words in its names (beginnings of words before
    parts inside them), and at last what says them anywhere; among equals mechanisms, then pages, then the
    newest. kinds narrows the finds, not the counts; none means all. A page of text is found in `language`,
    else in English. Any text may be asked for; one without a word finds nothing.
    """
    asked = read_query(query)
    if not asked.terms:
        return Finds(asked, (), {})
    with index_first(session):
        matching = Matching(session, asked, language=language)
        counts = matching.counts()
        wanted = sum(number for kind, number in counts.items() if not kinds or kind in kinds)
        there = limit > 0 and 0 <= offset < wanted
        rows = matching.in_order(kinds, limit=limit, offset=offset) if there else []
    said = select(SearchText.entry_id, SearchText.title, SearchText.text)
    texts = {
        key: (title, text)
        for key, title, text in session.execute(said.where(SearchText.entry_id.in_([row.id for row in rows])))
    }
    finds = tuple(
        Find(
            kind=row.kind,
            slug=row.slug,
            language=row.language,
            day=row.day,
            title=marked(texts[row.id][0], asked.terms),
            excerpt=excerpt(texts[row.id][1], asked.terms),
        )
        for row in rows
    )
    return Finds(asked, finds, counts)


def count_finds(session: Session, query: str, *, language: str = ENGLISH) -> int:
    """Return how much holds all words of a question."""
    asked = read_query(query)
    if not asked.terms:
        return 0
    with index_first(session):
        return sum(Matching(session, asked, language=language).counts().values())
