"""Merging one entry of the registry into the record: what it says, what it said last, what stands here."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from models.base import Facts
from models.field import Fields
from models.keeping import Keeping
from models.known import Known
from models.meeting import Meeting
from models.meeting_move import what_a_move_leaves
from models.registry_facts import RegistryFacts
from models.registry_record import Entry
from models.when import When


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that an editor changed, and that therefore stays: what it says here and in the registry."""

    kind: str
    code: str
    field: str
    here: Any
    registry: Any


@dataclass(slots=True)
class LoadReport:
    """What a load did. The lists hold (kind, code); added and changed are all that was written.

    gone: deleted here, not brought back. absent: on record from an earlier registry, no longer in the
    files, kept. taken: (kind, code, reason), not loaded because a record made here stands in its place.
    """

    read: Counter[str] = field(default_factory=Counter)
    added: list[tuple[str, str]] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    absent: list[tuple[str, str]] = field(default_factory=list)
    taken: list[tuple[str, str, str]] = field(default_factory=list)


class Merge:
    """The merging of one load: it knows what the registry said last and fills the report."""

    def __init__(self, keeping: Keeping, *, known: Known) -> None:
        """Read what the registry said last."""
        self.keeping = keeping
        self.session = keeping.session
        self.known = known
        self.report = LoadReport()
        self._last = {(row.kind, row.code): row for row in self.session.scalars(select(RegistryFacts))}
        self._loaded: set[tuple[str, str]] = set()

    def was_loaded(self, entry: Entry) -> bool:
        """Say whether the registry has brought this record before; if it is not there now, it was deleted."""
        return (entry.kind, entry.code) in self._last

    def add(self, entry: Entry, fields: Fields, record: Any) -> None:  # noqa: ANN401 - a record of any kind
        """Fill a new record from its entry."""
        self.keeping.add(record, fields, entry.facts, self.known)
        self.report.added.append((entry.kind, fields.code(record)))
        self._remember(entry)

    def update(self, entry: Entry, fields: Fields, record: Any) -> None:  # noqa: ANN401 - a record of any kind
        """Bring what the registry says anew; leave and report what an editor changed."""
        here = fields.facts(record)
        row = self._last.get((entry.kind, entry.code))
        last: Facts = row.facts if row else {}
        news: Facts = {}
        for name, value in entry.facts.items():
            if here[name] == value:
                continue
            if here[name] == last.get(name) if name in last else row and not here[name]:
                news[name] = value
            else:
                self.report.kept.append(Kept(entry.kind, fields.code(record), name, here[name], value))
        if isinstance(record, Meeting) and "when" in news and "previous_when" not in entry.facts:
            news |= what_a_move_leaves(record, When.from_json(news["when"]), now=self.keeping.now)
        if news:
            self.keeping.change(record, fields, news, self.known)
            self.report.changed.append((entry.kind, fields.code(record)))
        self._remember(entry)

    def report_absent(self, on_record: set[tuple[str, str]]) -> None:
        """Report the records that an earlier registry brought and this one does not name."""
        self.report.absent.extend(sorted((set(self._last) & on_record) - self._loaded))

    def _remember(self, entry: Entry) -> None:
        key = (entry.kind, entry.code)
        self._loaded.add(key)
        row = self._last.get(key)
        if row is None:
            self._last[key] = RegistryFacts(kind=entry.kind, code=entry.code, facts=entry.facts)
            self.session.add(self._last[key])
        elif row.facts != entry.facts:
            row.facts = entry.facts
