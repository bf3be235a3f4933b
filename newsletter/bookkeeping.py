"""The database side of one sender: rows claimed ahead, a last look at each, endings kept in groups.

Everything here runs in two threads beside the event loop, so that a slow disk never stalls a connection.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from newsletter.claims import LEASE, Held, Permission, claim, give_back, give_back_all, renew
from newsletter.deliveries import Ending, record_endings
from newsletter.journal import Claim, Journal
from newsletter.last_look import LastLook
from newsletter.office import PostOffice
from newsletter.transport import Fate, Outcome

BATCH: Final = 200
# Claimed before the last are taken, so that no connection waits for it.
_AHEAD: Final = 100
# Rows whose domain is asked less often wait here, so many at most, and others are claimed meanwhile.
_MOST_WAITING: Final = 2_000
_NOTHING_SECONDS: Final = 1.0
GROUP: Final = 100
GROUP_SECONDS: Final = 0.1
RENEW_SECONDS: Final = LEASE.total_seconds() / 3
JOURNAL_BYTES: Final = 4_000_000

T = TypeVar("T")


class LeaseLost(Exception):  # noqa: N818 - it reads as what happened
    """The lease could not be renewed in time, so what this sender held may be another's by now."""


class Bookkeeper:
    """One sender's claims and endings. All methods belong to one event loop."""

    def __init__(
        self,
        office: PostOffice,
        *,
        issue_id: int,
        owner: str,
        journal: Journal,
        progress: Callable[[int], None],
    ) -> None:
        """Keep the books of one sender; `progress` is told how many letters have ended, once kept."""
        self._office = office
        self._issue_id = issue_id
        self._owner = owner
        self._journal = journal
        self._progress = progress
        self._leased_until = office.clock()
        self._queue: deque[Held] = deque()
        self._claiming = asyncio.Lock()
        self._claims_ahead: asyncio.Task[None] | None = None
        self._nothing_until = 0.0
        self._held: set[Claim] = set()
        self._on_wire: dict[Claim, Outcome | None] = {}
        self._endings: list[Ending] = []
        self._flushing = asyncio.Lock()
        self._due = asyncio.Event()
        self._is_ending = False
        self._last_look = LastLook(office.database, owner=owner, clock=office.clock)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="sending-writes")
        self.refused = 0
        self.on_claimed: Callable[[Sequence[Held]], None] = lambda _claimed: None
        """Told of rows that were just claimed, to make ready what their letters need."""

    async def take(self, is_ready: Callable[[Held], bool]) -> Held | None:
        """Return the first row whose letter may start now, or None; claims more when none is left.

        A row that is not ready yet keeps its place.
        """
        if (held := self.take_at_once(is_ready)) is not None:
            return held
        async with self._claiming:
            # Whoever waited for another lane's claim has a letter by it: rows are left for other machines.
            if (held := self.take_at_once(is_ready)) is not None:
                return held
            if not self._queue or self._may_claim_more(_MOST_WAITING):
                await self._claim_more()
        return self.take_at_once(is_ready)

    async def has_some(self) -> bool:
        """Tell whether any row is left to take, ready or not; claims more when none is here."""
        async with self._claiming:
            if not self._queue:
                await self._claim_more()
        return bool(self._queue)

    def take_at_once(self, is_ready: Callable[[Held], bool]) -> Held | None:
        """Return the first claimed row whose letter may start now, or None. More are claimed meanwhile."""
        found = None
        for place, held in enumerate(self._queue):
            if is_ready(held):
                del self._queue[place]
                found = held
                break
        if found is not None and self._claims_ahead is None and self._may_claim_more(_AHEAD):
            self._claims_ahead = asyncio.create_task(self._claim_ahead())
        return found

    @property
    def is_waiting(self) -> bool:
        """Whether claimed rows wait for their turn."""
        return bool(self._queue)

    def put_back(self, held: Held) -> None:
        """Put a row at the end of the queue: its letter was not tried, or nothing can have arrived."""
        self._queue.append(held)

    async def permission(self, held: Held) -> Permission:
        """Look once more whether a letter may be sent. Those who ask at the same time share one query."""
        if self._office.clock() >= self._leased_until:
            await self._renew()
        return await self._last_look.permission(held)

    def touch_wire(self, held: Held) -> None:
        """Journal that the letter's body is about to begin.

        Raises LeaseLost or JournalUnwritable: then it must not begin.
        """
        self._journal.on_wire(held.claim)
        # The line first, the look at the lease after it: whoever takes over a lapsed lease reads the journal,
        # so a sender suspended between the two is either seen in it or does not go on.
        if self._office.clock() >= self._leased_until:
            self._journal.ended(held.claim, Outcome(Fate.LOST))
            raise LeaseLost
        self._on_wire[held.claim] = None

    def has_touched_wire(self, held: Held) -> bool:
        """Whether the letter's body may have begun without its ending being known."""
        return held.claim in self._on_wire and self._on_wire[held.claim] is None

    def came_back(self, held: Held, outcome: Outcome) -> None:
        """Journal that the server did not take a letter that touched the wire, and put its row back."""
        if held.claim in self._on_wire:
            self._journal.ended(held.claim, outcome)
            del self._on_wire[held.claim]
        self.put_back(held)

    def keep_back(self, held: Held, outcome: Outcome) -> None:
        """Journal that the server refused a letter, for a reason that may not be its reader's.

        The row is held until it is ended or put back. Killed before that, it waits again.
        """
        if held.claim in self._on_wire:
            self._journal.ended(
                held.claim, Outcome(Fate.RELAY_FAULT, outcome.code, outcome.reply, outcome.wait)
            )
            del self._on_wire[held.claim]

    def end(self, held: Held, outcome: Outcome | None) -> None:
        """Keep how a letter ended (None: its reader had left): journalled now, in the database soon."""
        self._endings.append(Ending(claim=held.claim, outcome=outcome, at=self._office.clock()))
        if outcome is not None and held.claim in self._on_wire:
            self._on_wire[held.claim] = outcome
            self._journal.ended(held.claim, outcome)
        if len(self._endings) >= GROUP:
            self._due.set()

    async def give_back(self, held: Held) -> None:
        """Return a row to those who wait, to be claimed anew: its reader has another address by now."""
        self._held.discard(held.claim)
        await self._writing(partial(give_back, claims=[held.claim], owner=self._owner))

    def forget(self, held: Held) -> None:
        """Let go of a row that is another's by now."""
        self._held.discard(held.claim)
        self.refused += 1

    async def keep(self) -> None:
        """Write endings in groups and renew the lease, until `stop_keeping`."""
        loop = asyncio.get_running_loop()
        renew_at = loop.time() + RENEW_SECONDS
        while not self._is_ending:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), GROUP_SECONDS)
            self._due.clear()
            await self.flush()
            if loop.time() >= renew_at:
                renew_at = loop.time() + RENEW_SECONDS
                await self._renew()

    def stop_keeping(self) -> None:
        """Let `keep` end after what it is doing."""
        self._is_ending = True
        self._due.set()

    async def flush(self) -> None:
        """Write every ending there is into the database."""
        async with self._flushing:
            # Those that end meanwhile wait for the next group: small ones would cost a transaction each.
            waiting = len(self._endings)
            while waiting > 0:
                endings = self._endings[: min(GROUP, waiting)]
                waiting -= len(endings)
                refused = await self._writing(partial(record_endings, endings=endings, owner=self._owner))
                del self._endings[: len(endings)]
                self.refused += len(refused)
                for ending in endings:
                    self._held.discard(ending.claim)
                    self._on_wire.pop(ending.claim, None)
                self._progress(len(endings))
            if self._journal.size > JOURNAL_BYTES:
                self._journal.compact(list(self._on_wire.items()))

    async def close(self) -> None:
        """Write what is left, give back what was not tried, and delete the journal.

        When the database does not take it, the journal stays for recovery and the error is raised.
        """
        try:
            if self._claims_ahead is not None:
                await asyncio.wait([self._claims_ahead])
            await self._last_look.close()
            await self.flush()
            # Not what we know to hold: a claim that was cancelled while the database was busy is made all the
            # same, by the thread that waited, and nobody here was told of it.
            touched = [claim.delivery for claim in self._on_wire]
            await self._writing(partial(give_back_all, owner=self._owner, but=touched))
        except BaseException:
            self._journal.close()
            raise
        finally:
            self._writer.shutdown(wait=False)
        self._journal.finish()

    def _may_claim_more(self, fewer_than: int) -> bool:
        is_worth_it = asyncio.get_running_loop().time() >= self._nothing_until
        return is_worth_it and len(self._queue) < fewer_than

    async def _claim_ahead(self) -> None:
        """Claim while there is still something to take. When it fails, whoever finds nothing is told why."""
        try:
            async with self._claiming:
                if self._may_claim_more(_AHEAD):
                    with suppress(Exception):
                        await self._claim_more()
        finally:
            self._claims_ahead = None

    async def _claim_more(self) -> None:
        now = self._office.clock()
        claimed = await self._writing(
            partial(claim, issue_id=self._issue_id, owner=self._owner, now=now, limit=BATCH)
        )
        # The oldest lease counts: rows claimed before were leased, or renewed, earlier than these.
        if not self._held:
            self._leased_until = now + LEASE
        self._held.update(held.claim for held in claimed)
        self._queue.extend(claimed)
        if not claimed:
            self._nothing_until = asyncio.get_running_loop().time() + _NOTHING_SECONDS
        self.on_claimed(claimed)

    async def _renew(self) -> None:
        now = self._office.clock()
        await self._writing(partial(renew, owner=self._owner, now=now))
        self._leased_until = now + LEASE

    def _writing(self, act: Callable[[Session], T]) -> Awaitable[T]:
        def run() -> T:
            with self._office.database.writing() as session:
                return act(session)

        return asyncio.get_running_loop().run_in_executor(self._writer, run)
