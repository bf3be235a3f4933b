"""A few letters handed over at once, outside of any sending."""

from collections.abc import Callable, Sequence

from newsletter.transport import Fate, Outcome, Parcel, Relay


async def hand_over(
    parcels: Sequence[Parcel], *, relay: Relay, on_wire: Callable[[], None] = lambda: None
) -> list[Outcome]:
    """Hand letters over one connection and say how each ended. Raises RelayFaultError when there is none.

    `on_wire` is called before the first byte of each; what it raises ends it, and that letter does not leave.
    """
    transport = await relay.connect()
    outcomes = []
    try:
        for parcel in parcels:
            if transport.is_usable:
                outcomes.append(await transport.deliver(parcel, on_wire=on_wire))
            else:
                outcomes.append(Outcome(Fate.LOST, None, "the connection was lost before this letter"))
    finally:
        await transport.close()
    return outcomes
