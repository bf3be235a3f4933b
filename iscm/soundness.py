"""Whether the database is sound: its file, its references, and what must be true of the record."""

from sqlalchemy import select, text

from models.database import Database
from models.issue import Issue
from models.search.index import search_index_gaps
from newsletter.deliveries import count


def damage(database: Database) -> list[str]:
    """What SQLite finds wrong with its file and its references; PostgreSQL watches over its own."""
    if not database.is_sqlite:
        return []
    with database.reading() as session:
        found = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
        orphans = [str(row[0]) for row in session.execute(text("PRAGMA foreign_key_check"))]
    return found + [f"a row of {table} refers to a row that is gone" for table in sorted(set(orphans))]


def errors(database: Database) -> list[str]:
    """What is not as it must be although the database is whole, a clause each."""
    with database.reading() as session:
        issues = session.scalars(
            select(Issue).where(Issue.candidates.is_not(None)).order_by(Issue.code)
        ).all()
        found = [
            f"the numbers of issue {issue.code} do not add up"
            for issue in issues
            if not count(session, issue).adds_up
        ]
        gaps = len(search_index_gaps(session))
    return found + ([f"the search differs from the record in {gaps} places"] if gaps else [])
