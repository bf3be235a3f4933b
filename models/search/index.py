"""Writing entries in the transaction that changes what they tell of; comparing all with the record."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.document import Document
from models.mechanism import Mechanism
from models.meeting import Meeting
from models.page import Page
from models.search.content import RECIPE, Content
from models.search.documents import document_contents
from models.search.entry import SearchEntry, SearchKind, SearchRecipe, SearchText, entry_id, record_of
from models.search.mechanisms import mechanism_contents
from models.search.meetings import meeting_contents
from models.search.names import Names
from models.search.pages import page_contents
from models.search.updates import update_contents
from models.update import Update

_READ: Final[
    dict[
        SearchKind,
        tuple[InstrumentedAttribute[int], Callable[[Session, Sequence[int], Names], Iterator[Content]]],
    ]
] = {
    SearchKind.MECHANISM: (Mechanism.id, mechanism_contents),
    SearchKind.PAGE: (Page.id, page_contents),
    SearchKind.MEETING: (Meeting.id, meeting_contents),
    SearchKind.UPDATE: (Update.id, update_contents),
    SearchKind.DOCUMENT: (Document.id, document_contents),
}
"""The key of each kind of record, and what reads some of them."""

_AT_ONCE: Final = 500
"""Records that are read and written together: few enough for the parameters that SQLite takes."""

Rows = tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Gap:
    """An entry that differs from the record: it is missing, or gone records' (superfluous), or outdated."""

    kind: SearchKind
    slug: str
    what: str


@dataclass(frozen=True, slots=True)
class _Difference:
    """What some entries are, and what they should be, by their keys; only those that differ."""

    stored: dict[int, Rows]
    wanted: dict[int, Rows]


def write_entries(session: Session, kind: SearchKind, records: Collection[int], names: Names) -> int:
    """Bring the entries of some records to what these say now; return how many were written or removed.

    Reads what was flushed. Entries that are right already are left alone.
    """
    written = 0
    for found in _differences(session, kind, sorted(records), names):
        if found.stored:
            session.execute(delete(SearchText).where(SearchText.entry_id.in_(found.stored)), **_PAST_THE_ORM)
            session.execute(delete(SearchEntry).where(SearchEntry.id.in_(found.stored)), **_PAST_THE_ORM)
        if found.wanted:
            session.execute(insert(SearchEntry), [entry for entry, _ in found.wanted.values()])
            session.execute(insert(SearchText), [said for _, said in found.wanted.values()])
        written += len(found.stored.keys() | found.wanted.keys())
    return written


def rebuild_search(session: Session) -> int:
    """Make the whole index anew from the record, its tokens too; return how many entries were wrong."""
    written = _write_all(session)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO search_grams(search_grams) VALUES ('rebuild')"))
    return written


def fill_search(session: Session) -> bool:
    """Make the entries of a database that has none or those of another recipe; tell whether it was so."""
    if session.scalar(select(SearchRecipe.recipe)) == RECIPE:
        return False
    _write_all(session)
    return True


def search_index_gaps(session: Session) -> list[Gap]:
    """Compare every entry with the record; return those that differ, by kind and slug. Changes nothing."""
    names = Names(session)
    gaps: list[Gap] = []
    for kind in SearchKind:
        for found in _differences(session, kind, _all_records(session, kind), names):
            for key in sorted(found.stored.keys() | found.wanted.keys()):
                stored, wanted = found.stored.get(key), found.wanted.get(key)
                what = "missing" if stored is None else "superfluous" if wanted is None else "outdated"
                entry, _ = wanted or stored or ({}, {})
                gaps.append(Gap(kind, str(entry.get("slug")), what))
    return sorted(gaps, key=lambda gap: (list(SearchKind).index(gap.kind), gap.slug, gap.what))


_PAST_THE_ORM: Final[dict[str, Any]] = {"execution_options": {"synchronize_session": False}}


def _write_all(session: Session) -> int:
    names = Names(session)
    written = sum(write_entries(session, kind, _all_records(session, kind), names) for kind in SearchKind)
    session.execute(update(SearchRecipe).values(recipe=RECIPE), **_PAST_THE_ORM)
    if session.get_bind().dialect.name == "postgresql":
        # A planner that still believes the tables empty reads them whole for every question.
        session.execute(text("ANALYZE search_entries, search_texts"))
    return written


def _all_records(session: Session, kind: SearchKind) -> list[int]:
    """Return the keys of all records of a kind, and of those that only the index still knows."""
    key, _ = _READ[kind]
    known = session.scalars(select(SearchEntry.id).where(SearchEntry.kind == kind))
    return sorted({*session.scalars(select(key)), *map(record_of, known)})


def _differences(
    session: Session, kind: SearchKind, records: Sequence[int], names: Names
) -> Iterator[_Difference]:
    _, read = _READ[kind]
    for start in range(0, len(records), _AT_ONCE):
        keys = records[start : start + _AT_ONCE]
        wanted = {rows[0]["id"]: rows for rows in (content.rows for content in read(session, keys, names))}
        stored = _stored(session, [entry_id(kind, key) for key in keys])
        same = {key for key, rows in wanted.items() if stored.get(key) == rows}
        yield _Difference(
            {key: rows for key, rows in stored.items() if key not in same},
            {key: rows for key, rows in wanted.items() if key not in same},
        )


def _stored(session: Session, entries: Sequence[int]) -> dict[int, Rows]:
    entry, said = SearchEntry.__table__.columns, SearchText.__table__.columns
    found = select(*entry, *said).join_from(SearchEntry, SearchText).where(SearchEntry.id.in_(entries))
    width = len(entry)
    return {
        row[0]: (
            dict(zip(entry.keys(), row[:width], strict=True)),
            dict(zip(said.keys(), row[width:], strict=True)),
        )
        for row in session.execute(found)
    }
