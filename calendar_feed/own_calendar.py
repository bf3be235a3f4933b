"""Calendars of one's own: what a saved choice holds, put together from kept bodies when it is asked for.

Nothing of it is stored. Its bytes are a function of the choice, the bodies and the names of stored feeds; its
time is that of the newest stamp which can have changed them, see Publication.stamp.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, union
from sqlalchemy.orm import Session, aliased

from calendar_feed.addresses import page_address
from calendar_feed.asked import Asked
from calendar_feed.calendar import FeedFacts, frame_size, header, zone_part
from calendar_feed.content_line import unfold
from calendar_feed.forms.atom import Gone
from calendar_feed.headings import feed_name
from calendar_feed.keys import ALL, Family, country_key, feed_key, own_key
from calendar_feed.selection import Member, in_window, zones_in_use
from calendar_feed.selfcheck import MOST_EVENTS
from models.choice import Choice
from models.meeting import Tombstone
from models.publication import Publication
from models.rendering import Feed, FeedEntry, Rendered, Rendering
from models.saved_choice import SavedChoice
from templates.languages import ENGLISH, catalogue

_NEUTRAL = ("slategray", "#708090")
_NAMED = 12
"""How many of the chosen things the calendar's own words name."""

_OfKind = aliased(FeedEntry)
_SOURCE = b"SOURCE;VALUE=URI:"


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """A calendar of one's own, before it is joined.

    `head` and `rest` are its header; `changed_at` stands in it and is the newest stamp of what it holds.
    `last_modified` is when it can have changed last; it grows with every change and never goes back.
    """

    head: bytes
    rest: bytes
    zones: bytes
    bodies: tuple[bytes, ...]
    changed_at: datetime
    last_modified: datetime
    language: str
    gone: tuple[Gone, ...]


@dataclass(frozen=True, slots=True)
class Selected:
    """What a choice selects by: the keys of entries that bring meetings in, those that narrow, and names."""

    sources: tuple[str, ...]
    kinds: tuple[str, ...]
    names: tuple[str, ...]

    def newest(self, number: int) -> Select[str, str]:
        """Return the query for UID and order key of the newest meetings that are held, each once.

        Each key's newest are taken by themselves, off the end of an index: sorting all there are would take
        ten times as long where there are thousands.
        """
        parts = [
            self._entries(FeedEntry.path == key, FeedEntry.uid, FeedEntry.order_key)
            .order_by(FeedEntry.order_key.desc())
            .limit(number)
            .subquery()
            for key in self.sources
        ]
        every = union(*(select(part.c.uid, part.c.order_key) for part in parts)).subquery()
        return select(every.c.uid, every.c.order_key).order_by(every.c.order_key.desc()).limit(number)

    def uids(self, *, since: date | None = None) -> Select[str]:
        """Return the query for the UIDs of what is held, where asked of what begins on a day or later.

        A meeting that is held for several reasons comes several times.
        """
        found = self._entries(FeedEntry.path.in_(self.sources), FeedEntry.uid)
        return found if since is None else found.where(FeedEntry.order_key >= f"{since:%Y%m%d}")

    def _entries(self, of: ColumnElement[bool], *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of entries
        found = select(*columns).where(of)
        if not self.kinds:
            return found
        return found.where(exists().where(_OfKind.uid == FeedEntry.uid, _OfKind.path.in_(self.kinds)))

    def holds(self, keys: Sequence[str]) -> bool:
        """Say whether a meeting that is entered under these keys is held."""
        return not set(self.sources).isdisjoint(keys) and (
            not self.kinds or not set(self.kinds).isdisjoint(keys)
        )


def read_own_calendar(session: Session, code: str) -> OwnCalendar | None:
    """Return the calendar of a saved choice as it is now, or None where none has this code."""
    kept = session.get(SavedChoice, code)
    if kept is None:
        return None
    choice = kept.choice
    everything = _feed_of_everything(session, language=choice.language)
    language = everything.language if everything else ENGLISH
    selected = selection_of(session, choice, language=language)
    path = Asked(own_key(code)).address
    facts = _facts(selected, code=code, language=language, path=path, site=_site_of(everything))
    head, rest = header(facts)
    members = _members(session, selected, language=language)
    bodies = {member.uid: body for member, body, _ in members}
    stamps = {member.uid: at for member, _, at in members}
    shown = _in_window([member for member, _, _ in members], head=head, rest=rest)
    return OwnCalendar(
        head=head,
        rest=rest,
        zones=zone_part(zones_in_use(shown), empty=not shown),
        bodies=tuple(bodies[member.uid] for member in shown),
        changed_at=max([kept.changed_at, *(stamps[member.uid] for member in shown)]),
        last_modified=_last_modified(session, kept),
        language=language,
        gone=_gone(session, selected),
    )


def selection_of(session: Session, choice: Choice, *, language: str = ENGLISH) -> Selected:
    """Return what a choice selects by, as the feeds were published last.

    What a State or a region holds are the keys that its stored feed is put together from.
    """
    wide, kinds = choice_keys(choice)
    rows = session.execute(
        select(Feed.path, Feed.name, Feed.sources).where(
            Feed.language == language, Feed.path.in_([*wide, *kinds])
        )
    )
    stored = {row.path: row for row in rows}
    composed = (Family.COUNTRY, Family.REGION)
    sources: list[str] = []
    for key in wide:
        if key.partition("/")[0] in composed:
            sources += stored[key].sources if key in stored else ()
        else:
            sources.append(key)
    if not wide:
        sources = list(kinds) or [ALL]
    before = feed_name("", language=language)
    names = [stored[key].name.removeprefix(before) for key in (*wide, *kinds) if key in stored]
    return Selected(tuple(sorted(set(sources))), kinds if wide else (), tuple(names))


def choice_keys(choice: Choice) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of the feeds that a choice names: those that bring meetings in, and its kinds'."""
    wide = (
        *(feed_key(Family.MECHANISM, slug) for slug in choice.mechanisms),
        *(feed_key(Family.TYPE, word) for word in choice.types),
        *(feed_key(Family.REGION, slug) for slug in choice.regions),
        *(country_key(code) for code in choice.countries),
        *(feed_key(Family.THEME, slug) for slug in choice.themes),
    )
    return wide, tuple(feed_key(Family.KIND, kind) for kind in choice.kinds)


def stored_key(choice: Choice) -> str | None:
    """Return the key of the stored feed that holds exactly what is chosen, None where there is none."""
    wide, kinds = choice_keys(choice)
    if not wide and not kinds:
        return ALL
    named = (*wide, *kinds)
    return named[0] if len(named) == 1 else None


def _feed_of_everything(session: Session, *, language: str) -> Feed | None:
    """Return the feed of everything in a language, in English where that is not published any more."""
    return session.get(Feed, (ALL, language)) or session.get(Feed, (ALL, ENGLISH))


def _site_of(feed: Feed | None) -> str:
    """Return the site's address, which stands in the header of every feed before its own path."""
    if feed is None:
        return ""
    lines = unfold(feed.tail_of_head.partition(b"BEGIN:VTIMEZONE\r\n")[0]).split(b"\r\n")
    source = next(line for line in lines if line.startswith(_SOURCE)).removeprefix(_SOURCE).decode()
    return source.removesuffix(Asked(feed.path, feed.language).address)


def _facts(selected: Selected, *, code: str, language: str, path: str, site: str) -> FeedFacts:
    sentence = catalogue(language).gettext
    named = "; ".join(selected.names[:_NAMED]) + (" …" if len(selected.names) > _NAMED else "")
    about = sentence("Meetings as chosen: %s.") % (named or sentence("All meetings"))
    help_line = sentence("Times are local to the venue. Help: %s") % f"{site}/help/calendar"
    return FeedFacts(
        path=path,
        name=feed_name(sentence("My choice"), language=language),
        description=f"{about} {help_line}",
        page=site + page_address(own_key(code), language=language),
        source=site + path,
        color=_NEUTRAL,
        categories=("ISCM",),
        language=language,
    )


def _members(session: Session, selected: Selected, *, language: str) -> list[tuple[Member, bytes, datetime]]:
    """Return the newest meetings that are held, with their bodies and stamps, by start, then UID."""
    if not selected.sources:
        return []
    entered = selected.newest(MOST_EVENTS).subquery()
    rows = session.execute(
        select(entered.c.uid, entered.c.order_key, Rendered.zone, Rendering.body, Rendering.last_modified)
        .join(Rendered, Rendered.uid == entered.c.uid)
        .join(Rendering, Rendering.uid == entered.c.uid)
        .where(Rendering.language == language, Rendering.hash != "")
    )
    # Sorted here: a database may compare text by the rules of a language.
    return [
        (
            Member(uid=row.uid, order=row.order_key, zone=row.zone, size=len(row.body)),
            row.body,
            row.last_modified,
        )
        for row in sorted(rows, key=lambda row: row.order_key)
    ]


def _in_window(members: Sequence[Member], *, head: bytes, rest: bytes) -> list[Member]:
    zones = zone_part(zones_in_use(members), empty=not members)
    return in_window(members, header_size=frame_size(head, tail=rest + zones))


def _last_modified(session: Session, kept: SavedChoice) -> datetime:
    at = session.scalar(select(Publication.feeds_changed_at)) or session.scalar(
        select(func.max(Feed.changed_at))
    )
    return max(at, kept.changed_at) if at else kept.changed_at


def _gone(session: Session, selected: Selected) -> tuple[Gone, ...]:
    """Return the meetings that were deleted, stood in it, and stand in no feed any more."""
    rows = session.execute(
        select(Tombstone.uid, Tombstone.deleted_at, Tombstone.feeds).where(
            Tombstone.uid.not_in(select(Rendered.uid))
        )
    )
    return tuple(Gone(row.uid, row.deleted_at) for row in rows if selected.holds(row.feeds))
