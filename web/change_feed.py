"""The changes that calendars were told of, as a feed of entries."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from calendar_feed.entry_feed import MOST_ENTRIES, Category, Entry, EntryFeed, identity_of, steady_time
from calendar_feed.updates_feed import Reader
from models.change import Change
from models.change_list import changes_in_order
from models.revision import Revision
from templates.languages import catalogue
from web.english import unmarked
from web.pages.change_line import change_line

_MOMENTS = 500
"""How many of the last moments of change are looked at: more than change in as many seconds."""

ChangeMark = tuple[int | None, int | None]


def change_mark(session: Session) -> ChangeMark:
    """Return what is another one as soon as the feed may be: titles and names follow the record."""
    told, edited = (select(func.max(table.id)).scalar_subquery() for table in (Change, Revision))
    newest_told, newest_edited = session.execute(select(told, edited)).one()
    return newest_told, newest_edited


def read_changes_feed(session: Session, *, reader: Reader) -> EntryFeed:
    """Return the feed of the newest MOST_ENTRIES changes. Each is an entry that was never changed itself."""
    found = session.scalars(changes_in_order().limit(MOST_ENTRIES)).all()
    _ = catalogue(reader.language).gettext
    return EntryFeed(
        identity=identity_of("changes", reader.language),
        title=f"ISCM – {_('What changed')}",
        subtitle=_("Every change of a meeting to come, as calendars were told of it, newest first."),
        page=reader.address("/changes"),
        about=reader.address("/help/calendar"),
        language=reader.language,
        updated=steady_time(_moments(session)),
        entries=tuple(_entry(change, reader) for change in found),
    )


def _entry(change: Change, reader: Reader) -> Entry:
    line = change_line(change, language=reader.language)
    _ = catalogue(reader.language).gettext
    return Entry(
        # Not by its key: a restored database gives the same keys to other changes.
        identity=identity_of("change", change.uid, change.kind, change.at.isoformat()),
        title=_("%(change)s: %(title)s") % {"change": line.kind, "title": unmarked(line.title)},
        url=reader.address(line.address or "/changes"),
        published=change.at,
        updated=change.at,
        language=reader.language,
        text=unmarked(line.said),
        categories=(
            Category(change.kind.value, line.kind, f"{reader.base_url}/changes"),
            *(
                Category(one.slug, unmarked(one.name), f"{reader.base_url}/mechanisms")
                for one in line.mechanisms
            ),
        ),
    )


def _moments(session: Session) -> set[datetime]:
    """Return when something changed of which the feed may tell; a hidden meeting leaves no other trace."""
    told: Select[datetime] = select(Change.at).distinct()
    edited = select(Revision.at).where(Revision.kind.in_(("meeting", "mechanism"))).distinct()
    queries = (told.order_by(Change.at.desc()), edited.order_by(Revision.at.desc()))
    return {at for query in queries for at in session.scalars(query.limit(_MOMENTS))}
