"""One connection's way through the letters: take a row, look once more, hand it over, tell how it ended."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from newsletter.addressing import domain_of, return_address
from newsletter.bookkeeping import Bookkeeper, LeaseLost
from newsletter.claims import Held, Permission
from newsletter.links import Purpose, make_token
from newsletter.message import EncodedEdition, Recipient, letter_bytes
from newsletter.office import PostOffice
from newsletter.pace import Backoff, Pace
from newsletter.transport import (
    Fate,
    Outcome,
    Parcel,
    Relay,
    RelayFaultError,
    SigningInRefused,
    Transport,
)

# A letter that came back this often is the reader's matter, whatever the relay says.
MOST_RETURNS: Final = 3
_NOT_READY_SECONDS: Final = 0.05
_UNUSABLE: Final = "The mail server cannot be used"

_INTERRUPTED: Final = Outcome(Fate.IN_DOUBT, None, "the sending was stopped before the server answered")


@dataclass(slots=True)
class Round:
    """What the lanes of one sending share.

    `patience` is how long, in seconds, the relay may take no letter at all before the round is given up.
    """

    pace: Pace
    patience: float
    halt: asyncio.Event = field(default_factory=asyncio.Event)
    fault: str | None = None
    is_late: bool = False
    accepted: int = 0
    returns: Counter[int] = field(default_factory=Counter)
    last_word: float = field(default_factory=time.monotonic)

    def answered(self) -> None:
        """Note that the relay does its work, whatever it said of a reader."""
        self.last_word = time.monotonic()
        self.fault = None

    def faulted(self, reason: str) -> None:
        """Note the relay's fault; after too long without an answer, end the round."""
        self.fault = reason
        if time.monotonic() - self.last_word > self.patience:
            self.halt.set()

    async def rest(self, seconds: float) -> None:
        """Pause, or until the round halts."""
        try:
            await asyncio.wait_for(self.halt.wait(), seconds)
        except TimeoutError:
            return


class Lane:
    """One connection, opened when there is something to send, opened anew after a pause when it is lost."""

    def __init__(
        self,
        office: PostOffice,
        *,
        relay: Relay,
        book: Bookkeeper,
        shared: Round,
        editions: Mapping[str, EncodedEdition],
    ) -> None:
        """Take what all lanes of a sending share."""
        self._office = office
        self._relay = relay
        self._book = book
        self._round = shared
        self._editions = editions
        self._backoff = Backoff()
        self._transport: Transport | None = None
        self._is_turned_away = False

    async def run(self) -> None:
        """Send until nothing is left that may start, the round halts, or the server will not have us in."""
        try:
            while not (self._round.halt.is_set() or self._is_turned_away):
                held = await self._book.take(self._is_ready)
                if held is not None:
                    await self._try(held)
                elif self._book.is_waiting:
                    await self._round.rest(_NOT_READY_SECONDS)
                else:
                    break
        finally:
            if self._transport is not None:
                await self._transport.close()

    def _is_ready(self, held: Held) -> bool:
        return self._round.pace.wait(domain_of(held.address), now=time.monotonic()) == 0

    async def _try(self, held: Held) -> None:
        """See one row through: it ends, or it is put back."""
        try:
            transport = await self._connected()
            permission = await self._book.permission(held) if transport is not None else None
            if transport is None or permission is None:
                self._book.put_back(held)
            elif permission is Permission.GRANTED:
                self._round.pace.started(domain_of(held.address), now=time.monotonic())
                outcome = await transport.deliver(
                    self._parcel(held), on_wire=lambda: self._book.touch_wire(held)
                )
                await self._settle(held, outcome)
            else:
                self._withhold(held, permission)
        except LeaseLost:
            self._book.put_back(held)
        except BaseException:
            # Cancelled, or the books cannot be kept. The journal knows how far the letter came.
            if self._book.has_touched_wire(held):
                self._book.end(held, _INTERRUPTED)
            raise

    def _withhold(self, held: Held, permission: Permission) -> None:
        match permission:
            case Permission.READER_LEFT:
                self._book.end(held, None)
            case Permission.NOT_OURS:
                self._book.forget(held)
            case _:
                self._round.is_late = permission is Permission.TOO_LATE
                self._round.halt.set()
                self._book.put_back(held)

    async def _connected(self) -> Transport | None:
        """Return the open connection, opening it first; None after a failure, when the pause is over."""
        if self._transport is not None and self._transport.is_usable:
            return self._transport
        try:
            self._transport = await self._relay.connect()
        except SigningInRefused as refusal:
            # To wait here would take longer than anybody's patience; lanes that are signed in go on.
            self._transport, self._is_turned_away = None, True
            self._round.faulted(str(refusal))
            return None
        except RelayFaultError as fault:
            self._transport = None
            self._round.faulted(str(fault))
            await self._round.rest(self._backoff.failed(asked=fault.wait))
            return None
        return self._transport

    async def _settle(self, held: Held, outcome: Outcome) -> None:
        domain = domain_of(held.address)
        match outcome.fate:
            case Fate.ACCEPTED:
                self._round.accepted += 1
                self._round.pace.accepted(domain)
                self._backoff.succeeded()
            case Fate.DEFERRED:
                self._round.pace.put_off(domain, now=time.monotonic())
            case Fate.LOST | Fate.RELAY_FAULT:
                self._return(held, outcome)
                await self._round.rest(self._backoff.failed(asked=outcome.wait))
                return
            case Fate.REJECTED | Fate.IN_DOUBT:
                pass
        self._round.answered()
        self._book.end(held, outcome)
        if not (self._transport is not None and self._transport.is_usable):
            await self._round.rest(self._backoff.failed(asked=outcome.wait))

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

    def _parcel(self, held: Held) -> Parcel:
        keys = self._office.keys
        reader = held.subscriber_id or 0
        recipient = Recipient(
            address=held.address,
            message_id=held.message_id,
            unsubscribe=make_token(keys, Purpose.UNSUBSCRIBE, row=reader, address_key=held.address_key),
            preferences=make_token(
                keys, Purpose.PREFERENCES, row=reader, address_key=held.address_key, epoch=held.link_epoch
            ),
        )
        return Parcel(
            sender=self._return_address(held),
            recipient=held.address,
            envelope_id=f"d{held.id}",
            letter=letter_bytes(self._editions[held.language], recipient),
        )

    def _return_address(self, held: Held) -> str:
        domain = self._office.bounce_domain
        if not domain:
            return self._office.letterhead.sender_address
        return return_address(self._office.keys, delivery_id=held.id, domain=domain)
