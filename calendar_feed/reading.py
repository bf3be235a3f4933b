"""From the record to plain facts: the only place where a calendar looks at the tables of the record."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from calendar_feed.facts import DocumentFacts, KnownRecord, MechanismFacts, MeetingFacts, Membership
from calendar_feed.keys import Family, family_of, feed_key
from models.mechanism import Mechanism
from models.meeting import Meeting, MeetingMechanism, Visibility
from models.rendering import Feed, FeedEntry, Rendered, Rendering
from models.state import Participant, Participation
from models.vocabulary import Region, Theme
from models.when import When
from templates.states import state_codes

_WHOLE = (
    selectinload(Meeting.places).joinedload(MeetingMechanism.mechanism).selectinload(Mechanism.aliases),
    selectinload(Meeting.documents),
    selectinload(Meeting.theme_tags),
)
_CHUNK = 500
"""How many values a query names at most; SQLite allows some thousand, and this keeps memory flat."""


def read_known(session: Session) -> KnownRecord:
    """Return what feeds are made for, in a fixed number of queries."""
    found = session.scalars(
        select(Mechanism)
        .options(selectinload(Mechanism.aliases), selectinload(Mechanism.regions))
        .order_by(Mechanism.slug)
    ).all()
    states: dict[int, set[str]] = {mechanism.id: set() for mechanism in found}
    taking_part = select(Participation.mechanism_id, Participant.code).join(Participation.participant)
    for mechanism_id, code in session.execute(taking_part.where(Participant.code.is_not(None))):
        states[mechanism_id].add(str(code).lower())
    regions = session.scalars(select(Region).order_by(Region.position)).all()
    themes = session.scalars(select(Theme).order_by(Theme.position)).all()
    return KnownRecord(
        mechanisms={mechanism.slug: mechanism_facts(mechanism) for mechanism in found},
        memberships={
            mechanism.slug: Membership(
                regions=tuple(region.slug for region in mechanism.regions),
                states=frozenset(states[mechanism.id]),
            )
            for mechanism in found
        },
        regions={one.slug: one.name for one in regions},
        themes={one.slug: one.name for one in themes},
        countries=_countries(session),
        years=_years(session),
        names_in={
            **{feed_key(Family.REGION, one.slug): one.name_in for one in regions},
            **{feed_key(Family.THEME, one.slug): one.name_in for one in themes},
        },
    )


def _countries(session: Session) -> tuple[str, ...]:
    """Return every State, each territory taking part or the place of a meeting, and those once published."""
    codes = {
        *state_codes(),
        *session.scalars(select(Participant.code).where(Participant.code.is_not(None))),
        *session.scalars(select(Meeting.country).where(Meeting.country.is_not(None)).distinct()),
    }
    # A territory's feed may be subscribed, so it goes on when the only meeting there is moved elsewhere.
    return tuple(sorted({str(code).lower() for code in codes} | _published(session, Family.COUNTRY)))


def _years(session: Session) -> tuple[int, ...]:
    """Return every year from the first public meeting's to the last one's, and those once published."""
    first, last = session.execute(
        select(
            func.min(Meeting.first_day), func.max(func.coalesce(Meeting.last_day, Meeting.first_day))
        ).where(Meeting.visibility == Visibility.PUBLIC)
    ).one()
    years = {int(year) for year in _published(session, Family.ARCHIVE)}
    if first is not None and last is not None:
        years |= set(range(first.year, last.year + 1))
    return tuple(sorted(years))


def _published(session: Session, family: Family) -> set[str]:
    """Return the names of the feeds of a family that are stored."""
    keys = session.scalars(select(Feed.path).where(Feed.path.like(f"{family}/%")).distinct())
    return {family_of(key)[1] for key in keys}


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
        themes=tuple(theme.slug for theme in meeting.theme_tags),
        title_in=meeting.title_in,
    )


def mechanism_facts(mechanism: Mechanism) -> MechanismFacts:
    """Return how events name a mechanism."""
    in_languages = (mechanism.short_name_in, mechanism.name_in, mechanism.acronym_in)
    other = [
        mechanism.name,
        mechanism.acronym,
        *(alias.name for alias in mechanism.aliases),
        *(name for names in in_languages for name in names.values()),
    ]
    return MechanismFacts(
        slug=mechanism.slug,
        short_name=mechanism.short_name,
        full_name=mechanism.name,
        type=mechanism.type,
        is_iscm=mechanism.is_iscm,
        names=tuple(dict.fromkeys([mechanism.short_name, *(name for name in other if name)])),
        short_name_in=mechanism.short_name_in,
        full_name_in=mechanism.name_in,
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


def shown_bodies(session: Session, row: Feed) -> list[bytes]:
    """Return the kept bodies of the meetings a stored feed shows, by start, then UID."""
    if row.shown_from is None:
        return []
    entered = select(FeedEntry.uid).where(
        FeedEntry.path.in_(row.sources), FeedEntry.order_key >= row.shown_from
    )
    found = session.execute(
        select(Rendered.order_key, Rendering.body)
        .join(Rendering, Rendering.uid == Rendered.uid)
        .where(Rendering.language == row.language, Rendered.uid.in_(entered))
    ).all()
    # Sorted here: a database may compare text by the rules of a language.
    return [body for _, body in sorted(found, key=lambda one: one[0])]
