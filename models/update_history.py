"""When each update changed last, and which of them are gone: read from the revisions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.revision import Act, Revision
from models.update import Update

HistoryMark = tuple[int | None, int | None, int]


@dataclass(frozen=True, slots=True)
class UpdateHistory:
    """The changes of all updates. `changed` is by slug; updates that left no revision are not in it.

    `gone` tells since when an update is deleted, `left` (by mechanism) since when it is no longer about that
    mechanism; `moments` are those of any change, `moments_of` (by mechanism) of what is or was about it.
    `renamed` are the moments at which a mechanism changed.
    """

    changed: Mapping[str, datetime]
    gone: Mapping[str, datetime]
    left: Mapping[str, Mapping[str, datetime]]
    moments: frozenset[datetime]
    moments_of: Mapping[str, frozenset[datetime]]
    renamed: frozenset[datetime]


def history_mark(session: Session) -> HistoryMark:
    """Return what is another one as soon as the history, or a word that its readers see, is another one."""
    updates, mechanisms = (
        select(func.max(Revision.id)).where(Revision.kind == kind).scalar_subquery()
        for kind in ("update", "mechanism")
    )
    number = select(func.count(Update.id)).scalar_subquery()
    newest_update, newest_mechanism, rows = session.execute(select(updates, mechanisms, number)).one()
    return newest_update, newest_mechanism, rows


def read_update_history(session: Session) -> UpdateHistory:
    """Return the history of all updates, in two statements."""
    rows = session.execute(
        select(Revision.code, Revision.act, Revision.at, Revision.changes["mechanisms"])
        .where(Revision.kind == "update")
        .order_by(Revision.id)
    )
    told = _Telling()
    for code, act, at, mechanisms in rows:
        told.take(code, act, at, mechanisms)
    renamed = select(Revision.at).where(Revision.kind == "mechanism").distinct()
    return UpdateHistory(
        changed=told.changed,
        gone=told.gone,
        left=told.left,
        moments=frozenset(told.moments),
        moments_of={slug: frozenset(moments) for slug, moments in told.moments_of.items()},
        renamed=frozenset(session.scalars(renamed)),
    )


@dataclass(slots=True)
class _Telling:
    """The history as it grows, revision by revision."""

    changed: dict[str, datetime] = field(default_factory=dict)
    gone: dict[str, datetime] = field(default_factory=dict)
    left: defaultdict[str, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    moments: set[datetime] = field(default_factory=set)
    moments_of: defaultdict[str, set[datetime]] = field(default_factory=lambda: defaultdict(set))
    about: dict[str, list[str]] = field(default_factory=dict)

    def take(self, code: str, act: Act, at: datetime, mechanisms: list[list[str] | None] | None) -> None:
        """Take one revision; `mechanisms` are those before and after, None where they stayed."""
        before = self.about.get(code, [])
        after = before
        if mechanisms is not None:
            before, after = (list(slugs or ()) for slugs in mechanisms)
        self.moments.add(at)
        self.changed[code] = at
        self.about[code] = after
        for slug in {*before, *after}:
            self.moments_of[slug].add(at)
        for slug in after:
            self.left[slug].pop(code, None)
        for slug in _lost(before, after):
            self.left[slug][code] = at
        if act is Act.DELETED:
            self.gone[code] = at
            self.changed.pop(code, None)


def _lost(before: list[str], after: list[str]) -> Iterator[str]:
    return (slug for slug in before if slug not in after)
