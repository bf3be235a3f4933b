"""Search at 30,000 records, beside reading every text with LIKE: what a site without an index does."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from benchmarks.measure import Table, duration, median, seconds_of, times
from benchmarks.records import filled
from models import Database, Document, Mechanism, Meeting, Update
from models.search import search

RECORDS = 10_000
QUERIES = ("bali process", "zambia 2017", "puebla", "igrat", "return reintegration", "migration")

_REMARK = (
    "SQLite, {records:,} meetings, as many updates and as many documents besides the registry; the first "
    "twenty finds, ranked, with excerpts. LIKE reads title and text of every record, knows no accents, no "
    "aliases and no order."
)


def measure(*, quick: bool) -> list[Table]:
    """Return the median time of each query both ways."""
    records, rounds = (500, 3) if quick else (RECORDS, 15)
    with (
        TemporaryDirectory() as folder,
        filled(Path(folder), meetings=records, updates=records, documents=records) as database,
    ):
        rows = [_row(database, query, rounds=rounds) for query in QUERIES]
    return [
        Table(
            "Search",
            ("query", "finds", "search", "LIKE", "ratio"),
            rows,
            (_REMARK.format(records=records),),
        )
    ]


def _row(database: Database, query: str, *, rounds: int) -> tuple[str, str, str, str, str]:
    with database.reading() as session:
        found = search(session, query, limit=20)
        ours = median(seconds_of(partial(search, session, query, limit=20), rounds=rounds))
        plain = median(seconds_of(partial(_with_like, session, query), rounds=rounds))
    return f"`{query}`", f"{found.total:,}", duration(ours), duration(plain), times(plain / ours)


def _with_like(session: Session, query: str) -> int:
    """Count what holds every word somewhere in its title or text."""
    total = 0
    for columns in (
        (Mechanism.short_name, Mechanism.name),
        (Meeting.title, Meeting.city),
        (Update.title, Update.summary),
        (Document.title, Document.summary),
    ):
        holds = [or_(*(func.lower(column).contains(word) for column in columns)) for word in query.split()]
        total += session.scalar(select(func.count()).where(*holds)) or 0
    return total
