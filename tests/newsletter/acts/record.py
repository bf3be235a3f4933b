"""The record in which anything may be done, and what whoever does it said."""

import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Database,
    Delivery,
    DeliveryState,
    Issue,
    RecipientKind,
    Refusal,
    Subscriber,
)
from models.departures import Departures
from newsletter.addressing import readable_address
from newsletter.claims import Held
from newsletter.course import finish_if_done
from newsletter.importing import NewReader, add_reader
from newsletter.links import Purpose, make_token
from tests.letters import CODE, KEYS, NOW, add_issue
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


class Record(RuleBasedStateMachine):
    """Four addresses, three issues, and what was said about each address.

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
        self.database = self.opened()
        self.now = NOW
        self.away: dict[str, bool] = {}
        self.moved: set[str] = set()
        self.held: list[Held] = []
        self.backed_up_at: datetime | None = None
        with self.database.writing() as session:
            for address in ADDRESSES[:3]:
                self.add(session, address, kind=RecipientKind.SUBSCRIPTION)
            add_issue(session)
            for code in OTHER_CODES:
                add_issue(session, code=code)
            session.flush()
            correction = session.scalars(select(Issue).where(Issue.code == OTHER_CODES[1])).one()
            correction.corrects = CODE

    def opened(self) -> Database:
        """Open the file."""
        return Database(f"sqlite:///{self.file}", departures=self.departures)

    def letter_leaves(self, address: str) -> None:
        """Judge a letter that goes on the wire."""
        assert address not in self.away, f"{address} had left, and gets a letter"
        assert address not in self.moved, f"{address} was given up, and gets a letter"

    def note_return(self, address: str) -> None:
        """Note that the owner of an address wants the letter again."""
        assert not self.away.pop(address, False), f"{address} is suppressed for good, and is a reader again"
        self.moved.discard(address)

    def reader_at(self, session: Session, address: str) -> Subscriber | None:
        """The reader of an address."""
        return session.scalars(select(Subscriber).where(Subscriber.address_key == address)).first()

    def issue_of(self, session: Session, code: str) -> Issue:
        """The issue of a code."""
        return session.scalars(select(Issue).where(Issue.code == code)).one()

    def letter_to(self, session: Session, address: str, *, code: str | None = None) -> Delivery | None:
        """The newest letter that went to an address."""
        query = select(Delivery).join(Issue, Issue.id == Delivery.issue_id).order_by(Delivery.id.desc())
        query = query.where(Delivery.address_key == address, Delivery.state == DeliveryState.ACCEPTED)
        return session.scalars(query if code is None else query.where(Issue.code == code)).first()

    def leaving_link(self, reader: Subscriber) -> str:
        """The token that ends a reader's letter."""
        return make_token(KEYS, Purpose.UNSUBSCRIBE, row=reader.id, address_key=reader.address_key)

    def add(self, session: Session, address: str, *, kind: RecipientKind) -> None:
        """Add a reader whose consent is known."""
        new = NewReader(address=address, kind=kind)
        add_reader(session, KEYS, new, is_confirmed=True, source="test", now=self.now)

    def finish(self, code: str, session: Session) -> None:
        """End an issue of which all is sent."""
        finish_if_done(session, code, now=self.now)

    def attempt(self, act: Callable[[Session], object]) -> None:
        """Do what may be refused."""
        try:
            with self.database.writing() as session:
                act(session)
        except Refusal:
            return
