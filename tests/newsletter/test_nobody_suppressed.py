"""Nobody suppressed is ever mailed: whatever is imported, restored, resumed, corrected or resent.

Persons, strangers, editors and a sender do things in any order, on the real record and by the real acts; each
mail that leaves is held against what its addressee last said.
"""

import shutil
import sqlite3
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AddressChange,
    BounceKind,
    BounceSource,
    Database,
    Delivery,
    DeliveryState,
    InDoubtPolicy,
    Issue,
    IssueState,
    QueuedMail,
    RecipientKind,
    Refusal,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from models.departures import Departures
from newsletter.address_change import ask_change, change_token, confirm_change, expire_changes, may_change
from newsletter.addressing import address_key, readable_address
from newsletter.bounces.consequences import note_bounce, take_complaint
from newsletter.claims import Held, Permission, claim, give_back_all, look_again
from newsletter.course import begin_sending, cancel, finish_if_done, pause, resume
from newsletter.deliveries import Ending, record_endings
from newsletter.erasure import NoSuchReader, erase, erase_reader, find_reader
from newsletter.importing import Imported, NewReader, Row, add_reader, import_rows
from newsletter.links import Purpose, make_token
from newsletter.options import Options
from newsletter.posts import NotHandedOver, hand_over
from newsletter.reader_mails import mail_of
from newsletter.restored.departures import replay_departures
from newsletter.restored.letters import Since, hold_letters
from newsletter.settling import follow_policy, resend, set_policy
from newsletter.subscription import (
    Confirming,
    confirm,
    confirm_token,
    expire_confirmations,
    leave,
    sign_up,
    undo_leaving,
)
from newsletter.suppression import suppress
from newsletter.transport import Fate, Outcome
from newsletter.trial import KeptAway, trial_parcels
from tests.letters import CODE, HEAD, KEYS, NOW, add_issue
from tests.newsletter.issue_facts import STATIONERY

ADDRESSES = ("ana@a.example", "ben@b.example", "chi@c.example", "dïa@xn--bcher-kva.example")
PAPER = replace(STATIONERY, keys=KEYS)
SENDER = "sender-1"
OTHER_CODES = ("2018", "2019")


def decomposed(address: str) -> str:
    """The domain in its own letters, every accent a mark of its own."""
    return unicodedata.normalize("NFD", readable_address(address))


def pasted(address: str) -> str:
    """As a program for Arabic or Chinese text gives it: marks of direction around it, a wide @."""
    return f"\u200f {address.title()}\u200e".replace("@", "\uff20")


people = st.sampled_from(ADDRESSES)
spellings = st.sampled_from([str, str.upper, decomposed, pasted])
LANGUAGES = ("en", "fr")


class World(RuleBasedStateMachine):
    """Four addresses and all that may be done about them.

    `away` are those whose owner, or an editor, said that nothing is to be sent there, and whether that is for
    good; `moved` those that were given up for another. Both are kept by what was done, not by the record.
    """

    def __init__(self, empty: Path, folder: Path) -> None:
        super().__init__()
        self.file, self.kept = folder / "world.db", folder / "kept.db"
        for old in (*folder.glob("world.db*"), folder / "departures"):
            old.unlink(missing_ok=True)
        shutil.copy(empty, self.file)
        self.departures = Departures(folder / "departures")
        self.database = self._opened()
        self.now = NOW
        self.away: dict[str, bool] = {}
        self.moved: set[str] = set()
        self.held: list[Held] = []
        self.backed_up_at: datetime | None = None
        with self.database.writing() as session:
            for address in ADDRESSES[:3]:
                self._add(session, address, kind=RecipientKind.SUBSCRIPTION)
            add_issue(session)
            for code in OTHER_CODES:
                add_issue(session, code=code)
            session.flush()
            correction = session.scalars(select(Issue).where(Issue.code == OTHER_CODES[1])).one()
            correction.corrects = CODE

    def _opened(self) -> Database:
        return Database(f"sqlite:///{self.file}", departures=self.departures)

    def teardown(self) -> None:
        """Send all that can be sent, in every way there is, and let go of the file."""
        try:
            self.file_is_imported(is_confirmed=True, kind=RecipientKind.CIRCULATION, spelled=str)
            self.single_mails_leave()
            for code in (CODE, *OTHER_CODES):
                self.issue_goes_out(code)
                self.what_is_in_doubt_is_sent_again(code)
                self.issue_goes_out(code)
        finally:
            self.database.close()

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)))
    def issue_goes_out(self, code: str) -> None:
        """To everybody who may have it, whatever held it."""
        self._try(lambda session: resume(session, code, editor="editor", now=self.now))
        self.sending_begins(code)
        self.sender_dies()
        self.letters_are_claimed(code, len(ADDRESSES))
        self.held_letters_leave(Fate.ACCEPTED)

    # What persons do

    @rule(address=people, spelled=spellings)
    def stranger_signs_up(self, address: str, spelled: Callable[[str], str]) -> None:
        """Somebody types an address into the form."""
        with self.database.writing() as session:
            sign_up(session, KEYS, address=spelled(address), language="fr", source="form", now=self.now)

    @rule(address=people)
    def owner_confirms(self, address: str) -> None:
        """The owner presses the button of the newest confirmation."""
        with self.database.writing() as session:
            reader = self._reader(session, address)
            mail = (
                reader
                and session.scalars(
                    select(QueuedMail)
                    .where(QueuedMail.subscriber_id == reader.id, QueuedMail.message == "confirmation")
                    .order_by(QueuedMail.id.desc())
                ).first()
            )
            if reader and mail:
                token = confirm_token(KEYS, mail, reader)
                if confirm(session, KEYS, token, source="page", now=self.now).standing is Confirming.VALID:
                    self._returned(address)

    @rule(address=people)
    def owner_leaves(self, address: str) -> None:
        """One click, by the link of a letter."""
        with self.database.writing() as session:
            reader = self._reader(session, address)
            if reader:
                leave(session, KEYS, self._leaving(reader), source="link", now=self.now)
                self.away.setdefault(address, False)

    @rule(address=people)
    def owner_leaves_by_a_letter(self, address: str) -> None:
        """One click, by the link in the newest letter that went to the address, whoever has it now."""
        with self.database.writing() as session:
            letter = self._letter(session, address)
            if letter is None or letter.subscriber_id is None:
                return
            token = make_token(KEYS, Purpose.UNSUBSCRIBE, row=letter.subscriber_id, address_key=address)
            reader = leave(session, KEYS, token, source="link", now=self.now)
            self.away.setdefault(address if reader is None else reader.address_key, False)

    @rule(address=people)
    def owner_undoes(self, address: str) -> None:
        """The button within thirty minutes."""
        with self.database.writing() as session:
            reader = self._reader(session, address)
            if reader and undo_leaving(session, KEYS, self._leaving(reader), source="link", now=self.now):
                self._returned(address)

    @rule(address=people, new=people, spelled=spellings)
    def owner_asks_to_move(self, address: str, new: str, spelled: Callable[[str], str]) -> None:
        """Ask for another address, by the page of preferences."""
        with self.database.writing() as session:
            reader = self._reader(session, address)
            if reader and may_change(reader) and address != new:
                ask_change(session, KEYS, reader, address=spelled(new), now=self.now)

    @rule(address=people)
    def new_address_is_confirmed(self, address: str) -> None:
        """The owner of the new address presses the button, perhaps much later."""
        with self.database.writing() as session:
            reader = self._reader(session, address)
            change = (
                reader
                and session.scalars(
                    select(AddressChange).where(AddressChange.subscriber_id == reader.id)
                ).first()
            )
            if not reader or not change:
                return
            new = change.address_key
            found = confirm_change(session, KEYS, change_token(KEYS, change), source="page", now=self.now)
            if found is not None and found.standing is Confirming.VALID:
                self._returned(new)
                self.moved.add(address)
                # With a reader of the new address the old one is taken off instead.
                if reader.address_key == address:
                    self.away.setdefault(address, False)

    @rule(address=people, new=people)
    def owner_moves(self, address: str, new: str) -> None:
        """Both at once."""
        self.owner_asks_to_move(address, new, str)
        with self.database.reading() as session:
            reader = self._reader(session, address)
            asked = (
                reader
                and session.scalars(
                    select(AddressChange.address_key).where(AddressChange.subscriber_id == reader.id)
                ).first()
            )
        if asked == new:
            self.new_address_is_confirmed(address)

    @rule(address=people)
    def owner_is_forgotten(self, address: str) -> None:
        """Erasure, by the owner's own button."""
        with self.database.writing() as session:
            reader = self._reader(session, address)
            if reader:
                erase_reader(session, KEYS, reader, now=self.now)
                self.away.setdefault(address, False)

    @rule(address=people, spelled=spellings)
    def editor_forgets(self, address: str, spelled: Callable[[str], str]) -> None:
        """Erasure, by an editor who was asked for it by word: of a present address or of a former one."""
        with self.database.writing() as session:
            reader = find_reader(session, spelled(address))
            present = reader.address_key if reader else address
            try:
                erase(session, KEYS, spelled(address), now=self.now)
            except NoSuchReader:
                return
        for one in (address, present):
            self.away.setdefault(one, False)

    @rule(address=people)
    def owner_complains(self, address: str) -> None:
        """By the button of their mail program, about the newest letter that went there."""
        with self.database.writing() as session:
            letter = self._letter(session, address)
            if letter is None:
                return
            take_complaint(session, KEYS, letter, now=self.now)
            self.away[address] = True
            reader = session.get(Subscriber, letter.subscriber_id) if letter.subscriber_id else None
            # Who has another address by now is not written to there either.
            if reader is not None and reader.state is SubscriberState.SUPPRESSED:
                self.away[reader.address_key] = True

    @rule(address=people, code=st.sampled_from((CODE, *OTHER_CODES)))
    def letter_comes_back(self, address: str, code: str) -> None:
        """A mailbox is gone for good; of a second issue that ends it."""
        with self.database.writing() as session:
            letter = self._letter(session, address, code=code)
            if letter is None:
                return
            said = note_bounce(
                session,
                KEYS,
                letter,
                kind=BounceKind.HARD,
                source=BounceSource.REPORT,
                status="5.1.1",
                code=None,
                said="no such user",
                now=self.now,
            )
            if said is not None and "after a second issue" in said:
                self.away.setdefault(address, False)

    # What editors do

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
            self._add(session, spelled(address), kind=RecipientKind.SUBSCRIPTION)

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
        self._try(lambda session: act(session, code, editor="editor", now=self.now))

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)))
    def what_is_in_doubt_is_sent_again(self, code: str) -> None:
        """Settle by resending."""
        with self.database.writing() as session:
            resend(session, self._issue(session, code), now=self.now)

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)), policy=st.sampled_from(InDoubtPolicy))
    def policy_is_followed(self, code: str, policy: InDoubtPolicy) -> None:
        """What is in doubt is held, or sent again by itself."""
        with self.database.writing() as session:
            issue = self._issue(session, code)
            set_policy(session, issue, policy, editor="editor", now=self.now)
            follow_policy(session, issue, now=self.now)

    @precondition(lambda self: self.now > NOW + timedelta(days=1))
    @rule()
    def other_issue_is_cancelled(self) -> None:
        """Late, so that most of what is tried is sent before."""
        self._try(lambda session: cancel(session, OTHER_CODES[0], editor="editor", now=self.now))

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)), address=people, spelled=spellings)
    def trial_copy_is_sent(self, code: str, address: str, spelled: Callable[[str], str]) -> None:
        """A copy beforehand, to whomever an editor names."""
        with self.database.reading() as session:
            try:
                copies = list(
                    trial_parcels(
                        session, self._issue(session, code), PAPER, to=spelled(address), now=self.now
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
        self.database, self.held = self._opened(), []
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

    # What the program does

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)))
    def sending_begins(self, code: str) -> None:
        """An issue's hour has come."""
        self._try(lambda session: begin_sending(session, code, keys=KEYS, domain=HEAD.domain, now=self.now))

    @rule(code=st.sampled_from((CODE, *OTHER_CODES)), limit=st.integers(1, 3))
    def letters_are_claimed(self, code: str, limit: int) -> None:
        """A sender takes some letters of an issue that is being sent."""
        with self.database.writing() as session:
            issue = self._issue(session, code)
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
            self._try(partial(self._finish, code))

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

    # How it is written down here

    def letter_leaves(self, address: str) -> None:
        """Judge a letter that goes on the wire."""
        assert address not in self.away, f"{address} had left, and gets a letter"
        assert address not in self.moved, f"{address} was given up, and gets a letter"

    def _returned(self, address: str) -> None:
        assert not self.away.pop(address, False), f"{address} is suppressed for good, and is a reader again"
        self.moved.discard(address)

    def _reader(self, session: Session, address: str) -> Subscriber | None:
        return session.scalars(select(Subscriber).where(Subscriber.address_key == address)).first()

    def _issue(self, session: Session, code: str) -> Issue:
        return session.scalars(select(Issue).where(Issue.code == code)).one()

    def _letter(self, session: Session, address: str, *, code: str | None = None) -> Delivery | None:
        query = select(Delivery).join(Issue, Issue.id == Delivery.issue_id).order_by(Delivery.id.desc())
        query = query.where(Delivery.address_key == address, Delivery.state == DeliveryState.ACCEPTED)
        return session.scalars(query if code is None else query.where(Issue.code == code)).first()

    def _leaving(self, reader: Subscriber) -> str:
        return make_token(KEYS, Purpose.UNSUBSCRIBE, row=reader.id, address_key=reader.address_key)

    def _add(self, session: Session, address: str, *, kind: RecipientKind) -> None:
        new = NewReader(address=address, kind=kind)
        add_reader(session, KEYS, new, is_confirmed=True, source="test", now=self.now)

    def _finish(self, code: str, session: Session) -> None:
        finish_if_done(session, code, now=self.now)

    def _try(self, act: Callable[[Session], object]) -> None:
        try:
            with self.database.writing() as session:
                act(session)
        except Refusal:
            return


def _run(empty: Path, folder: Path, *, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        lambda: World(empty, folder),  # type: ignore[arg-type]  # any factory is taken
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # A failure is told as it was found: making it shorter takes minutes on a file.
            phases=[Phase.generate],
            derandomize=examples < 100,
        ),
    )


def test_nobody_suppressed_is_mailed_in_any_order_of_acts(empty_sqlite: Path, tmp_path: Path) -> None:
    """No order of sign-ups, clicks, imports, hand-overs, resendings, corrections and restores mails them."""
    _run(empty_sqlite, tmp_path, examples=8, steps=35)


@pytest.mark.soak
def test_nobody_suppressed_is_mailed_in_many_orders(empty_sqlite: Path, tmp_path: Path) -> None:
    """The same, a thousand times and longer."""
    _run(empty_sqlite, tmp_path, examples=1000, steps=80)


def test_a_world_in_which_letters_do_leave(
    empty_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof above proves something: in its world letters are sent, to all who want them."""
    world = World(empty_sqlite, tmp_path)
    left: list[str] = []
    monkeypatch.setattr(world, "letter_leaves", left.append)
    world.owner_leaves(ADDRESSES[0])
    world.owner_moves(ADDRESSES[1], ADDRESSES[3])
    world.sending_begins(CODE)
    world.letters_are_claimed(CODE, 3)
    world.owner_moves(ADDRESSES[2], ADDRESSES[1])
    world.held_letters_leave(Fate.ACCEPTED)
    world.letters_are_claimed(CODE, 3)
    world.held_letters_leave(Fate.ACCEPTED)
    with world.database.reading() as session:
        states = dict(session.execute(select(Subscriber.address_key, Subscriber.state)).all())
    sent = list(left)
    world.teardown()
    assert sent == [ADDRESSES[3], ADDRESSES[1]]
    assert len(left) > len(sent), "what is tried at the end of each world leads to letters too"
    assert states == {
        ADDRESSES[0]: SubscriberState.LEFT,
        ADDRESSES[1]: SubscriberState.CONFIRMED,
        ADDRESSES[3]: SubscriberState.CONFIRMED,
    }
