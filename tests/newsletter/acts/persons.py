"""What persons do about the letter: sign up, leave, come back, move, complain, be forgotten."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from models import (
    AddressChange,
    BounceKind,
    BounceSource,
    QueuedMail,
    Subscriber,
    SubscriberState,
)
from newsletter.address_change import ask_change, change_token, confirm_change, may_change
from newsletter.bounces.consequences import note_bounce, take_complaint
from newsletter.erasure import NoSuchReader, erase, erase_reader, find_reader
from newsletter.links import Purpose, make_token
from newsletter.subscription import (
    Confirming,
    confirm,
    confirm_token,
    leave,
    sign_up,
    undo_leaving,
)
from tests.letters import CODE, KEYS
from tests.newsletter.acts.record import OTHER_CODES, Record, people, spellings


class Persons(Record):
    """Owners of addresses, and strangers who type them."""

    @rule(address=people, spelled=spellings)
    def stranger_signs_up(self, address: str, spelled: Callable[[str], str]) -> None:
        """Somebody types an address into the form."""
        with self.database.writing() as session:
            sign_up(session, KEYS, address=spelled(address), language="fr", source="form", now=self.now)

    @rule(address=people)
    def owner_confirms(self, address: str) -> None:
        """The owner presses the button of the newest confirmation."""
        with self.database.writing() as session:
            reader = self.reader_at(session, address)
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
                    self.note_return(address)

    @rule(address=people)
    def owner_leaves(self, address: str) -> None:
        """One click, by the link of a letter."""
        with self.database.writing() as session:
            reader = self.reader_at(session, address)
            if reader:
                leave(session, KEYS, self.leaving_link(reader), source="link", now=self.now)
                self.away.setdefault(address, False)

    @rule(address=people)
    def owner_leaves_by_a_letter(self, address: str) -> None:
        """One click, by the link in the newest letter that went to the address, whoever has it now."""
        with self.database.writing() as session:
            letter = self.letter_to(session, address)
            if letter is None or letter.subscriber_id is None:
                return
            token = make_token(KEYS, Purpose.UNSUBSCRIBE, row=letter.subscriber_id, address_key=address)
            reader = leave(session, KEYS, token, source="link", now=self.now)
            self.away.setdefault(address if reader is None else reader.address_key, False)

    @rule(address=people)
    def owner_undoes(self, address: str) -> None:
        """The button within thirty minutes."""
        with self.database.writing() as session:
            reader = self.reader_at(session, address)
            if reader and undo_leaving(session, KEYS, self.leaving_link(reader), source="link", now=self.now):
                self.note_return(address)

    @rule(address=people, new=people, spelled=spellings)
    def owner_asks_to_move(self, address: str, new: str, spelled: Callable[[str], str]) -> None:
        """Ask for another address, by the page of preferences."""
        with self.database.writing() as session:
            reader = self.reader_at(session, address)
            if reader and may_change(reader) and address != new:
                ask_change(session, KEYS, reader, address=spelled(new), now=self.now)

    @rule(address=people)
    def new_address_is_confirmed(self, address: str) -> None:
        """The owner of the new address presses the button, perhaps much later."""
        with self.database.writing() as session:
            reader = self.reader_at(session, address)
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
                self.note_return(new)
                self.moved.add(address)
                # With a reader of the new address the old one is taken off instead.
                if reader.address_key == address:
                    self.away.setdefault(address, False)

    @rule(address=people, new=people)
    def owner_moves(self, address: str, new: str) -> None:
        """Both at once."""
        self.owner_asks_to_move(address, new, str)
        with self.database.reading() as session:
            reader = self.reader_at(session, address)
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
            reader = self.reader_at(session, address)
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
            letter = self.letter_to(session, address)
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
            letter = self.letter_to(session, address, code=code)
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
