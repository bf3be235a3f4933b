"""Saved choices in numbers, as a crowd leaves them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert

from models.database import Database
from models.saved_choice import SavedChoice


def fill_with_choices(
    database: Database, number: int, *, made_at: datetime, chosen: Mapping[str, object] | None = None
) -> None:
    """Keep this many choices, with the codes c0, c1 and so on, all made at one moment."""
    rows = [
        {
            "code": f"c{index}",
            "secret_hash": f"{index:064}",
            "chosen": chosen or {},
            "language": "en",
            "made_at": made_at,
            "changed_at": made_at,
        }
        for index in range(number)
    ]
    with database.writing() as session:
        session.execute(insert(SavedChoice), rows)
