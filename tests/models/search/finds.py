"""What a search finds, by slug."""

from models import Database
from models.search import search


def slugs(database: Database, query: str, *, language: str = "en", **narrowed: object) -> list[str]:
    """The slugs of all finds, best first."""
    with database.reading() as session:
        found = search(session, query, limit=1_000, language=language, **narrowed)  # type: ignore[arg-type]  # as search takes them
        return [find.slug for find in found.finds]
