"""The backup of every night: one file a day, kept for 14 days and, the first of each month, for 12 months."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from models.archive.check import check_archive
from models.archive.contents import Belongings
from models.archive.placing import DRAFT, placed
from models.archive.write import write_archive
from models.database import Database

DAYS: Final = 14
MONTHS: Final = 12

_NAME: Final = re.compile(r"iscm-(\d{4}-\d\d-\d\d)\.tar\.gz")
_DRAFTS: Final = f".iscm-*.tar.gz.*{DRAFT}"
_A_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nightly:
    """Where backups are kept, what is in them besides the database, and which release makes them."""

    folder: Path
    belongings: Belongings
    program: str


def back_up(database: Database, nightly: Nightly, *, day: date, now: datetime) -> str | None:
    """Make the day's backup, read it back, then delete those that are no longer kept; tell what was done.

    None when the day has its file already: it may be the one that was restored. A backup that fails leaves
    no file and deletes none. Raises OSError, BadArchive, UnfitRecord, and what the database raises.
    """
    path = nightly.folder / f"iscm-{day.isoformat()}.tar.gz"
    if path.exists():
        return None
    nightly.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with placed(path) as out:
        manifest = write_archive(
            database,
            out,
            belongings=nightly.belongings,
            program=nightly.program,
            now=now,
            spool=nightly.folder,
        )
    try:
        check_archive(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    deleted = prune(nightly.folder)
    gone = f", {len(deleted)} old ones deleted" if deleted else ""
    return f"{path.name} holds {sum(manifest.rows.values())} rows{gone}"


def prune(folder: Path) -> list[str]:
    """Delete the backups of nights that are no longer kept; return their names. Touches no other file."""
    found = {day: file for file in folder.iterdir() if (day := _day_of(file)) is not None}
    deleted = []
    for day in sorted(found.keys() - kept_days(found)):
        found[day].unlink(missing_ok=True)
        deleted.append(found[day].name)
    for draft in folder.glob(_DRAFTS):  # of a process that was killed; one at work is younger
        if time.time() - draft.stat().st_mtime > _A_DAY:
            draft.unlink(missing_ok=True)
    return deleted


def kept_days(days: Iterable[date]) -> set[date]:
    """Return which of these days are kept: the newest 14, and the first of each of the newest 12 months.

    They are counted and not measured from today, so that a clock that is wrong, or was off for a year, costs
    no backup.
    """
    newest_first = sorted(days, reverse=True)
    firsts = {(day.year, day.month): day for day in newest_first}
    months = sorted(firsts, reverse=True)[:MONTHS]
    return {*newest_first[:DAYS], *(firsts[month] for month in months)}


def _day_of(file: Path) -> date | None:
    found = _NAME.fullmatch(file.name)
    if found is None or file.is_symlink() or not file.is_file():
        return None
    try:
        return date.fromisoformat(found[1])
    except ValueError:
        return None
