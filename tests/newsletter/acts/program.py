"""What the program does by itself: send, and tidy up."""

from datetime import timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from models import (
    IssueState,
    QueuedMail,
)
from newsletter.address_change import expire_changes
from newsletter.addressing import address_key
from newsletter.claims import Permission, claim, give_back_all, look_again
from newsletter.course import begin_sending, resume
from newsletter.deliveries import Ending, record_endings
from newsletter.reader_mails import mail_of
from newsletter.subscription import (
    expire_confirmations,
)
from newsletter.transport import Fate, Outcome
from tests.letters import CODE, HEAD, KEYS
from tests.newsletter.acts.record import ADDRESSES, OTHER_CODES, SENDER, Record


class Program(Record):
    """A sender, the clock, and what leaves by them."""

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)))
    def sending_begins(self, code: str) -> None:
        """An issue's hour has come."""
        self.attempt(
            lambda session: begin_sending(session, code, keys=KEYS, domain=HEAD.domain, now=self.now)
        )

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)), limit=st.integers(1, 3))
    def letters_are_claimed(self, code: str, limit: int) -> None:
        """A sender takes some letters of an issue that is being sent."""
        with self.database.writing() as session:
            issue = self.issue_of(session, code)
            if issue.state is IssueState.SENDING:
                self.held += claim(session, issue_id=issue.id, owner=SENDER, now=self.now, limit=limit)

    @rule(fate=st.sampled_from([Fate.ACCEPTED, Fate.ACCEPTED, Fate.IN_DOUBT, Fate.DEFERRED]))
    def held_letters_leave(self, fate: Fate) -> None:
        """Each with a last look; what may not leave is given back or skipped."""
        held, self.held = self.held, []
        with self.database.writing() as session:
            permissions = look_again(session, held, owner=SENDER, now=self.now)
            for one in held:
                outcome = None
                if permissions[one.id] is Permission.GRANTED:
                    self.letter_leaves(address_key(one.address))
                    outcome = Outcome(fate, 451 if fate is Fate.DEFERRED else None, "said")
                elif permissions[one.id] is not Permission.READER_LEFT:
                    continue
                ending = Ending(claim=one.claim, outcome=outcome, at=self.now)
                record_endings(session, [ending], owner=SENDER)
            give_back_all(session, owner=SENDER, but=())
        for code in (CODE, *OTHER_CODES):
            self.attempt(partial(self.finish, code))

    @rule()
    def sender_dies(self) -> None:
        """What it held, and had not begun with, waits again."""
        self.held = []
        with self.database.writing() as session:
            give_back_all(session, owner=SENDER, but=())

    @rule()
    def clock_tidies(self) -> None:
        """What was asked for and never confirmed ends."""
        with self.database.writing() as session:
            expire_confirmations(session, now=self.now)
            expire_changes(session, now=self.now)

    @rule()
    def single_mails_leave(self) -> None:
        """Confirmations and what else was queued."""
        with self.database.writing() as session:
            for row in session.scalars(select(QueuedMail).where(QueuedMail.next_at.is_not(None))).all():
                mail = mail_of(session, KEYS, HEAD, row)
                row.next_at = None
                if mail is not None:
                    address = address_key(mail.recipient)
                    assert not self.away.get(address, False), f"{address} is suppressed for good"
                    is_asked_for = row.message in {"confirmation", "new_address"}
                    assert is_asked_for or address not in self.away, f"{address} had left"

    @rule(minutes=st.sampled_from([1, 31, 60 * 25, 60 * 24 * 8]))
    def time_passes(self, minutes: int) -> None:
        """Limits and waits end."""
        self.now += timedelta(minutes=minutes)

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)))
    def issue_goes_out(self, code: str) -> None:
        """To everybody who may have it, whatever held it."""
        self.attempt(lambda session: resume(session, code, editor="editor", now=self.now))
        self.sending_begins(code)
        self.sender_dies()
        self.letters_are_claimed(code, len(ADDRESSES))
        self.held_letters_leave(Fate.ACCEPTED)
