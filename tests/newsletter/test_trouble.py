"""What befalls the sender itself: a lease that lapsed, a disk that filled up. Each reader gets one."""

import asyncio
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import Database, DeliveryState, Suppression, SuppressionReason
from models.database import explain
from newsletter.bookkeeping import Bookkeeper
from newsletter.claims import claim
from newsletter.course import begin_sending, find_issue
from newsletter.journal import Journal
from newsletter.recovery import recover_journals
from newsletter.relay import SmtpRelay
from newsletter.sending import Sending, send_issue
from tests.letters import CODE, HEAD, KEYS, NOW, office_of, ready_to_send, states
from tests.unruly import Behaviour, Step, Unruly, unruly_server

A_MINUTE = timedelta(minutes=1)


class Announcing(Database):
    """A database that tells when somebody begins to wait for its write lock."""

    def __init__(self, url: str) -> None:
        """Nobody has asked yet."""
        super().__init__(url)
        self.is_asked = threading.Event()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Tell, then wait as any other."""
        self.is_asked.set()
        with super().writing() as session:
            yield session


def send(database: Database, folder: Path, server: Unruly, *, now: list[datetime]) -> Sending:
    """Send over one connection, by a clock that the test moves."""
    relay = SmtpRelay(host="127.0.0.1", port=server.port, connections=1)
    office = office_of(database, folder, clock=lambda: now[-1])
    return asyncio.run(send_issue(office, CODE, relay=relay, patience=1))


def test_sender_that_slept_and_lost_nothing_goes_on(database: Database, tmp_path: Path) -> None:
    """Its lease lapsed, but nobody took its letters: it renews the lease and sends each once."""
    readers = ready_to_send(database, 5)
    now = [NOW]

    def sleep(step: Step, _recipient: str, nth: int) -> str | None:
        if step is Step.RCPT and len(server.kept) == 1 and nth == 1:
            now.append(now[-1] + A_MINUTE)
        return None

    with unruly_server() as server:
        server.behaviour = sleep
        sending = send(database, tmp_path, server, now=now)
    assert sending.is_complete
    assert server.readers == Counter(readers)


def test_sender_that_slept_and_lost_its_letters_sends_none_of_them(
    database: Database, tmp_path: Path
) -> None:
    """Another took over while it slept: awake in the middle of a letter, it does not begin the body."""
    readers = ready_to_send(database, 5)
    now = [NOW]

    def sleep(step: Step, _recipient: str, _nth: int) -> str | None:
        if step is Step.DATA and len(server.kept) == 1 and len(now) == 1:
            now.append(NOW + A_MINUTE)
            recover_journals(database, folder=tmp_path / "journal", now=now[-1])
            with database.writing() as session:
                issue = find_issue(session, CODE).id
                taken = claim(session, issue_id=issue, owner="other", now=now[-1], limit=100)
            assert len(taken) == 4
        return None

    # Step by step, so that the first letter's answer is known before the second one's DATA is heard.
    with unruly_server(pipelining=False) as server:
        server.behaviour = sleep
        sending = send(database, tmp_path, server, now=now)
    assert len(server.kept) == 1
    assert (sending.counts.accepted, sending.counts.open) == (1, 4)
    assert Counter(states(database).values()) == {DeliveryState.ACCEPTED: 1, DeliveryState.CLAIMED: 4}
    assert set(states(database)) == set(readers)


@pytest.mark.parametrize(("readers", "journals"), [(90, 1), (400, None)])
def test_disk_that_fills_up_loses_nobody(
    sqlite_database: Database, tmp_path: Path, readers: int, journals: int | None
) -> None:
    """Full in the middle, the sending ends with a sentence; with room again everybody has had one letter.

    With 90 readers, all claimed at once, it is the outcomes that find no room: the journal keeps them.
    """
    addresses = ready_to_send(sqlite_database, readers)
    with sqlite_database.writing() as session:
        begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
    with unruly_server() as server:
        server.behaviour = fill_up_at(sqlite_database, server, letters=30)
        small = limited(sqlite_database, more_pages=50)
        with pytest.raises(OperationalError) as full:
            send(small, tmp_path, server, now=[NOW])
        assert "disk is full" in (explain(full.value) or "")
        small.close()
        assert journals in {None, len(list((tmp_path / "journal").glob("*.journal")))}
        sending = send(sqlite_database, tmp_path, server, now=[NOW])
    assert sending.is_complete
    assert server.readers == Counter(addresses)
    assert list((tmp_path / "journal").glob("*")) == []


def limited(database: Database, *, more_pages: int) -> Database:
    """Return the same database as on a disk with room for so many more pages."""
    with database.reading() as session:
        pages = session.scalar(text("PRAGMA page_count"))
    small = Database(database.url.render_as_string())

    @event.listens_for(small.engine, "connect")
    def _limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + more_pages}")

    return small


def fill_up_at(database: Database, server: Unruly, *, letters: int) -> Behaviour:
    """Take the room away once that many letters have arrived."""
    done = threading.Event()

    def fill(step: Step, _recipient: str, _nth: int) -> str | None:
        if step is Step.DOT and len(server.kept) == letters and not done.is_set():
            done.set()
            with database.writing() as session:
                session.add(Suppression(address_hash="x" * 500_000, reason=SuppressionReason.EDITOR, at=NOW))
        return None

    return fill


def test_claim_that_waits_for_a_busy_database_is_not_left_behind(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """A sending that ends while its claim still waits gives back what the claim then takes all the same."""
    ready_to_send(sqlite_database, 5)
    database = Announcing(sqlite_database.url.render_as_string())
    office = office_of(database, tmp_path)
    with sqlite_database.writing() as session:
        issue_id = begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW).id

    async def claim_and_be_cancelled() -> None:
        journal = Journal.begin(office.journals, "sender")
        book = Bookkeeper(
            office, issue_id=issue_id, owner="sender", journal=journal, progress=lambda _ended: None
        )
        other = sqlite3.connect(str(sqlite_database.url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        taking = asyncio.create_task(book.take(lambda _held: True))
        assert await asyncio.to_thread(database.is_asked.wait, 5)
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
        other.execute("ROLLBACK")
        other.close()
        await book.close()

    asyncio.run(claim_and_be_cancelled())
    database.close()
    assert Counter(states(sqlite_database).values()) == Counter({DeliveryState.PENDING: 5})
    assert list(office.journals.glob("*")) == []
