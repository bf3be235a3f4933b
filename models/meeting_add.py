"""Adding a meeting: checked, given a slug and a UID for ever, and refused where it is on record already."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy.orm import Session

from models.base import Facts
from models.keeping import Keeping
from models.known import Known
from models.meeting import Kind, Meeting, MeetingStatus, Visibility
from models.meeting_fields import MEETING_FIELDS
from models.meeting_rules import require_begun, require_whole_point
from models.meeting_twin import refuse_twin
from models.slug import new_slug
from models.vocabulary import Confidence
from models.when import When

_UNSAID: Final = {
    "title": None,
    "mechanisms": None,
    "kind": Kind.OTHER.value,
    "status": MeetingStatus.PLANNED.value,
    "confidence": Confidence.HIGH.value,
    "visibility": Visibility.PUBLIC.value,
}


def add_meeting(
    session: Session,
    written: Mapping[str, Any],
    *,
    editor: str,
    now: datetime,
    known: Known | None = None,
    uid: str | None = None,
    slug: str | None = None,
) -> Meeting:
    """Put a meeting on record and return it.

    written are fields of MEETING_FIELDS, of which title and mechanisms are needed. Mechanisms may be named
    by slug, alias or acronym. Without a word to the contrary it is planned, public and of another kind than
    those listed. Raises a Refusal that names what is wrong, for a double DuplicateMeeting.

    An import gives the UID that the meeting has in other calendars, and the slug it had in another record,
    which it gets where that is free. known, read in the same transaction, saves reading it for each of many.
    """
    keeping = Keeping(session, editor, now)
    keeping.alone()
    known = known or Known(session)
    facts = facts_of_new(known, written, now=now)
    slug = new_slug(session, kind="meeting", table=Meeting, wanted=slug or _slug(facts))
    meeting = Meeting(slug=slug, uid=uid or str(uuid4()), created_at=now)
    keeping.add(meeting, MEETING_FIELDS, facts, known)
    session.flush()
    return meeting


def facts_of_new(known: Known, written: Mapping[str, Any], *, now: datetime) -> Facts:
    """Return all that would be on record of a new meeting; raise what add_meeting raises."""
    facts = MEETING_FIELDS.check({"when": When.unknown(), **_UNSAID, **written})
    facts["mechanisms"] = known.mechanism_slugs(facts["mechanisms"])
    require_whole_point(facts)
    if facts["status"] == MeetingStatus.HELD.value:
        require_begun(When.from_json(facts["when"]), now=now)
    refuse_twin(known.session, facts)
    return facts


def _slug(facts: Facts) -> str:
    """Name a meeting by mechanism, year and kind: the day may still move."""
    year = (facts["when"]["start"] or "")[:4]
    kind = "meeting" if facts["kind"] == Kind.OTHER.value else facts["kind"]
    return " ".join(part for part in (facts["mechanisms"][0], year, kind) if part)
