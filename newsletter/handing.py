"""A few letters handed over at once, outside of any sending."""

from collections.abc import Sequence

from newsletter.transport import Fate, Outcome, Parcel, Relay


async def hand_over(parcels: Sequence[Parcel], *, relay: Relay) -> list[Outcome]:
    """Hand letters over one connection and say how each ended. Raises RelayFaultError when there is none."""
    transport = await relay.connect()
    outcomes = []
    try:
        for parcel in parcels:
            if transport.is_usable:
                outcomes.append(await transport.deliver(parcel, on_wire=lambda: None))
            else:
                outcomes.append(Outcome(Fate.LOST, None, "the connection was lost before this letter"))
    finally:
        await transport.close()
    return outcomes
