"""aiosmtplib at its best: a pool of connections, and bytes that are ready to be sent."""

import asyncio
import time

import aiosmtplib

from benchmarks.senders.order import Order, told


async def _send(order: Order) -> float:
    left = iter(range(order.letters))
    head = b"From: highlights@iscm.example\r\nSubject: ISCM Highlights 2026\r\n"
    body = b"\r\n" + order.text.encode()

    async def lane() -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=order.port, start_tls=False, use_tls=False)
        async with client:
            for number in left:
                reader = f"reader{number}@example.org"
                await client.sendmail("b@iscm.example", [reader], head + f"To: {reader}\r\n".encode() + body)

    begun = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(order.connections)))
    return time.perf_counter() - begun


if __name__ == "__main__":
    told(asyncio.run(_send(Order.given())))
