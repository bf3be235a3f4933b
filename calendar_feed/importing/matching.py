"""Which meeting on record an entry is: by UID, by our export's slug, then by mechanism, days and title."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from calendar_feed.importing.title_reading import same_words
from calendar_feed.titles import short_title
from models.foreign_uid import own_uids
from models.mechanism import Mechanism
from models.meeting import Meeting, MeetingMechanism, Tombstone
from models.when import When

_WHOLE = (
    selectinload(Meeting.places).joinedload(MeetingMechanism.mechanism).selectinload(Mechanism.aliases),
    selectinload(Meeting.documents),
    selectinload(Meeting.theme_tags),
)

Names = Sequence[Sequence[str]]
"""Every name of each mechanism, as titles may hold them."""


@dataclass(slots=True)
class OnRecord:
    """The meetings that some entries may be, read by a few queries whatever their number."""

    by_uid: dict[str, Meeting] = field(default_factory=dict)
    by_slug: dict[str, Meeting] = field(default_factory=dict)
    by_day: dict[date, list[Meeting]] = field(default_factory=dict)
    deleted: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def read(
        cls, session: Session, *, uids: Sequence[str], slugs: Sequence[str], days: Sequence[date]
    ) -> "OnRecord":
        """Read what is on record under these UIDs (those of other calendars too), slugs and first days."""
        own = own_uids(session, uids)
        all_uids = {*uids, *own.values()}
        found = select(Meeting).where(
            or_(Meeting.uid.in_(all_uids), Meeting.slug.in_(slugs), Meeting.first_day.in_(days))
        )
        here = cls()
        for meeting in session.scalars(found.options(*_WHOLE).order_by(Meeting.uid)):
            here.by_uid[meeting.uid] = meeting
            here.by_slug[meeting.slug] = meeting
            if meeting.when.first is not None:
                here.by_day.setdefault(meeting.when.first, []).append(meeting)
        stones = session.scalars(select(Tombstone).where(Tombstone.uid.in_(all_uids)))
        here.deleted = {stone.uid: stone.deleted_at for stone in stones}
        for foreign, uid in own.items():
            if uid in here.by_uid:
                here.by_uid.setdefault(foreign, here.by_uid[uid])
            elif uid in here.deleted:
                here.deleted.setdefault(foreign, here.deleted[uid])
        return here

    def named(self, *, uid: str | None, slug: str | None) -> Meeting | None:
        """Return the meeting of that UID, else of that slug."""
        return (self.by_uid.get(uid) if uid else None) or (self.by_slug.get(slug) if slug else None)

    def alike(
        self, when: When | None, *, mechanisms: Iterable[str], title: str, names: Names
    ) -> Meeting | None:
        """Return the meeting of one of these mechanisms on these days with this title, however written."""
        wanted, slugs = title_key(title, names), set(mechanisms)
        for meeting in self.on_days(when):
            if slugs & {one.slug for one in meeting.mechanisms} and title_key(meeting.title, names) == wanted:
                return meeting
        return None

    def on_days(self, when: When | None) -> list[Meeting]:
        """Return the meetings on exactly these days."""
        if when is None or when.first is None:
            return []
        those = self.by_day.get(when.first, [])
        return [one for one in those if one.when.closing_day == when.closing_day]


def title_key(title: str, names: Names) -> str:
    """Return what two ways of writing one title share; the mechanism's names do not count."""
    return same_words(short_title(title, names=names))
