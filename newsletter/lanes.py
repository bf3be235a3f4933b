"""All connections of one sending, side by side: begun together, ended together, nothing left behind."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from newsletter.bookkeeping import Bookkeeper
from newsletter.lane import Lane
from newsletter.message import EncodedEdition
from newsletter.office import PostOffice
from newsletter.packing import Packing
from newsletter.round import Round
from newsletter.transport import Relay

GRACE: Final = 6.0
"""How long, in seconds, letters in hand may take once the sending is to halt."""


async def run_lanes(
    office: PostOffice,
    *,
    relay: Relay,
    book: Bookkeeper,
    editions: Mapping[str, EncodedEdition],
    shared: Round,
) -> None:
    """Send what may be sent now, and close the book: no claim, no journal, no open connection is left.

    Raises what a lane or the bookkeeping raises, after everything is put in order.
    """
    packing = Packing(office, editions)
    book.on_claimed = packing.expect
    lanes = [Lane(relay=relay, book=book, shared=shared, packing=packing) for _ in range(relay.connections)]
    keeper = asyncio.create_task(book.keep())
    running = [asyncio.create_task(lane.run()) for lane in lanes]
    try:
        await _until_ended(running, keeper, shared.halt)
        _decide_refusals(relay, book, shared)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        book.stop_keeping()
        await asyncio.gather(keeper, return_exceptions=True)
        packing.close()
        await book.close()


async def _until_ended(
    lanes: Sequence[asyncio.Task[None]], keeper: asyncio.Task[None], halt: asyncio.Event
) -> None:
    """Wait for the lanes; once they are to halt, or one fails, only as long as a letter in hand may take."""
    halting = asyncio.create_task(halt.wait())
    try:
        waited: set[asyncio.Task[Any]] = {*lanes, keeper}
        while any(not lane.done() for lane in lanes) and not halt.is_set():
            done, waited = await asyncio.wait({*waited, halting}, return_when=asyncio.FIRST_COMPLETED)
            waited.discard(halting)
            if any(not task.cancelled() and task.exception() for task in done - {halting}):
                halt.set()
        if any(not lane.done() for lane in lanes):
            await asyncio.wait(lanes, timeout=GRACE)
    finally:
        halting.cancel()
    for task in (keeper, *lanes):
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error


def _decide_refusals(relay: Relay, book: Bookkeeper, shared: Round) -> None:
    """End what was refused for our sake; where everybody was, put it back: it is no reader's fault."""
    said = shared.refusals.words
    kept, everybody = shared.refusals.at_the_end()
    for held, outcome in kept:
        if everybody:
            book.put_back(held)
        else:
            book.end(held, outcome)
    if everybody:
        shared.fault = f"The mail server refuses every letter, whoever it is for, and says {said}"
        shared.halt.set()
        relay.turned_us_away(shared.fault)
