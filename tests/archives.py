"""Archives for tests: of a database with a row in every table, and as somebody else might have made them."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Enum, select

from models.archive.contents import Belongings, Manifest
from models.archive.kinds import Kind
from models.archive.placing import placed
from models.archive.rows import Form
from models.archive.write import kept_tables, write_archive
from models.database import Database

TAKEN_AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
SECRET = "s" * 64

_PLAIN: Mapping[Kind, Any] = {
    Kind.INTEGER: 7,
    Kind.REAL: 0.1,
    Kind.BOOLEAN: True,
    Kind.MOMENT: datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
    Kind.DAY: date(2026, 2, 28),
    Kind.TIME: time(9, 30),
    Kind.JSON: {"b": [1, None, "é"], "a": {"deep": 1.5}},
    Kind.BYTES: bytes(range(256)),
}


def belongings(folder: Path, *, secret_key: str = SECRET) -> Belongings:
    """What belongs to a database whose data folder this is."""
    return Belongings(secret_key, None, folder / "documents", folder / "departures")


def make_archive(
    database: Database,
    path: Path,
    *,
    folder: Path | None = None,
    secret_key: str = SECRET,
    now: datetime = TAKEN_AT,
) -> Manifest:
    """Write the archive of a database and its data folder."""
    own = belongings(folder or path.parent / "nothing", secret_key=secret_key)
    with placed(path) as out:
        return write_archive(database, out, belongings=own, program="1.2.3", now=now)


def all_rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that archives hold, as plain values, in an order of their own."""
    with database.reading() as session:
        found = {}
        for table in kept_tables():
            plain = Form.of(table).plain_table()
            rows = [tuple(row) for row in session.execute(select(plain))]
            found[table.name] = sorted(rows, key=repr)
        return found


def fill_every_table(database: Database) -> None:
    """Add a row to every table, with a value in every column; then one with only what must be there."""
    with database.writing() as session:
        for table in kept_tables():
            plain = Form.of(table).plain_table()
            kinds = dict(Form.of(table).columns)
            session.execute(plain.delete())
            for number in (1, 2) if table.name != "publication" else (1,):
                row = {
                    column.name: None
                    if column.nullable and number == 2
                    else _value(column, kinds[column.name], number=number)
                    for column in table.columns
                }
                session.execute(plain.insert(), [row])


def remade(path: Path, to: Path, changes: Mapping[str, bytes | None], *, honest: bool = True) -> Path:
    """Write an archive anew with other members (None: without); an honest manifest knows of the change."""
    members = {name: content for name, content in read_all(path).items() if name not in changes}
    members |= {name: content for name, content in changes.items() if content is not None}
    manifest = members.pop("manifest.json", None)
    if manifest is not None and honest:
        told = json.loads(manifest)
        told["members"] = {
            name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in members.items()
        }
        told["rows"] = {
            name.removeprefix("tables/").removesuffix(".jsonl"): content.count(b"\n") - 1
            for name, content in members.items()
            if name.startswith("tables/")
        }
        manifest = json.dumps(told).encode()
    if manifest is not None:
        members["manifest.json"] = manifest
    with (
        gzip.open(to, "wb") as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as out,
    ):
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))
    return to


def read_all(path: Path) -> dict[str, bytes]:
    """The members of an archive, as any tar reads them."""
    with tarfile.open(path) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]  # all are files


def _value(column: Column[Any], kind: Kind, *, number: int) -> Any:  # noqa: ANN401 - of any kind
    if isinstance(column.type, Enum):
        return column.type.enums[0]
    if column.foreign_keys or (column.primary_key and kind is Kind.INTEGER):
        return number
    if kind is Kind.TEXT:
        longest = getattr(column.type, "length", None) or 400
        return f"{number}{column.name[:1]} é“\n\t\\\u2028"[:longest]
    return _PLAIN[kind]
