"""The entries that answer a question, and their order, as queries for SQLite and for PostgreSQL."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, cast, column, func, select, table, text
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import UserDefinedType

from models.search.entry import KINDS_AT_MOST, SearchEntry, SearchKind, SearchText, kind_of, place_of
from models.search.grams import beginnings, must_be_compared
from models.search.query import Query
from templates.languages import ENGLISH

_FEW: Final = 1_000
"""Finds that are looked up by their keys; more of them are better left to the database."""


class _TsQuery(UserDefinedType[str]):
    """PostgreSQL's tsquery. SQLAlchemy's own stands in a module that takes a tenth of a second to load."""

    cache_ok = True

    def get_col_spec(self, **options: object) -> str:
        """Name it."""
        del options
        return "TSQUERY"


@contextmanager
def index_first(session: Session) -> Iterator[None]:
    """Let PostgreSQL use the index in this block, whatever it believes.

    It reckons that to read a long value costs nothing, and would rather unpack those of the whole table; and
    it would spend longer on compiling such a plan than the plan takes.
    """
    if session.get_bind().dialect.name == "sqlite":
        yield
        return
    setting = text("SELECT set_config('enable_seqscan', :on, true), set_config('jit', :on, true)")
    session.execute(setting, {"on": "off"})
    yield
    session.execute(setting, {"on": "on"})


class Matching:
    """The entries that hold all terms of a question; it must have one at least."""

    def __init__(self, session: Session, query: Query, *, language: str) -> None:
        self._session = session
        self._query = query
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"
        self._unwanted = _pages_left_out(session, language)
        self._compared = [term for term in query.terms if must_be_compared(term)]
        self._all = self._tokens(named=False)
        self._named = self._tokens(named=True)
        self._others = self._tokens(named=False, besides=self._named)
        some = list(session.scalars(self._chosen(self._all).limit(_FEW + 1)))
        self._few = some if len(some) <= _FEW else None

    def counts(self) -> dict[SearchKind, int]:
        """Return how many there are of each kind, in the order of kinds; none is left out."""
        if self._few is not None:
            found = Counter(key % KINDS_AT_MOST for key in self._few)
        else:
            chosen = self._chosen(self._all).subquery()
            place = chosen.c.id % KINDS_AT_MOST
            rows = self._session.execute(select(place, func.count()).group_by(place))
            found = Counter({row[0]: row[1] for row in rows})
        return {kind_of(place): found[place] for place in sorted(found)}

    def in_order(self, kinds: Collection[SearchKind], *, limit: int, offset: int) -> list[Row[Any]]:
        """Return id, kind, slug, language and day of some of them, best first; no kinds means all.

        Where there are many, those with all terms in their names are read first; the rest is only looked at
        where these do not fill the page, and then needs no comparing.
        """
        if self._few is not None:
            places = {place_of(kind) for kind in kinds or SearchKind}
            keys = [key for key in self._few if key % KINDS_AT_MOST in places]
            found = self._in_order(self._tier()).where(SearchEntry.id.in_(keys))
            return self._read(found, limit=limit, offset=offset)
        if self._compared:
            found = self._among(self._chosen(self._all, kinds), self._tier())
            return self._read(found, limit=limit, offset=offset)
        named = self._chosen(self._named, kinds)
        first = self._read(self._among(named, self._tier()), limit=limit, offset=offset)
        if len(first) == limit:
            return first
        before = offset + len(first) if first or not offset else self._count(named)
        rest = self._among(self._chosen(self._others, kinds))
        return first + self._read(rest, limit=limit - len(first), offset=max(0, offset - before))

    def _read(self, ordered: Select[Any], *, limit: int, offset: int) -> list[Row[Any]]:
        return list(self._session.execute(ordered.limit(limit).offset(offset)))

    def _in_order(self, *tier: ColumnElement[int]) -> Select[Any]:
        entry = SearchEntry
        shown: tuple[Any, ...] = (entry.id, entry.kind, entry.slug, entry.language, entry.day)
        return select(*shown).order_by(
            *tier, entry.rank, entry.day.is_(None), entry.day.desc(), entry.slug, entry.kind
        )

    def _among(self, chosen: Select[Any], *tier: ColumnElement[int]) -> Select[Any]:
        found = chosen.subquery()
        return self._in_order(*tier).join(found, SearchEntry.id == found.c.id)

    def _count(self, chosen: Select[Any]) -> int:
        return self._session.scalars(select(func.count()).select_from(chosen.subquery())).one()

    def _chosen(self, tokens: str, kinds: Collection[SearchKind] = ()) -> Select[Any]:
        """Return the query for the keys of the entries that have such tokens and all that was asked for."""
        if self._is_sqlite:
            index = table("search_grams", column("rowid"), column("search_grams"))
            key, holding = index.c.rowid, index.c.search_grams.op("MATCH")(tokens)
        else:
            index = table("search_texts", column("entry_id"), column("lexemes"))
            key, holding = index.c.entry_id, index.c.lexemes.op("@@")(cast(tokens, _TsQuery()))
        found = select(key.label("id")).where(holding)
        if kinds:
            found = found.where((key % KINDS_AT_MOST).in_([place_of(kind) for kind in kinds]))
        if self._unwanted:
            found = found.where(key.not_in(self._unwanted))
        if self._compared:
            said = aliased(SearchText)
            found = found.join(said, said.entry_id == key)
            found = found.where(*(self._holds(said.folded, term.sought) for term in self._compared))
        return found

    def _tier(self) -> ColumnElement[int]:
        """Return how well an entry's names answer, 0 being called so."""
        names, line = SearchEntry.names, self._query.line
        begin = [self._holds(names, f" {term.letters}") for term in self._query.terms]
        inside = [self._holds(names, term.sought) for term in self._query.terms]
        return case(
            (self._holds(names, f"\n {line} \n"), 0),
            (self._holds(names, f"\n {line}"), 1),
            (and_(*begin), 2),
            (and_(*inside), 3),
            else_=4,
        )

    def _holds(self, folded: Any, letters: str) -> ColumnElement[bool]:  # noqa: ANN401 - any column of text
        position = func.instr if self._is_sqlite else func.strpos
        found: ColumnElement[bool] = position(folded, letters) > 0
        return found

    def _tokens(self, *, named: bool, besides: str = "") -> str:
        """Return what an index is asked for: all of the terms' tokens, in names or anywhere.

        Tokens are letters and digits alone (and the marks), so nothing in them is a word of an index's own
        language; the quotes stand for AND and NOT, which are words, too.
        """
        tokens = beginnings(self._query.terms, named=named)
        if self._is_sqlite:
            asked = " AND ".join(f'"{token}"*' for token in tokens)
            return f"({asked}) NOT ({besides})" if besides else asked
        asked = " & ".join(f"'{token}':*" for token in tokens)
        return f"{asked} & !({besides})" if besides else asked


def _pages_left_out(session: Session, language: str) -> list[int]:
    """Return the entries of pages that are not to be found: each is, once, in this language or in English."""
    entry = SearchEntry
    # Anything but NULL; written so, SQLite finds it in the index.
    rows = session.execute(select(entry.id, entry.slug, entry.language).where(entry.language >= ""))
    versions: dict[str, dict[str, int]] = {}
    for key, slug, written in rows:
        versions.setdefault(slug, {})[str(written)] = key
    return sorted(
        key
        for by_language in versions.values()
        for written, key in by_language.items()
        if written != (language if language in by_language else ENGLISH)
    )
