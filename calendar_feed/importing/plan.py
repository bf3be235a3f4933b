"""What a file would change in the record: each meeting new, changed, unchanged or refused, and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.orm import Session

from calendar_feed.facts import MechanismFacts
from calendar_feed.importing.matching import OnRecord
from calendar_feed.importing.mechanisms_named import MechanismNames
from calendar_feed.importing.reading_entry import NoMechanism, Reading
from calendar_feed.importing.told import Entry
from calendar_feed.reading import mechanism_facts
from models.base import Facts
from models.known import Known
from models.meeting import Meeting
from models.meeting_add import facts_of_new
from models.meeting_change import facts_of_change
from models.meeting_fields import MEETING_FIELDS
from models.meeting_twin import TwinKey, twin_keys
from models.plain_text import UnwelcomeText
from models.refusal import Refusal
from models.revision import differences
from models.when import When

_AT_ONCE: Final = 300
"""How many entries are compared with the record by one set of queries."""


class Outcome(StrEnum):
    """What becomes of one entry."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(slots=True, kw_only=True)
class PlannedMeeting:
    """What becomes of one entry. `changes` are {field: [before, after]}; `written` is what would be written.

    `slug` is that of the meeting on record, or the one that a new meeting had in the record it comes from.
    `remembered` is the file's UID of a meeting that has another one here.
    """

    line: int
    outcome: Outcome
    title: str
    uid: str | None = None
    slug: str | None = None
    changes: Facts = field(default_factory=dict)
    reason: str | None = None
    warnings: list[str] = field(default_factory=list)
    written: Facts = field(default_factory=dict)
    remembered: str | None = None


@dataclass(slots=True)
class Plan:
    """What becomes of a whole file; `notes` are about the file, not about one of its meetings."""

    meetings: list[PlannedMeeting]
    notes: list[str]

    def count(self, outcome: Outcome) -> int:
        """Return how many entries end so."""
        return sum(one.outcome is outcome for one in self.meetings)


def plan_import(
    session: Session,
    entries: Sequence[Entry],
    *,
    mechanism: str | None,
    source: str,
    notes: Sequence[str] = (),
    known: Known | None = None,
    now: datetime,
    advance: Callable[[int], None] = lambda _done: None,
) -> Plan:
    """Compare the entries of a file with the record; nothing is written.

    `mechanism` is any name of the one that events belong to; in rows it stands where they name none.
    `source` is the file's name, kept as the source of what it changes. Raises UnknownName for a mechanism
    that is not on record.
    """
    planning = _Planning(session, known or Known(session), mechanism=mechanism, source=source, now=now)
    meetings: list[PlannedMeeting] = []
    for portion in _portions(entries):
        planning.look_up(portion)
        meetings += [planned for entry in portion if (planned := planning.plan(entry)) is not None]
        advance(len(portion))
    return Plan(meetings, list(notes))


def _portions(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), _AT_ONCE):
        yield entries[start : start + _AT_ONCE]


class _Planning:
    """One import: what is known, and which meetings of the record and of the file are spoken for already."""

    def __init__(
        self, session: Session, known: Known, *, mechanism: str | None, source: str, now: datetime
    ) -> None:
        self.session, self.known, self.source, self.now = session, known, source, now
        self.mechanisms: Mapping[str, MechanismFacts] = {
            slug: mechanism_facts(one) for slug, one in known.mechanisms.items()
        }
        given = known.mechanism(mechanism).slug if mechanism else None
        self.reading = Reading(known, self.mechanisms, MechanismNames(self.mechanisms), given=given)
        self.here = OnRecord()
        self._lines: dict[str, int] = {}
        self._twins: dict[TwinKey, int] = {}

    def look_up(self, entries: Sequence[Entry]) -> None:
        """Read what is on record of the meetings that these entries may be."""
        self.here = OnRecord.read(
            self.session,
            uids=[entry.uid for entry in entries if entry.uid],
            slugs=[entry.slug for entry in entries if entry.slug],
            days=sorted({entry.when.first for entry in entries if entry.when and entry.when.first}),
        )

    def plan(self, entry: Entry) -> PlannedMeeting | None:
        """Return what becomes of an entry; None for a date of a series that was taken out and is not here."""
        planned = PlannedMeeting(
            line=entry.line,
            outcome=Outcome.REFUSED,
            title=entry.title or "(no title)",
            uid=entry.uid,
            warnings=list(entry.warnings),
        )
        if entry.refusal is not None:
            planned.reason = entry.refusal
            return planned
        if entry.is_gone:
            return self._gone(entry, planned)
        try:
            self._settle(entry, planned)
        except Refusal as refusal:
            planned.outcome, planned.reason = Outcome.REFUSED, str(refusal)
            planned.changes, planned.written = {}, {}
        return planned

    def _gone(self, entry: Entry, planned: PlannedMeeting) -> PlannedMeeting | None:
        meeting = self.here.named(uid=entry.uid, slug=None)
        if meeting is None:
            return None
        planned.outcome, planned.slug, planned.title = Outcome.UNCHANGED, meeting.slug, meeting.title
        planned.warnings.append(
            f"The file takes this date out of its series; it stays on record. "
            f"Cancel it (iscm meetings cancel {meeting.slug}) or delete it."
        )
        return planned

    def _settle(self, entry: Entry, planned: PlannedMeeting) -> None:
        if entry.uid in self.here.deleted:
            day = self.here.deleted[str(entry.uid)].date()
            raise UnwelcomeText(
                f"This meeting was deleted here on {day} as entered by mistake, and its UID is never given "
                "again. If it takes place after all, add it with iscm meetings add."
            )
        meeting = self.here.named(uid=entry.uid, slug=entry.slug)
        is_named = meeting is not None
        if meeting is None:
            fields, warnings = self.reading.new(entry)
            planned.warnings += warnings
            meeting = self._alike(fields)
            if meeting is None:
                self._new(entry, planned, fields)
                return
        self._once(f"meeting {meeting.uid}", entry)
        if entry.uid and entry.uid != meeting.uid and entry.uid not in self.here.by_uid:
            planned.remembered = entry.uid
        self._changed(entry, planned, meeting, is_named=is_named)

    def _alike(self, fields: Facts) -> Meeting | None:
        slugs = self.known.mechanism_slugs(fields["mechanisms"])
        names = [self.mechanisms[slug].names for slug in slugs]
        when = fields.get("when")
        return self.here.alike(
            when if isinstance(when, When) else None,
            mechanisms=slugs,
            title=str(fields["title"]),
            names=names,
        )

    def _new(self, entry: Entry, planned: PlannedMeeting, fields: Facts) -> None:
        fields.setdefault("source", self.source)
        facts = facts_of_new(self.known, fields, now=self.now)
        if entry.uid:
            self._once(f"uid {entry.uid}", entry)
        for key in twin_keys(facts):
            if self._twins.setdefault(key, entry.line) != entry.line:
                raise UnwelcomeText(
                    f"This is the meeting of line {self._twins[key]} again: the same mechanism, "
                    "dates and title."
                )
        planned.outcome, planned.slug, planned.written = Outcome.NEW, entry.slug, fields
        planned.title = facts["title"]
        empty = dict.fromkeys(facts)
        planned.changes = {
            name: change for name, change in differences(empty, facts).items() if change[1] != []
        }
        planned.warnings += self._neighbours(fields, facts)

    def _changed(self, entry: Entry, planned: PlannedMeeting, meeting: Meeting, *, is_named: bool) -> None:
        planned.slug, planned.title = meeting.slug, meeting.title
        written, warnings = self.reading.changed(entry, meeting, is_named=is_named)
        planned.warnings += [one for one in warnings if one not in planned.warnings]
        before = MEETING_FIELDS.facts(meeting)
        facts = facts_of_change(self.known, meeting, written, now=self.now)
        changes = differences({name: before[name] for name in facts}, facts)
        if not changes:
            planned.outcome = Outcome.UNCHANGED
            return
        if "source" not in facts and before["source"] != self.source:
            written["source"] = self.source
            changes["source"] = [before["source"], self.source]
        planned.outcome, planned.changes, planned.written = Outcome.CHANGED, changes, written

    def _once(self, what: str, entry: Entry) -> None:
        """Refuse a second entry of the file for one meeting."""
        if self._lines.setdefault(what, entry.line) != entry.line:
            raise UnwelcomeText(
                f"This is the meeting of line {self._lines[what]} again; the file must hold it once."
            )

    def _neighbours(self, fields: Facts, facts: Mapping[str, Any]) -> list[str]:
        """Warn of meetings in the same place on the same days under another title."""
        when = fields.get("when")
        place, country = facts.get("city") or facts.get("venue"), facts.get("country")
        if not isinstance(when, When) or not place:
            return []
        return [
            f"On the same dates in the same place stands “{one.title}” ({one.slug}); if it is the "
            "same meeting, give both one title."
            for one in self.here.on_days(when)
            if (one.country, one.city or one.venue) == (country, place)
        ]


__all__ = ["NoMechanism", "Outcome", "Plan", "PlannedMeeting", "plan_import"]
