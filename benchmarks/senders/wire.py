"""Our conversation with the server alone: ready bytes, chained where it is offered, and no account kept."""

import asyncio
import time

from benchmarks.senders.order import Order, told
from newsletter.relay import SmtpRelay
from newsletter.transport import Fate, Parcel


async def _send(order: Order) -> float:
    left = iter(range(order.letters))
    head = b"From: highlights@iscm.example\r\nSubject: ISCM Highlights 2026\r\n"
    body = b"\r\n" + order.text.encode()
    relay = SmtpRelay.from_url(f"smtp://127.0.0.1:{order.port}?starttls=never")

    def following() -> Parcel | None:
        number = next(left, None)
        if number is None:
            return None
        reader = f"reader{number}@example.org"
        letter = head + f"To: {reader}\r\n".encode() + body
        return Parcel(sender="b@iscm.example", recipient=reader, envelope_id=f"d{number}", letter=letter)

    async def lane() -> None:
        conversation = await relay.connect()
        parcel = following()
        while parcel is not None:
            outcome = await conversation.offer(parcel)
            after = following()
            if outcome is None:
                outcome = await conversation.hand_over(parcel, on_wire=lambda: None, following=after)
            if outcome.fate is not Fate.ACCEPTED:
                raise SystemExit(f"{outcome}")
            parcel = after
        await conversation.close()

    begun = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(order.connections)))
    return time.perf_counter() - begun


if __name__ == "__main__":
    told(asyncio.run(_send(Order.given())))
