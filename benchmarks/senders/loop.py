"""aiosmtplib as its manual shows it: one connection, an EmailMessage built for each reader and awaited."""

import asyncio
import time
from email.message import EmailMessage

import aiosmtplib

from benchmarks.senders.order import Order, told


async def _send(order: Order) -> float:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=order.port, start_tls=False, use_tls=False)
    begun = time.perf_counter()
    async with client:
        for number in range(order.letters):
            message = EmailMessage()
            message["From"] = "highlights@iscm.example"
            message["To"] = f"reader{number}@example.org"
            message["Subject"] = "ISCM Highlights 2026"
            message.set_content(order.text)
            await client.send_message(message)
    return time.perf_counter() - begun


if __name__ == "__main__":
    told(asyncio.run(_send(Order.given())))
