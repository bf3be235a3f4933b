"""What stands where: every stored feed by its address, in which version, without its bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from calendar_feed.asked import Asked
from calendar_feed.keys import Family, feed_key
from models.mechanism import Mechanism, MechanismAlias
from models.publication import Publication
from models.rendering import Feed


@dataclass(frozen=True, slots=True)
class Standing:
    """A stored feed that can be served, and the mark of its present version. `size` is in bytes."""

    asked: Asked
    mark: str
    size: int


@dataclass(frozen=True, slots=True)
class Standings:
    """Everything that is served; it is never changed, only replaced.

    `feeds` are the stored ones by address. `moved` holds keys that lead to another key, for ever: those of a
    mechanism's other names. `languages` are those of the feeds. `revision` is that of the record, of the
    feeds and of saved choices when it was read.
    """

    revision: tuple[int, int, int]
    feeds: Mapping[str, Standing] = field(default_factory=lambda: MappingProxyType({}))
    moved: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    languages: frozenset[str] = frozenset()

    @property
    def own_mark(self) -> str:
        """Words that change whenever a calendar of somebody's own choice may have become another."""
        _, feeds, choices = self.revision
        return f"{feeds} {choices}"

    def of(self, asked: Asked) -> tuple[Asked, Standing] | None:
        """Return the stored feed that what is asked for is made of, and what is asked for by its own key."""
        for key in (asked.key, self.moved.get(asked.key)):
            if key is None:
                continue
            standing = self.feeds.get(Asked(key, asked.language).address)
            if standing is not None:
                return Asked(key, asked.language, asked.variants, asked.form), standing
        return None


def read_revision(session: Session) -> tuple[int, int, int]:
    """Return the revisions of record, feeds and choices; when any grew, the standings are read again."""
    row = session.execute(
        select(Publication.record_revision, Publication.feed_revision, Publication.choice_revision)
    ).one()
    return row.record_revision, row.feed_revision, row.choice_revision


def read_standings(session: Session) -> Standings:
    """Return what is served now."""
    columns = select(Feed.path, Feed.language, Feed.hash, Feed.changed_at, Feed.size)
    found = [
        Standing(Asked(row.path, row.language), version_mark(row.hash, row.changed_at), row.size)
        for row in session.execute(columns.order_by(Feed.path, Feed.language))
    ]
    return Standings(
        revision=read_revision(session),
        feeds=MappingProxyType({one.asked.address: one for one in found}),
        moved=MappingProxyType(_moved(session)),
        languages=frozenset(one.asked.language for one in found),
    )


def version_mark(digest: str, changed_at: datetime) -> str:
    """Return words that change with every version of a feed or an event."""
    return f"{digest} {changed_at.isoformat()}"


def _moved(session: Session) -> dict[str, str]:
    aliases = select(MechanismAlias.slug, Mechanism.slug).join(MechanismAlias.mechanism)
    rows = session.execute(aliases.where(MechanismAlias.slug.is_not(None)).order_by(MechanismAlias.slug))
    return {feed_key(Family.MECHANISM, str(alias)): feed_key(Family.MECHANISM, slug) for alias, slug in rows}
