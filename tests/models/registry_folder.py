"""Registries as a newer release might bring them: files to edit, and every row that loading them leaves."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text

from models import (
    Database,
)

LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)
SUMMIT = "gfmd-20200120-summit"


def edit(folder: Path, file: str, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change the records of one file of a registry."""
    path = folder / file
    records = json.loads(path.read_text(encoding="utf-8"))
    change(records)
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")


def set_fields(code: str, **fields: Any) -> Callable[[list[dict[str, Any]]], None]:  # noqa: ANN401 - any JSON
    """The change that gives one record other fields."""

    def change(records: list[dict[str, Any]]) -> None:
        (record,) = [one for one in records if code in {one.get("id"), one.get("slug")}]
        record.update(fields)

    return change


def every_row(database: Database) -> dict[str, list[str]]:
    """Every row of every table, to be compared whole."""
    with database.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        tables = {name: connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}  # noqa: S608 - our own names
        return {name: sorted(map(repr, rows)) for name, rows in tables.items()}
