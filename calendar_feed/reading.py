"""From the record to plain facts: the only place where a calendar looks at the tables of the record."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from calendar_feed.facts import DocumentFacts, MechanismFacts, MeetingFacts
from models.mechanism import Mechanism
from models.meeting import Meeting, MeetingMechanism, Visibility
from models.rendering import FeedEntry, Rendered, Rendering
from models.when import When

_WHOLE = (
    selectinload(Meeting.places).joinedload(MeetingMechanism.mechanism).selectinload(Mechanism.aliases),
    selectinload(Meeting.documents),
)
_CHUNK = 500
"""How many values a query names at most; SQLite allows some thousand, and this keeps memory flat."""


def read_mechanisms(session: Session) -> dict[str, MechanismFacts]:
    """Return every mechanism by its slug."""
    found = session.scalars(
        select(Mechanism).options(selectinload(Mechanism.aliases)).order_by(Mechanism.slug)
    )
    return {mechanism.slug: mechanism_facts(mechanism) for mechanism in found}


def in_chunks(uids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the UIDs some hundred at a time: as many as a query may name on any database."""
    for start in range(0, len(uids), _CHUNK):
        yield uids[start : start + _CHUNK]


def read_meetings(session: Session, uids: Sequence[str]) -> list[Meeting]:
    """Return the meetings with these UIDs, each with its mechanisms and documents, by a few queries."""
    these = select(Meeting).where(Meeting.uid.in_(uids)).options(*_WHOLE).order_by(Meeting.uid)
    return list(session.scalars(these))


def meeting_facts(meeting: Meeting) -> MeetingFacts:
    """Return what is known of a meeting."""
    before = meeting.previous_when
    return MeetingFacts(
        uid=meeting.uid,
        slug=meeting.slug,
        title=meeting.title,
        kind=meeting.kind,
        status=meeting.status,
        when=meeting.when,
        created_at=meeting.created_at,
        mechanisms=tuple(mechanism_facts(mechanism) for mechanism in meeting.mechanisms),
        reason=meeting.reason,
        previous_when=When.kept(before) if before else None,
        moved_on=meeting.moved_at.date() if meeting.moved_at else None,
        mode=meeting.mode,
        venue=meeting.venue,
        city=meeting.city,
        country=meeting.country,
        latitude=meeting.latitude,
        longitude=meeting.longitude,
        join_link=meeting.join_link,
        theme=meeting.theme,
        sessions=tuple(meeting.sessions),
        local_times=meeting.local_times,
        interpretation=meeting.interpretation,
        hidden=meeting.visibility is Visibility.HIDDEN,
        documents=tuple(DocumentFacts(one.title, one.act, one.url) for one in meeting.documents),
    )


def mechanism_facts(mechanism: Mechanism) -> MechanismFacts:
    """Return how events name a mechanism."""
    other = [mechanism.name, mechanism.acronym, *(alias.name for alias in mechanism.aliases)]
    return MechanismFacts(
        slug=mechanism.slug,
        short_name=mechanism.short_name,
        full_name=mechanism.name,
        type=mechanism.type,
        is_iscm=mechanism.is_iscm,
        names=tuple(dict.fromkeys([mechanism.short_name, *(name for name in other if name)])),
    )


def read_bodies(session: Session, uids: Sequence[str], *, language: str) -> list[bytes]:
    """Return the kept bodies of these meetings in a language, in the order of `uids`."""
    found: dict[str, bytes] = {}
    for some in in_chunks(uids):
        these = select(Rendering.uid, Rendering.body).where(
            Rendering.language == language, Rendering.uid.in_(some)
        )
        found |= {row.uid: row.body for row in session.execute(these)}
    return [found[uid] for uid in uids if uid in found]


def entry_bodies(session: Session, path: str, *, language: str) -> list[bytes]:
    """Return the kept bodies of a stored feed's meetings in a language, by start, then UID."""
    entries = select(Rendered.uid, Rendered.order_key).join(FeedEntry, FeedEntry.uid == Rendered.uid)
    found = session.execute(entries.where(FeedEntry.path == path)).all()
    # Sorted here: a database may compare text by the rules of a language.
    uids = [row.uid for row in sorted(found, key=lambda row: row.order_key)]
    return read_bodies(session, uids, language=language)
