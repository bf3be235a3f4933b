"""Readers as a CSV file: read as people's programs write it, written so that it can be read again."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Refusal, Subscriber
from newsletter.importing import Row

COLUMNS: Final = (
    "address",
    "language",
    "state",
    "name",
    "kind",
    "organisation",
    "created_at",
    "confirmed_at",
    "left_at",
)


class UnreadableFile(Refusal):
    """The file is not one of readers."""


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a CSV file with their line numbers; one without an address in it is passed over.

    Takes UTF-8 with or without a byte order mark, commas, semicolons or tabs, and columns in any order, named
    in any case. Raises UnreadableFile, also half-way, when the file is not text or has no column `address`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=_delimiter(file))
            names = [name.strip().lower() for name in next(reader, [])]
            if "address" not in names:
                raise UnreadableFile(
                    f"{path.name} has no column address; its first line must name them: address,language"
                )
            for fields in reader:
                if any(field.strip() for field in fields):
                    yield Row(reader.line_num, dict(zip(names, fields, strict=False)))
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UnreadableFile(f"{path} cannot be read: {reason}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path.name} is not a CSV file in UTF-8; save it as such.") from error


def all_readers(session: Session) -> Iterator[Subscriber]:
    """Yield all readers, whatever their state, in the order they came."""
    query = select(Subscriber).order_by(Subscriber.id).execution_options(yield_per=1000)
    yield from session.scalars(query)


def write_readers(session: Session, file: TextIO) -> int:
    """Write all readers, whatever their state; return how many."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    number = 0
    for reader in all_readers(session):
        writer.writerow(_text(getattr(reader, column)) for column in COLUMNS)
        number += 1
    return number


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _delimiter(file: TextIO) -> str:
    """Return what separates the columns of the first line; the file is then at its start again."""
    first = file.readline()
    file.seek(0)
    return max(",;\t", key=first.count)
