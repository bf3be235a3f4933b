"""When two entries are one meeting: the same mechanism, the same dates and the same title."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.meeting import Meeting
from models.meeting_fields import MEETING_FIELDS
from models.refusal import Refusal
from models.when import When

TwinKey = tuple[str, ...]


class DuplicateMeeting(Refusal):
    """The meeting is on record already."""


def twin_keys(facts: Mapping[str, Any]) -> set[TwinKey]:
    """Return what a meeting shares with its doubles, a key for each mechanism; capitals and blanks forgiven.

    facts are those of MEETING_FIELDS, of which mechanisms, when and title are read.
    """
    when = facts["when"]
    dates = tuple(str(when[name]) for name in ("precision", "start", "end", "zone"))
    return {(mechanism, *dates, _folded(facts["title"])) for mechanism in facts["mechanisms"]}


def refuse_twin(session: Session, facts: Mapping[str, Any], *, besides: Meeting | None = None) -> None:
    """Raise DuplicateMeeting when another meeting with these facts is on record."""
    keys, title = twin_keys(facts), _folded(facts["title"])
    # Titles first, without their records: a day may hold many meetings, of which hardly one has this title.
    on_that_day = select(Meeting.id, Meeting.title).where(
        Meeting.first_day == When.from_json(facts["when"]).first
    )
    alike = [row.id for row in session.execute(on_that_day) if _folded(row.title) == title]
    for other in (session.get_one(Meeting, one) for one in alike):
        if other is not besides and keys & twin_keys(MEETING_FIELDS.facts(other)):
            raise DuplicateMeeting(
                f"“{other.title}” of the same mechanism on the same dates is on record already "
                f"as {other.slug} ({other.status.value}). Change that one, or give another title."
            )


def _folded(title: object) -> str:
    return " ".join(str(title).casefold().split())
