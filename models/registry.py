"""Loading the registry: its facts come onto the record, and what an editor changed stays as it is."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.document import Document
from models.document_fields import DOCUMENT_FIELDS
from models.field import Fields
from models.keeping import Keeping
from models.known import Known
from models.mechanism import Mechanism
from models.mechanism_fields import MECHANISM_FIELDS
from models.meeting import Meeting, MeetingMechanism, Tombstone
from models.meeting_fields import MEETING_FIELDS
from models.meeting_twin import twin_keys
from models.page import Page
from models.page_fields import PAGE_FIELDS
from models.registry_file import BUNDLED, BadRegistry, read_registry
from models.registry_merge import LoadReport, Merge
from models.registry_pages import slug_and_language
from models.registry_record import Entry
from models.state import Participation
from models.update import Update, UpdateMechanism
from models.update_fields import UPDATE_FIELDS
from models.vocabulary import Region, Theme
from models.vocabulary_fields import REGION_FIELDS, THEME_FIELDS

EDITOR = "registry"
"""Who the revisions of a load name."""

Records = dict[str, Any]


def load_registry(
    session: Session, folder: Path = BUNDLED, *, now: datetime, editor: str = EDITOR
) -> LoadReport:
    """Bring every fact of a folder's files onto the record, in the session's transaction.

    Repeating it changes nothing. A field that differs from what the registry said last was changed by an
    editor: it stays, and the report says so. A record that was deleted here is not brought back, one that
    left the files stays. Raises BadRegistry, before anything is written, for files that cannot be loaded
    whole.
    """
    registry = read_registry(folder)
    keeping = Keeping(session, editor, now)
    keeping.alone()
    mechanisms = _mechanisms(session)
    known = Known(session)
    merge = Merge(keeping, known=known)
    _refuse_taken_addresses(registry.mechanisms, mechanisms)
    documents = _documents(session)
    updates = _updates(session)
    _take(merge, registry.regions, REGION_FIELDS, known.regions, lambda slug: Region(slug=slug))
    _take(merge, registry.themes, THEME_FIELDS, known.themes, lambda slug: Theme(slug=slug))
    _take(merge, registry.mechanisms, MECHANISM_FIELDS, known.mechanisms, lambda slug: Mechanism(slug=slug))
    _take_meetings(merge, registry.meetings)
    _take(
        merge,
        _of_known_meetings(merge, registry.documents),
        DOCUMENT_FIELDS,
        documents,
        lambda slug: Document(slug=slug, is_key=False),
    )
    _take(merge, registry.updates, UPDATE_FIELDS, updates, lambda slug: Update(slug=slug, created_at=now))
    pages = _take_pages(merge, registry.pages)
    merge.report_absent(
        {
            (kind, code)
            for kind, records in (
                ("region", known.regions),
                ("theme", known.themes),
                ("mechanism", known.mechanisms),
                ("meeting", known.meetings),
                ("document", documents),
                ("update", updates),
                ("page", pages),
            )
            for code in records
        }
    )
    return merge.report


def _take(
    merge: Merge, entries: list[Entry], fields: Fields, records: Records, make: Callable[[str], Any]
) -> None:
    """Load the entries of one kind; records are those on record by their slugs, and grow."""
    for entry in entries:
        merge.report.read[entry.kind] += 1
        if (record := records.get(entry.code)) is not None:
            merge.update(entry, fields, record)
        elif merge.was_loaded(entry):
            merge.report.gone.append((entry.kind, entry.code))
        else:
            records[entry.code] = make(entry.code)
            merge.add(entry, fields, records[entry.code])


def _take_meetings(merge: Merge, entries: list[Entry]) -> None:
    """Load the meetings; they are known by UID, and one made here may stand in an entry's place."""
    meetings = _meetings(merge.session)
    merge.known.meetings.update({one.slug: one for one in meetings})
    by_uid = {one.uid: one for one in meetings}
    twins = {key: one.slug for one in meetings for key in twin_keys(MEETING_FIELDS.facts(one))}
    deleted = set(merge.session.scalars(select(Tombstone.uid))) | set(
        merge.session.scalars(select(Tombstone.slug))
    )
    for entry in entries:
        merge.report.read[entry.kind] += 1
        if (record := by_uid.get(str(entry.uid))) is not None:
            merge.known.meetings[entry.code] = record
            merge.update(entry, MEETING_FIELDS, record)
        elif {entry.uid, entry.code} & deleted or merge.was_loaded(entry):
            merge.report.gone.append((entry.kind, entry.code))
        elif entry.code in merge.known.meetings:
            merge.report.taken.append((entry.kind, entry.code, "another meeting made here has this name"))
        elif twin := next((twins[key] for key in twin_keys(entry.facts) if key in twins), None):
            merge.report.taken.append((entry.kind, entry.code, f"it is on record already as {twin}"))
        else:
            meeting = Meeting(slug=entry.code, uid=entry.uid, created_at=merge.keeping.now)
            merge.known.meetings[entry.code] = meeting
            merge.add(entry, MEETING_FIELDS, meeting)


def _take_pages(merge: Merge, entries: list[Entry]) -> Records:
    """Load the pages, and return those on record by their codes."""
    pages: Records = {one.code: one for one in merge.session.scalars(select(Page))}
    now = merge.keeping.now

    def make(code: str) -> Page:
        slug, language = slug_and_language(code)
        return Page(slug=slug, language=language, changed_at=now)

    _take(merge, entries, PAGE_FIELDS, pages, make)
    for kind, code in merge.report.changed:
        if kind == PAGE_FIELDS.kind:
            pages[code].changed_at = now
    return pages


def _of_known_meetings(merge: Merge, documents: list[Entry]) -> list[Entry]:
    """Leave out the new outcomes of meetings that were not loaded, and report them."""
    left_out = {code for _, code in merge.report.gone} | {code for _, code, _ in merge.report.taken}
    found: list[Entry] = []
    for entry in documents:
        if entry.facts["meeting"] in left_out and not merge.was_loaded(entry):
            merge.report.taken.append(
                (entry.kind, entry.code, f"its meeting {entry.facts['meeting']} was not loaded")
            )
            continue
        # A meeting known by its UID may be called otherwise here than in the files.
        meeting = merge.known.meetings.get(entry.facts["meeting"] or "")
        facts = entry.facts | {"meeting": meeting.slug} if meeting else entry.facts
        found.append(Entry(entry.kind, entry.code, facts))
    return found


def _refuse_taken_addresses(entries: list[Entry], mechanisms: list[Mechanism]) -> None:
    """Raise BadRegistry for a new mechanism whose slug is the address of another one's alias."""
    owners = {alias.slug: one.slug for one in mechanisms for alias in one.aliases}
    slugs = {one.slug for one in mechanisms}
    for entry in entries:
        if entry.code in owners and entry.code not in slugs:
            raise BadRegistry(
                f"mechanisms.json, record {entry.code}: this is an address of {owners[entry.code]} already."
            )


def _mechanisms(session: Session) -> list[Mechanism]:
    """Read the mechanisms with all they have, so that comparing them costs no further query."""
    parts = (
        selectinload(Mechanism.aliases),
        selectinload(Mechanism.regions),
        selectinload(Mechanism.theme_tags),
        selectinload(Mechanism.participations).joinedload(Participation.participant),
    )
    return list(session.scalars(select(Mechanism).options(*parts)))


def _meetings(session: Session) -> list[Meeting]:
    parts = (
        selectinload(Meeting.places).joinedload(MeetingMechanism.mechanism),
        selectinload(Meeting.theme_tags),
    )
    return list(session.scalars(select(Meeting).options(*parts)))


def _updates(session: Session) -> Records:
    parts = (
        selectinload(Update.places).joinedload(UpdateMechanism.mechanism),
        selectinload(Update.theme_tags),
    )
    return {one.slug: one for one in session.scalars(select(Update).options(*parts))}


def _documents(session: Session) -> Records:
    parts = (selectinload(Document.own_mechanisms), selectinload(Document.theme_tags))
    return {one.slug: one for one in session.scalars(select(Document).options(*parts))}
