"""One connection's way through the letters: announce, look once more, hand over, tell how each ended."""

import time
from dataclasses import dataclass
from typing import Final

from newsletter.addressing import domain_of
from newsletter.bookkeeping import Bookkeeper, LeaseLost
from newsletter.claims import Held, Permission
from newsletter.pace import LONGEST_PAUSE, Backoff
from newsletter.packing import Packing
from newsletter.replies import asks_for_less
from newsletter.round import Round
from newsletter.transport import Fate, Outcome, Parcel, Relay, RelayFaultError, Transport, TurnedAway

# A letter that came back this often is the reader's matter, whatever the relay says.
MOST_RETURNS: Final = 3
_SHORTEST_REST: Final = 0.001
_LONGEST_REST: Final = 0.5
_UNUSABLE: Final = "The mail server cannot be used"

_INTERRUPTED: Final = Outcome(Fate.IN_DOUBT, None, "the sending was stopped before the server answered")


@dataclass(frozen=True, slots=True)
class _Packed:
    """A row that this lane holds, and its letter."""

    held: Held
    parcel: Parcel


class Lane:
    """One connection, opened when there is something to send, opened anew after a pause when it is lost."""

    def __init__(self, *, relay: Relay, book: Bookkeeper, shared: Round, packing: Packing) -> None:
        """Take what all lanes of a sending share."""
        self._relay = relay
        self._book = book
        self._round = shared
        self._packing = packing
        self._backoff = Backoff()
        # Seconds to rest before the next letter, where there is one: nobody waits for nothing.
        self._pause = 0.0
        self._transport: Transport | None = None
        # The letter that was announced behind the one before it; nothing of its body is on the wire.
        self._announced: _Packed | None = None
        self._is_turned_away = False
        self._soonest = LONGEST_PAUSE

    async def run(self) -> None:
        """Send until nothing is left that may start, the round halts, or the server will not have us in."""
        try:
            while not (self._round.halt.is_set() or self._is_turned_away):
                packed = await self._next()
                if packed is not None:
                    await self._try(packed)
                    await self._rest()
                elif self._book.is_waiting:
                    await self._round.rest(min(max(self._soonest, _SHORTEST_REST), _LONGEST_REST))
                else:
                    break
        finally:
            self._put_back_announced()
            if self._transport is not None:
                await self._transport.close()

    async def _rest(self) -> None:
        pause, self._pause = self._pause, 0.0
        if pause > 0 and await self._book.has_some():
            await self._round.rest(pause)

    async def _next(self) -> _Packed | None:
        if self._announced is not None:
            packed, self._announced = self._announced, None
            return packed
        self._soonest = LONGEST_PAUSE
        held = await self._book.take(self._is_ready)
        return self._packed(held) if held is not None else None

    def _following(self) -> _Packed | None:
        """Return the letter to announce behind the one that is handed over now; None where none may start."""
        if self._round.halt.is_set():
            return None
        held = self._book.take_at_once(self._is_ready)
        return self._packed(held) if held is not None else None

    def _packed(self, held: Held) -> _Packed:
        self._round.pace.started(domain_of(held.address), now=time.monotonic())
        return _Packed(held, self._packing.parcel(held))

    def _is_ready(self, held: Held) -> bool:
        wait = self._round.pace.wait(domain_of(held.address), now=time.monotonic())
        if wait == 0:
            return True
        self._soonest = min(self._soonest, wait)
        return False

    async def _try(self, packed: _Packed) -> None:
        """See one row through: it ends, or it is put back."""
        held = packed.held
        try:
            transport = await self._connected()
            if transport is None:
                self._book.put_back(held)
                return
            outcome = await transport.offer(packed.parcel)
            if outcome is None:
                # The last look comes when the server waits for the body: nothing can come between the two.
                permission = await self._book.permission(held)
                if permission is not Permission.GRANTED:
                    transport.withhold()
                    await self._withhold(held, permission)
                    return
                outcome = await self._hand_over(transport, packed)
            if not transport.is_usable:
                self._put_back_announced()
            await self._settle(held, outcome)
        except LeaseLost:
            self._book.put_back(held)
        except BaseException:
            # Cancelled, or the books cannot be kept. The journal knows how far the letter came.
            if self._book.has_touched_wire(held):
                self._book.end(held, _INTERRUPTED)
            raise

    async def _hand_over(self, transport: Transport, packed: _Packed) -> Outcome:
        self._announced = self._following()
        try:
            return await transport.hand_over(
                packed.parcel,
                on_wire=lambda: self._book.touch_wire(packed.held),
                following=self._announced.parcel if self._announced is not None else None,
            )
        except LeaseLost:
            self._put_back_announced()
            raise

    def _put_back_announced(self) -> None:
        """Let others have a letter whose envelope went with a connection that is no more."""
        if self._announced is not None:
            self._book.put_back(self._announced.held)
            self._announced = None

    async def _withhold(self, held: Held, permission: Permission) -> None:
        match permission:
            case Permission.READER_LEFT:
                self._book.end(held, None)
            case Permission.READER_MOVED:
                await self._book.give_back(held)
            case Permission.NOT_OURS:
                self._book.forget(held)
            case _:
                self._round.is_late = permission is Permission.TOO_LATE
                self._round.halt.set()
                self._book.put_back(held)

    async def _connected(self) -> Transport | None:
        """Return the open connection, opening it first; None after a failure, which a pause follows."""
        if self._transport is not None and self._transport.is_usable:
            return self._transport
        try:
            self._transport = await self._relay.connect()
        except TurnedAway as refusal:
            # To wait here would take longer than anybody's patience; lanes that are signed in go on.
            self._transport, self._is_turned_away = None, True
            self._round.faulted(str(refusal))
            return None
        except RelayFaultError as fault:
            self._transport = None
            self._round.faulted(str(fault))
            self._pause = self._backoff.failed(asked=fault.wait)
            return None
        return self._transport

    async def _settle(self, held: Held, outcome: Outcome) -> None:
        domain = domain_of(held.address)
        match outcome.fate:
            case Fate.ACCEPTED:
                self._accepted(domain)
            case Fate.DEFERRED:
                if asks_for_less(outcome.code, outcome.reply):
                    self._round.pace.put_off(domain, now=time.monotonic())
            case Fate.LOST | Fate.RELAY_FAULT:
                if asks_for_less(outcome.code, outcome.reply):
                    self._round.pace.relay_put_off(now=time.monotonic())
                self._return(held, outcome)
                self._pause = self._backoff.failed(asked=outcome.wait)
                return
            case Fate.REJECTED | Fate.IN_DOUBT:
                pass
        self._round.answered()
        if self._round.refusals.keeps(held, outcome):
            self._book.keep_back(held, outcome)
            if self._round.refusals.are_of_everybody:
                self._round.halt.set()
        else:
            self._book.end(held, outcome)
        if not (self._transport is not None and self._transport.is_usable):
            self._pause = self._backoff.failed(asked=outcome.wait)

    def _accepted(self, domain: str) -> None:
        self._round.accepted += 1
        self._round.pace.accepted(domain)
        self._backoff.succeeded()
        for refused, outcome in self._round.refusals.accepted():
            self._book.end(refused, outcome)

    def _return(self, held: Held, outcome: Outcome) -> None:
        """Put a letter back that nobody minds but the relay; end it when it comes back again and again.

        A letter that ends every connection must not hold up everybody else for ever. It is only held against
        the reader when the relay takes other letters, or when it was tried often enough.
        """
        self._round.returns[held.id] += 1
        returns = self._round.returns[held.id]
        is_refusal = outcome.code is not None and 500 <= outcome.code <= 599
        works_otherwise = self._round.accepted > 0 and returns > 1
        if works_otherwise or (returns >= MOST_RETURNS and not is_refusal):
            fate = Fate.REJECTED if is_refusal else Fate.DEFERRED
            self._book.end(held, Outcome(fate, outcome.code, outcome.reply, outcome.wait))
        else:
            self._book.came_back(held, outcome)
        # Where the server takes other letters, one connection was lost and no more should be said.
        what = "A connection to the mail server failed" if self._round.accepted else _UNUSABLE
        self._round.faulted(f"{what}: {outcome.code or ''} {outcome.reply}".strip())
