"""Whatever editors do to a meeting in whatever order, its states, its names and its history hold."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from models import (
    MEETING_TRANSITIONS,
    Act,
    Database,
    Facts,
    Meeting,
    MeetingStatus,
    Refusal,
    Revision,
    When,
    add_meeting,
    change_meeting,
)
from models.meeting_fields import MEETING_FIELDS

TODAY = date(2027, 6, 1)
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


class OneMeeting(RuleBasedStateMachine):
    """A meeting and everything that can be done to it."""

    database: ClassVar[Database]

    @initialize(offset=st.integers(-30, 30), status=st.sampled_from(["planned", "tentative", "confirmed"]))
    def entered(self, offset: int, status: str) -> None:
        """Put it on record; the title is new in each example, because doubles are refused."""
        first = TODAY + timedelta(offset)
        with self.database.writing() as session:
            number = len(session.scalars(select(Meeting.id)).all())
            written: Facts = {"title": f"Meeting {number}", "mechanisms": ["midsa"], "status": status}
            written["when"] = When.days(first, first + timedelta(2))
            meeting = add_meeting(session, written, editor="Ana", now=NOW)
            self.slug, self.uid = meeting.slug, meeting.uid
        self.facts = self.read()

    def read(self) -> Facts:
        """Read what is on record."""
        with self.database.reading() as session:
            meeting = session.scalars(select(Meeting).where(Meeting.slug == self.slug)).one()
            assert meeting.uid == self.uid
            return MEETING_FIELDS.facts(meeting)

    def attempt(self, written: dict[str, Any]) -> bool:
        """Change it; say whether it was taken. A refusal leaves it as it was."""
        try:
            with self.database.writing() as session:
                change_meeting(session, self.slug, written, editor="Ana", now=NOW)
        except Refusal:
            assert self.read() == self.facts
            return False
        return True

    @rule(to=st.sampled_from(MeetingStatus), reason=st.none() | st.just("Flood"))
    def turned(self, to: MeetingStatus, reason: str | None) -> None:
        """Give it another status."""
        before = MeetingStatus(self.facts["status"])
        first = date.fromisoformat(self.facts["when"]["start"])
        allowed = to in MEETING_TRANSITIONS[before]
        # Its day has begun as soon as it has begun anywhere: at noon in UTC it is tomorrow in the east.
        begun = to is not MeetingStatus.HELD or first <= TODAY + timedelta(1)
        taken = self.attempt({"status": to.value} | ({"reason": reason} if reason else {}))
        if to is before:
            assert taken == (reason is not None and reason != self.facts["reason"])
        else:
            assert taken == (allowed and begun)
        after = self.read()
        if taken and to is not before:
            left = {MeetingStatus.POSTPONED, MeetingStatus.CANCELLED}
            kept = self.facts["reason"] if before not in left or to in left else None
            assert (after["status"], after["reason"]) == (to.value, reason or kept)
        self.facts = after

    @rule(offset=st.integers(-40, 40))
    def moved(self, offset: int) -> None:
        """Give it another first day; it lasts as long."""
        first = TODAY + timedelta(offset)
        before = self.facts
        when = When.days(first, first + timedelta(2))
        taken = self.attempt({"when": when})
        after = self.read()
        assert taken == (when.as_json() != before["when"])
        if taken:
            settled = before["status"] in {"cancelled", "held"}
            past = When.from_json(before["when"]).is_over(TODAY) and when.is_over(TODAY)
            told = not settled and not past
            assert after["previous_when"] == (before["when"] if told else before["previous_when"])
            assert after["moved_at"] == (NOW.isoformat() if told else before["moved_at"])
            assert after["status"] == ("confirmed" if before["status"] == "postponed" else before["status"])
        self.facts = after

    @rule(city=st.sampled_from(["Lusaka", "Lilongwe", None]))
    def placed(self, city: str | None) -> None:
        """Give it another place, which any meeting can have, a cancelled one too."""
        assert self.attempt({"city": city}) == (city != self.facts["city"])
        self.facts = self.read()

    @invariant()
    def history_is_complete(self) -> None:
        """Played from the first to the last, its revisions give exactly what is on record now."""
        if not hasattr(self, "slug"):
            return
        with self.database.reading() as session:
            found = select(Revision).where(Revision.code == self.slug).order_by(Revision.id)
            revisions = session.scalars(found).all()
        played: Facts = dict.fromkeys(MEETING_FIELDS) | {"themes": [], "sessions": [], "title_in": {}}
        for revision in revisions:
            for name, (before, after) in revision.changes.items():
                assert revision.act is Act.ADDED or played[name] == before
                played[name] = after
        assert played == self.read() == self.facts


def test_meeting_holds_whatever_is_done_to_it(sqlite_registry: Database) -> None:
    """Status moves along its table, nothing is held too early, refusals change nothing, history is whole."""

    class Bound(OneMeeting):
        database = sqlite_registry

    run_state_machine_as_test(
        Bound, settings=settings(max_examples=15, stateful_step_count=12, deadline=None)
    )
