"""What editors and operators do: suppress, import, hand over, hold, settle, try, restore."""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from models import (
    InDoubtPolicy,
    Issue,
    RecipientKind,
    SuppressionReason,
)
from newsletter.addressing import address_key
from newsletter.course import cancel, pause, resume
from newsletter.importing import Imported, Row, import_rows
from newsletter.options import Options
from newsletter.posts import NotHandedOver, hand_over
from newsletter.restored.departures import replay_departures
from newsletter.restored.letters import Since, hold_letters
from newsletter.settling import follow_policy, resend, set_policy
from newsletter.suppression import suppress
from newsletter.trial import KeptAway, trial_parcels
from tests.letters import CODE, HEAD, KEYS, NOW
from tests.newsletter.acts.record import (
    ADDRESSES,
    LANGUAGES,
    OTHER_CODES,
    PAPER,
    Record,
    people,
    spellings,
)


class Editors(Record):
    """Whoever works with the list and its issues."""

    @rule(address=people, reason=st.sampled_from([SuppressionReason.COMPLAINED, SuppressionReason.EDITOR]))
    def suppressed_for_good(self, address: str, reason: SuppressionReason) -> None:
        """A complaint, or an editor's decision."""
        with self.database.writing() as session:
            suppress(session, KEYS, address, reason=reason, now=self.now)
        self.away[address] = True

    @rule(is_confirmed=st.booleans(), kind=st.sampled_from(RecipientKind), spelled=spellings)
    def file_is_imported(
        self, *, is_confirmed: bool, kind: RecipientKind, spelled: Callable[[str], str]
    ) -> None:
        """An old list with everybody in it."""
        rows = [Row(line, {"address": spelled(one), "kind": kind}) for line, one in enumerate(ADDRESSES, 2)]
        with self.database.writing() as session:
            import_rows(
                session,
                KEYS,
                rows,
                languages=LANGUAGES,
                is_confirmed=is_confirmed,
                source="file",
                now=self.now,
                report=Imported(),
            )

    @rule(address=people, spelled=spellings)
    def reader_is_added(self, address: str, spelled: Callable[[str], str]) -> None:
        """By an editor, who has a consent on paper."""
        with self.database.writing() as session:
            self.add(session, spelled(address), kind=RecipientKind.SUBSCRIPTION)

    @rule(old=people, new=people, spelled=spellings)
    def post_is_handed_over(self, old: str, new: str, spelled: Callable[[str], str]) -> None:
        """Another person holds the post."""
        with self.database.writing() as session:
            try:
                hand_over(
                    session,
                    KEYS,
                    spelled(old),
                    spelled(new),
                    name=None,
                    language=None,
                    source="editor",
                    now=self.now,
                )
            except NotHandedOver:
                return
        self.moved.add(old)
        self.moved.discard(new)

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)), act=st.sampled_from([pause, resume]))
    def issue_is_held_or_goes_on(self, code: str, act: Callable[..., Issue]) -> None:
        """Pause, or resume."""
        self.attempt(lambda session: act(session, code, editor="editor", now=self.now))

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)))
    def what_is_in_doubt_is_sent_again(self, code: str) -> None:
        """Settle by resending."""
        with self.database.writing() as session:
            resend(session, self.issue_of(session, code), now=self.now)

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)), policy=st.sampled_from(InDoubtPolicy))
    def policy_is_followed(self, code: str, policy: InDoubtPolicy) -> None:
        """What is in doubt is held, or sent again by itself."""
        with self.database.writing() as session:
            issue = self.issue_of(session, code)
            set_policy(session, issue, policy, editor="editor", now=self.now)
            follow_policy(session, issue, now=self.now)

    @precondition(lambda self: self.now > NOW + timedelta(days=1))
    @rule()
    def other_issue_is_cancelled(self) -> None:
        """Late, so that most of what is tried is sent before."""
        self.attempt(lambda session: cancel(session, OTHER_CODES[0], editor="editor", now=self.now))

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)), address=people, spelled=spellings)
    def trial_copy_is_sent(self, code: str, address: str, spelled: Callable[[str], str]) -> None:
        """A copy beforehand, to whomever an editor names."""
        with self.database.reading() as session:
            try:
                copies = list(
                    trial_parcels(
                        session, self.issue_of(session, code), PAPER, to=spelled(address), now=self.now
                    )
                )
            except KeptAway:
                return
        for copy in copies:
            assert address_key(copy.recipient) not in self.away, f"{address} had left, and gets a trial copy"

    @rule()
    def backup_is_taken(self) -> None:
        """Keep the database as it stands."""
        self.kept.unlink(missing_ok=True)
        with sqlite3.connect(self.file) as source, sqlite3.connect(self.kept) as target:
            source.backup(target)
        source.close()
        target.close()
        self.backed_up_at = self.now

    @precondition(lambda self: self.backed_up_at is not None)
    @rule()
    def backup_is_restored(self) -> None:
        """The database of then, and all that a restore does about what happened since."""
        self.database.close()
        for old in self.file.parent.glob("world.db*"):
            old.unlink()
        shutil.copy(self.kept, self.file)
        self.database, self.held = self.opened(), []
        lines = self.departures.read()
        since = Since(
            taken_at=self.backed_up_at or NOW,
            now=self.now,
            lines=lines,
            is_known=True,
            keys=KEYS,
            domain=HEAD.domain,
            options=Options(base_url=HEAD.base_url),
        )
        with self.database.writing() as session:
            replay_departures(session, KEYS, lines, now=self.now)
            hold_letters(session, since)
