"""The acts of a restore in their order: nothing that is here changes before all is known to be well."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from calendar_feed.restored import ToldSince, raise_stamps
from iscm.letter import options_of, stationery_of
from iscm.restoring.files import (
    Keeping,
    put_departures,
    put_documents,
    put_journals_aside,
    put_keys,
    read_keeping,
)
from iscm.restoring.target import Filling, look_at, replaced
from iscm.settings import Settings
from models import Refusal
from models.archive import schema
from models.archive.check import Archive
from models.archive.contents import Manifest, table_of
from models.archive.load import load_rows
from models.archive.tar import BadArchive
from models.database import Database
from models.document_filing import documents_folder
from models.search.index import rebuild_search
from newsletter.keys import Keys
from newsletter.restored.departures import Replayed, replay_departures
from newsletter.restored.letters import Since, hold_letters


class HoldsRecords(Refusal):
    """There is something that a restore would replace."""


class NoRoom(Refusal):
    """The disk has no room for what the archive holds."""


@dataclass(slots=True)
class Restored:
    """What a restore did: who had left since, what is held, trouble with feeds, what was put aside."""

    manifest: Manifest
    replayed: Replayed = field(default_factory=Replayed)
    held: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    documents: int = 0
    aside: list[Path] = field(default_factory=list)


def restore(
    settings: Settings,
    archive: Archive,
    *,
    departures: tuple[Path, ...],
    force: bool,
    now: datetime,
    progress: Callable[[int], None],
) -> Restored:
    """Bring database, documents and keys to what the archive holds, and let nothing of the past happen again.

    `departures` are further files of departures, `progress` is told how many more rows are loaded. Raises a
    Refusal, or OSError, and then the database is as it was.
    """
    if not schema.is_known_revision(archive.manifest.revision):
        raise BadArchive(
            "The archive was made by a newer release (its tables are of revision "
            f"{archive.manifest.revision[:20]}). Install that one, then restore."
        )
    keeping = read_keeping(settings, archive, given=departures, force=force)
    database = Database(settings.database_url)
    done = Restored(archive.manifest)
    try:
        present = look_at(database)
        if present.holds_records and not force:
            raise HoldsRecords(
                "The database holds records, and restoring replaces all of them. Back it up, then restore "
                "with --force."
            )
        _require_room(archive, settings.data_dir)
        with replaced(database, now=now) as filling:
            _fill(filling, archive, progress=progress)
            _act(filling, settings, keeping, told=present.told, now=now, done=done)
            done.documents = put_documents(archive, documents_folder(settings.data_dir), now=now)
            if keeping.older is None:
                done.aside += put_departures(settings, keeping, now=now)
        done.aside += [filling.aside] if filling.aside else []
        if keeping.older is not None:
            done.aside += put_departures(settings, keeping, now=now)
        done.aside += put_keys(settings, archive, keeping, now=now)
        done.aside += put_journals_aside(settings, now=now)
    finally:
        database.close()
    return done


def _fill(filling: Filling, archive: Archive, *, progress: Callable[[int], None]) -> None:
    """Make the tables as they were, load them, and bring them to this program's state."""
    connection = filling.connection
    schema.migrate(connection, archive.manifest.revision)
    load_rows(connection, archive, others=filling.others, progress=progress)
    schema.migrate(connection, schema.HEAD)


def _act(
    filling: Filling,
    settings: Settings,
    keeping: Keeping,
    *,
    told: ToldSince,
    now: datetime,
    done: Restored,
) -> None:
    """Let the record know what happened since, as far as anybody can tell."""
    older = () if keeping.older is None else (keeping.older,)
    since = Since(
        taken_at=done.manifest.taken_at,
        now=now,
        lines=keeping.lines,
        is_known=keeping.is_known,
        keys=Keys(keeping.key, older=older),
        domain=stationery_of(settings).letterhead.domain,
        options=options_of(settings),
    )
    with filling.database.within(filling.connection) as session:
        done.replayed = replay_departures(session, since.keys, keeping.lines, now=now)
        hold_letters(session, since)
        done.held = since.held
        session.flush()
        published = raise_stamps(
            session,
            taken_at=since.taken_at,
            now=now,
            told=told,
            base_url=settings.base_url,
            languages=settings.languages,
        )
        done.alarms = published.alarms
        rebuild_search(session)


def _require_room(archive: Archive, folder: Path) -> None:
    members = archive.manifest.members
    # Rows take about as much in a database, with its indexes, as in the archive's form.
    needed = sum(entry.size * (2 if table_of(name) else 1) for name, entry in members.items())
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise NoRoom(
            f"The disk has no room: restoring needs about {needed // 2**20 + 1} MB below {folder}, and "
            f"{free // 2**20} MB are free. Nothing was changed."
        )
