"""Keeping the entries right: whoever changes a record, its entry changes in the same transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from models.document import Document, document_mechanisms
from models.mechanism import Mechanism, MechanismAlias
from models.meeting import Meeting, MeetingMechanism
from models.page import Page
from models.publication import Publication
from models.search.entry import SearchKind
from models.search.index import write_entries
from models.search.names import Names
from models.state import Participant, Participation
from models.update import Update, UpdateMechanism
from models.vocabulary import Region, Theme

_PENDING: Final = "search entries to be written"
_CALLED: Final = ("name", "short_name", "acronym", "name_in", "short_name_in", "acronym_in")

# Whose entry it is that a row of a table is told in, and the column with that record's key.
_TOLD_IN: Final[dict[type, tuple[SearchKind, str]]] = {
    Mechanism: (SearchKind.MECHANISM, "id"),
    MechanismAlias: (SearchKind.MECHANISM, "mechanism_id"),
    Participation: (SearchKind.MECHANISM, "mechanism_id"),
    Meeting: (SearchKind.MEETING, "id"),
    MeetingMechanism: (SearchKind.MEETING, "meeting_id"),
    Update: (SearchKind.UPDATE, "id"),
    UpdateMechanism: (SearchKind.UPDATE, "update_id"),
    Document: (SearchKind.DOCUMENT, "id"),
    Page: (SearchKind.PAGE, "id"),
}


@dataclass(slots=True)
class _Pending:
    """The records whose entries are no longer right, by kind. renamed are those that others are told by."""

    records: dict[SearchKind, set[int]] = field(
        default_factory=lambda: {kind: set[int]() for kind in SearchKind}
    )
    renamed_mechanisms: set[int] = field(default_factory=set)
    renamed_participants: set[int] = field(default_factory=set)
    words_changed: bool = False


def keep_entries(session_class: type[Session]) -> None:
    """Have the sessions of a class write the entries of what they change, when they commit it.

    Statements that change many rows at once pass by unnoticed; who writes one calls write_entries.
    """
    event.listen(session_class, "after_flush", _notice)
    event.listen(session_class, "before_commit", _write)
    event.listen(session_class, "after_transaction_end", _forget)


def _notice(session: Session, flush_context: UOWTransaction) -> None:
    """Remember what was changed; entries are written once, when the transaction is about to end."""
    del flush_context
    pending: _Pending = session.info.setdefault(_PENDING, _Pending())
    for record in session.new:
        _remember(pending, record)
    for record in (*filter(session.is_modified, session.dirty), *session.deleted):
        _remember(pending, record)
        _remember_renamed(pending, record)


def _write(session: Session) -> None:
    """Write the entries that the transaction's changes ask for; a savepoint leaves them to the whole."""
    if session.in_nested_transaction():
        return
    session.flush()
    pending: _Pending | None = session.info.pop(_PENDING, None)
    if pending is None or not _spread(session, pending):
        return
    # Two transactions must not write one entry at once; on SQLite there is one writer only.
    session.execute(select(Publication.id).with_for_update())
    names = Names(session)
    for kind, records in pending.records.items():
        write_entries(session, kind, records, names)


def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_PENDING, None)


def _remember(pending: _Pending, record: object) -> None:
    kind, key = _TOLD_IN.get(type(record), (None, ""))
    if kind is not None:
        pending.records[kind].add(getattr(record, key))
    if isinstance(record, MechanismAlias):
        pending.renamed_mechanisms.add(record.mechanism_id)


def _remember_renamed(pending: _Pending, record: object) -> None:
    """Remember what stood on record before and is told in the entries of others."""
    if isinstance(record, Mechanism):
        if any(inspect(record).attrs[name].history.has_changes() for name in _CALLED):
            pending.renamed_mechanisms.add(record.id)
    elif isinstance(record, Participant):
        pending.renamed_participants.add(record.id)
    elif isinstance(record, Theme | Region):
        pending.words_changed = True


def _spread(session: Session, pending: _Pending) -> bool:
    """Add the records that are told by those that changed; tell whether there is any."""
    records = pending.records
    if pending.words_changed:
        for kind, key in (
            (SearchKind.MECHANISM, Mechanism.id),
            (SearchKind.MEETING, Meeting.id),
            (SearchKind.UPDATE, Update.id),
            (SearchKind.DOCUMENT, Document.id),
        ):
            records[kind] |= set(session.scalars(select(key)))
    if renamed := pending.renamed_participants:
        of = select(Participation.mechanism_id).where(Participation.participant_id.in_(renamed))
        records[SearchKind.MECHANISM] |= set(session.scalars(of))
    if renamed := pending.renamed_mechanisms:
        records[SearchKind.MEETING] |= set(
            session.scalars(
                select(MeetingMechanism.meeting_id).where(MeetingMechanism.mechanism_id.in_(renamed))
            )
        )
        records[SearchKind.UPDATE] |= set(
            session.scalars(
                select(UpdateMechanism.update_id).where(UpdateMechanism.mechanism_id.in_(renamed))
            )
        )
        own = document_mechanisms.c
        records[SearchKind.DOCUMENT] |= set(
            session.scalars(select(own.document_id).where(own.mechanism_id.in_(renamed)))
        )
    records[SearchKind.DOCUMENT] |= _documents_of(session, records[SearchKind.MEETING])
    return any(records.values())


def _documents_of(session: Session, meetings: Iterable[int]) -> set[int]:
    """Return the documents of some meetings; they are told by their meeting."""
    keys = sorted(meetings)
    found: set[int] = set()
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        found |= set(session.scalars(select(Document.id).where(Document.meeting_id.in_(some))))
    return found
