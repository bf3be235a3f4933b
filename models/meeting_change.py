"""Changing a meeting: any of its fields, with what follows from a new date or a new status."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.base import Facts
from models.keeping import Keeping, NothingToChange
from models.known import Known
from models.meeting import Meeting, MeetingStatus
from models.meeting_fields import MEETING_FIELDS
from models.meeting_rules import follow_from_dates, follow_from_status, require_whole_point
from models.meeting_twin import refuse_twin

_TOLD_APART_BY = ("mechanisms", "when", "title")


def change_meeting(
    session: Session,
    slug: str,
    written: Mapping[str, Any],
    *,
    editor: str,
    now: datetime,
    known: Known | None = None,
) -> Meeting:
    """Change fields of a meeting (those of MEETING_FIELDS) and return it.

    New dates of an announced meeting leave the old ones in previous_when and the moment in moved_at; a
    postponed meeting that gets dates is confirmed again. A cancelled one can be changed and stays
    cancelled. Raises NothingToChange when it says all this already, IllegalTransition, NotYetBegun,
    DuplicateMeeting, or the refusal of a field. known, read in the same transaction, saves reading it for
    each of many changes.
    """
    keeping = Keeping(session, editor, now)
    keeping.alone()
    known = known or Known(session)
    meeting = known.meeting(slug)
    facts = facts_of_change(known, meeting, written, now=now)
    if not keeping.change(meeting, MEETING_FIELDS, facts, known):
        raise NothingToChange(f"Meeting {meeting.slug} says this already; nothing was changed.")
    session.flush()
    return meeting


def facts_of_change(known: Known, meeting: Meeting, written: Mapping[str, Any], *, now: datetime) -> Facts:
    """Return the fields that a change would write, with what follows from them; raise what it would raise."""
    before = MEETING_FIELDS.facts(meeting)
    facts = MEETING_FIELDS.check(written)
    if "mechanisms" in facts:
        facts["mechanisms"] = known.mechanism_slugs(facts["mechanisms"])
    require_whole_point(facts, meeting)
    if any(name in facts and facts[name] != before[name] for name in _TOLD_APART_BY):
        refuse_twin(known.session, before | facts, besides=meeting)
    follow_from_dates(meeting, facts, now=now)
    follow_from_status(meeting, facts, now=now)
    return facts


def postpone_meeting(
    session: Session, slug: str, *, reason: str | None, editor: str, now: datetime
) -> Meeting:
    """Say that a meeting will not take place on its dates; new ones (change_meeting) put it on again."""
    return _turn(session, slug, MeetingStatus.POSTPONED, reason=reason, editor=editor, now=now)


def cancel_meeting(session: Session, slug: str, *, reason: str | None, editor: str, now: datetime) -> Meeting:
    """Say that a meeting will not take place. It stays on record, and followers are told."""
    return _turn(session, slug, MeetingStatus.CANCELLED, reason=reason, editor=editor, now=now)


def mark_held(session: Session, slug: str, *, editor: str, now: datetime) -> Meeting:
    """Say that a meeting took place; raises NotYetBegun before its first day."""
    return _turn(session, slug, MeetingStatus.HELD, reason=None, editor=editor, now=now)


def _turn(
    session: Session, slug: str, to: MeetingStatus, *, reason: str | None, editor: str, now: datetime
) -> Meeting:
    written = {"status": to.value} | ({"reason": reason} if reason is not None else {})
    return change_meeting(session, slug, written, editor=editor, now=now)
